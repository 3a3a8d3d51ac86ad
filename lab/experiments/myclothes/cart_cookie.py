"""Carts in the visitor's own cookie: nothing to lose, and little room."""

import asyncio

from lab.experiments.myclothes.carts import claim_nothing_lost, while_an_instance_dies
from lab.experiments.myclothes.shop import APP, plentiful, shop
from lab.experiments.myclothes.shoppers import LINE
from lab.load.visitor import Visitor
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

MOST = 120


def body(its: Run[Stage]) -> Text:
    while_an_instance_dies(its)
    claim_nothing_lost(its)
    room, forged = asyncio.run(limits(its.ground))
    its.claim(
        Text("different pieces that fit into one cookie", "쿠키 하나에 들어가는 상품 가짓수"),
        room,
        at_least=10,
        at_most=MOST,
    )
    its.claim(Text("forged carts that were believed", "위조한 장바구니를 믿은 횟수"), forged, at_most=0)
    return Text(
        f"No cart was lost, for each browser has its own. {room} different pieces fit in, and of a changed cookie "
        "nothing "
        "is believed.",
        f"브라우저마다 장바구니를 갖고 있어 잃은 것이 없습니다. 상품은 {room}가지까지 들어가고, 바뀐 쿠키는 믿지 "
        "않습니다.",
    )


async def limits(stage: Stage) -> tuple[int, int]:
    """How many different pieces a cart takes, and how many of them are still there once the cookie was changed."""
    visitor = Visitor(0, stage.site(APP), [], [])
    room = 0
    for variant in plentiful(stage)[:MOST]:
        if (await visitor.post("/cart", {"variant": variant, "quantity": 1})).status != 303:
            break
        room += 1
    visitor.cookies = {name: forged(value) for name, value in visitor.cookies.items()}
    left = LINE.findall((await visitor.get("/cart")).text)
    visitor.leave()
    return room, len(left)


def forged(value: str) -> str:
    """The same with one letter changed in what is signed."""
    return ("a" if value[4:5] != "a" else "b").join((value[:4], value[5:]))


EXPERIMENT = Experiment(
    name="myclothes/cart-cookie",
    title=Text("Carts in the visitor's cookie", "손님 쿠키 속의 장바구니"),
    hypothesis=Text(
        "What each browser brings along survives any instance. A cookie holds 4 KB, so a cart has its limit, and it "
        "is signed, "
        "so nobody changes it.",
        "브라우저가 들고 다니는 것은 어떤 인스턴스가 죽어도 남는다. 쿠키는 4 KB라 한계가 있고, 서명되어 있어 아무도 "
        "못 바꾼다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=False),
    body=body,
    cures=("myclothes/cart-sticky-dies",),
)

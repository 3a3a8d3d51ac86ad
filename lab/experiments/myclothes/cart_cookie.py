"""Carts in the visitor's own cookie: nothing to lose, and little room."""

import asyncio

from apps.myclothes.cart.models import MOST_LINES
from lab.experiments.myclothes.carts import claim_nothing_lost, while_an_instance_dies
from lab.experiments.myclothes.shop import APP, plentiful, shop
from lab.experiments.myclothes.shoppers import LINE
from lab.load.visitor import Visitor
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

# What browsers keep of one cookie.
MOST_BYTES = 4096


def body(its: Run[Stage]) -> Text:
    while_an_instance_dies(its)
    claim_nothing_lost(its)
    room, size, believed = asyncio.run(limits(its.ground))
    its.claim(Text("different pieces that fit in", "들어가는 상품 가짓수"), room, at_least=MOST_LINES)
    its.claim(Text("bytes of that cookie", "그 쿠키의 바이트"), size, at_most=MOST_BYTES)
    its.claim(Text("pieces of a forged cart that were believed", "위조한 장바구니에서 믿은 상품"), believed, at_most=0)
    return Text(
        f"No cart was lost, for each browser has its own. The most that a cart takes, {room} different pieces, are "
        f"{size} of the {MOST_BYTES} bytes of a cookie; of a changed one nothing is believed.",
        f"브라우저마다 장바구니를 갖고 있어 잃은 것이 없습니다. 가장 큰 장바구니, 상품 {room}가지는 쿠키 "
        f"{MOST_BYTES}바이트 가운데 {size}바이트이고, 바뀐 쿠키는 믿지 않습니다.",
    )


async def limits(stage: Stage) -> tuple[int, int, int]:
    """The most pieces that fit in, the bytes of that cookie, and how many are still there once it was changed."""
    visitor = Visitor(0, stage.site(APP), [], [])
    room = 0
    for variant in plentiful(stage, least=1)[: MOST_LINES + 1]:
        if (await visitor.post("/cart", {"variant": variant, "quantity": 1})).status != 303:
            break
        room += 1
    size = max(len(name) + len(value) for name, value in visitor.cookies.items())
    visitor.cookies = {name: forged(value) for name, value in visitor.cookies.items()}
    left = LINE.findall((await visitor.get("/cart")).text)
    visitor.leave()
    return room, size, len(left)


def forged(value: str) -> str:
    """The same with one letter changed in what is signed."""
    return ("a" if value[4:5] != "a" else "b").join((value[:4], value[5:]))


EXPERIMENT = Experiment(
    name="myclothes/cart-cookie",
    title=Text("Carts in the visitor's cookie", "손님 쿠키 속의 장바구니"),
    hypothesis=Text(
        "What each browser brings along survives any instance. A cookie holds 4 KB, so a cart has its limit, and "
        "it is signed, so nobody changes it.",
        "브라우저가 들고 다니는 것은 어떤 인스턴스가 죽어도 남는다. 쿠키는 4 KB라 한계가 있고, 서명되어 있어 "
        "아무도 못 바꾼다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=False),
    body=body,
    cures=("myclothes/cart-sticky-dies",),
)

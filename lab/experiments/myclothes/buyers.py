"""People who buy: each order that was acknowledged is noted, by its number."""

import re
from collections.abc import Awaitable, Callable, Sequence
from itertools import cycle

from lab.experiments.myclothes.shop import APP, Catalogue, plentiful, sql
from lab.load.exchange import Response
from lab.load.openloop import Load, Script
from lab.load.visitor import Visitor
from lab.purchases import ADDRESS, CARD, HIDDEN
from lab.running.architecture import Stage
from lab.running.databases import writer
from lab.running.run import Run

ORDER = re.compile(r"/orders/([A-Z0-9-]+)")
SOLD_OUT = "sold out"
BUYERS, ORDERS_PER_SECOND, LOOKS_PER_SECOND = 41, 4.0, 8.0


class Buyer:
    """Puts one piece into the cart, asks for the total, and orders; gives up where that fails."""

    def __init__(self, visitor: Visitor, variants: Sequence[int]) -> None:
        self.visitor, self.variants = visitor, variants
        self.bought = 0

    async def __call__(self) -> None:
        piece = self.variants[(self.visitor.number + 7 * self.bought) % len(self.variants)]
        self.bought += 1
        answer = await self.visitor.post("/cart", {"variant": piece, "quantity": 1}, "add to cart")
        if answer.status == 303:
            quotation = await self.visitor.post("/checkout/quotation", ADDRESS | {"generation": 0}, "quotation")
            if quotation.status == 200:
                await self.order(dict(HIDDEN.findall(quotation.text)))
        elif answer.status == 409:
            self.visitor.complain(SOLD_OUT)

    async def order(self, quoted: dict[str, str]) -> Response:
        """Place the order for what was quoted; answers what the shop said."""
        answer = await self.visitor.post("/checkout", ADDRESS | quoted, "order")
        number = ORDER.match(answer.header("location"))
        if answer.status == 303 and number:
            self.visitor.confirm("order", number[1])
        elif answer.status == 409:
            self.visitor.complain(SOLD_OUT)
        return answer


class Payer(Buyer):
    """Pays at once, and is owed a receipt by mail."""

    async def order(self, quoted: dict[str, str]) -> Response:
        answer = await super().order(quoted)
        if answer.status == 303:
            paid = await self.visitor.post(answer.header("location"), {"card": CARD}, "payment")
            if paid.status == 303:
                self.visitor.confirm("payment", answer.header("location"))
        return answer


def looking(pages: Sequence[str]) -> Script:
    """The script of people who look at one product after another."""

    def script(visitor: Visitor) -> Callable[[], Awaitable[object]]:
        following = cycle([*pages[visitor.number % len(pages) :], *pages[: visitor.number % len(pages)]])
        return lambda: visitor.get(next(following), "product")

    return script


def buyers(stage: Stage, kind: type[Buyer] = Buyer) -> Load:
    """Some people who buy all the time; each order is three requests."""
    return Load(stage.site(APP, keeps=False), ORDERS_PER_SECOND, buying(plentiful(stage, least=10), kind), BUYERS)


def lookers(stage: Stage) -> Load:
    """People who only look."""
    return Load(stage.site(APP, keeps=False), LOOKS_PER_SECOND, looking(Catalogue(stage).products))


def buying(variants: Sequence[int], kind: type[Buyer] = Buyer) -> Script:
    """The script of such people."""
    return lambda visitor: kind(visitor, variants)


def acknowledged(its: Run[Stage]) -> list[str]:
    """The numbers of all orders that a buyer was told."""
    return [deed.what for deed in its.deeds if deed.kind == "order"]


def missing(its: Run[Stage], server: str = "") -> list[str]:
    """Those of them that the database does not know."""
    told = sql(its.ground, server or writer(its.ground), "SELECT number FROM orders")
    known = set(told.split())
    return [number for number in acknowledged(its) if number not in known]

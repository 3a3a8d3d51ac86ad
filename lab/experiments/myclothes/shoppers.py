"""People who fill a cart, and look at it again and again."""

import re
from collections.abc import Sequence

from lab.experiments.myclothes.shop import APP, plentiful
from lab.load.openloop import Load, Script
from lab.load.visitor import Visitor
from lab.running.architecture import Stage

LOST = "cart lost"
LINE = re.compile(r'action="/cart/(\d+)"')
# An odd number, or a balancer that takes two instances in turns would lead each of them to the same one for ever.
SHOPPERS, RATE = 61, 20.0


class Shopper:
    """Puts in one piece, or several with a look between any two; then only looks."""

    def __init__(self, visitor: Visitor, variants: Sequence[int], pieces: int) -> None:
        self.visitor = visitor
        first = visitor.number * pieces
        self.wanted = [variants[(first + place) % len(variants)] for place in range(pieces)]
        # What was acknowledged, and is known to be where it cannot be lost.
        self.confirmed: set[int] = set()
        self.looks_next = False

    async def __call__(self) -> None:
        if self.wanted and not self.looks_next:
            await self.add(self.wanted[0])
        else:
            await self.look()
        self.looks_next = bool(self.confirmed) and not self.looks_next

    async def add(self, variant: int) -> None:
        """Put one piece in."""
        answer = await self.visitor.post("/cart", {"variant": variant, "quantity": 1}, "add to cart")
        if answer.status == 303:
            self.wanted.pop(0)
            if "unconfirmed" not in answer.header("server-timing"):
                self.confirmed.add(variant)
                self.visitor.confirm("cart line", str(variant))

    async def look(self) -> None:
        """See whether all is there that was acknowledged."""
        page = await self.visitor.get("/cart", "cart")
        if page.status == 200 and self.confirmed - set(map(int, LINE.findall(page.text))):
            self.visitor.complain(LOST)


def shopping(variants: Sequence[int], pieces: int = 1) -> Script:
    """The script of such people."""
    return lambda visitor: Shopper(visitor, variants, pieces)


def shoppers(stage: Stage, pieces: int = 1) -> Load:
    """So many, each of whom comes every three seconds."""
    return Load(stage.site(APP, keeps=False), RATE, shopping(plentiful(stage), pieces), SHOPPERS)

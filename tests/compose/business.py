"""The shop and the journal in use, and what must be true of them afterwards."""

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from compose.control import Control, until
from lab.load.answers import Answers, Deed
from lab.load.openloop import Load, asking
from tests.compose.people import (
    Cart,
    ask,
    buying,
    filling,
    instances_that_serve,
    orders,
    signed_in,
    site,
    stock,
    uploading,
)

KINDS, PIECES, CARTS = 20, 100_000, 4
WRITES = ("carts", "orders", "uploads")
FINE = ("2", "3")
# Pictures that no run before has uploaded.
_seeds = itertools.count(int(time.time()))


@dataclass(frozen=True)
class Business:
    """What goes on: readers, carts that grow, orders, and uploads of an author who signed in once."""

    control: Control
    loads: dict[str, Load]
    carts: list[Cart]
    cookies: dict[str, str]

    def goes_on(self, seconds: float, more: int = 3) -> None:
        """Wait until so many more of everything were acknowledged; raises TimeoutError with what was answered."""
        before = self._done()
        try:
            until(
                lambda: all(count >= before[name] + more for name, count in self._done().items()),
                seconds,
                f"{more} more of everything",
            )
        except TimeoutError as error:
            answers = {name: dict(load.answers.outcomes) for name, load in self.loads.items()}
            raise TimeoutError(f"{error}: {before} became {self._done()}, by {answers}") from None

    def _done(self) -> dict[str, int]:
        return {
            "readers": len(self.loads["readers"].answers.where(lambda answer: answer.fine)),
            "carts": sum(cart.acknowledged for cart in self.carts),
            "orders": len(self.loads["orders"].deeds),
            "uploads": len(self.loads["uploads"].deeds),
        }

    def reads(self) -> Answers:
        return self.loads["readers"].answers

    def writes(self) -> Answers:
        return Answers([answer for name in WRITES for answer in self.loads[name].answers])

    def silence(self, since: float) -> float:
        """The longest time from then on in which no order was acknowledged, in seconds."""
        moments = [since, *sorted(deed.at for deed in self.loads["orders"].deeds if deed.at > since)]
        return max(later - earlier for earlier, later in itertools.pairwise(moments))

    def check_nothing_is_lost(self) -> None:
        """Carts, orders, uploads and the session are as they were acknowledged; no order is there twice."""
        for cart in self.carts:
            assert cart.confirmed <= cart.pieces() <= cart.tried
        kept = orders(self.control)
        acknowledged = {deed.what: deed.kind for deed in self.loads["orders"].deeds}
        assert {number: kept.get(number) for number in acknowledged} == acknowledged
        ours = Counter(name for name in kept.values() if name in set(acknowledged.values()))
        assert set(ours.values()) == {1}
        journal = site(self.control, "mywordpress")
        for deed in self._uploads():
            assert instances_that_serve(journal, deed.what, tries=2)
        assert ask(journal, "/posts", cookies=self.cookies).status == 200

    def _uploads(self) -> list[Deed]:
        return self.loads["uploads"].deeds


@contextmanager
def in_use(control: Control) -> Iterator[Business]:
    """Everything under load, and everybody served, for as long as the block lasts."""
    variants, carts = stock(control, KINDS, PIECES), list[Cart]()
    shop, journal = site(control, "myclothes"), site(control, "mywordpress")
    cookies = signed_in(journal)
    # Names of orders tell the runs apart.
    run = str(next(_seeds))
    loads = {
        "readers": Load(shop, 8.0, asking("/shelves/accessories")),
        "carts": Load(shop, 4.0, filling(carts, variants), CARTS),
        "orders": Load(shop, 1.0, buying(variants, run)),
        "uploads": Load(journal, 1.0, uploading(cookies, _seeds)),
    }
    with ExitStack() as open_now:
        for load in loads.values():
            open_now.enter_context(load)
        business = Business(control, loads, carts, cookies)
        business.goes_on(30)
        yield business

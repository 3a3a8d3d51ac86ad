"""Buyers who look at their order right after it was placed, while readers are a second behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from lab.experiments.myclothes.buyers import BUYERS, Buyer
from lab.experiments.myclothes.shop import APP, plentiful, sql
from lab.load.openloop import Load, Script
from lab.load.visitor import Visitor
from lab.purchases import ADDRESS
from lab.running.architecture import Stage
from lab.running.run import Run
from lab.texts import Text

READER, DELAY_SECONDS, ORDERS_PER_SECOND = "database-reader", 1, 4.0
UNSEEN = "own order unseen"
PIN = f"{APP}-pin"
BEHIND = Text("the reader is kept a second behind", "읽기 서버를 1초 늦춘다")


class Returning(Buyer):
    """Looks at the order at once; whoever forgets the pin is a visitor of a site that has no such thing."""

    def __init__(self, visitor: Visitor, variants: list[int], *, keeps_pin: bool) -> None:
        super().__init__(visitor, variants)
        self.keeps_pin = keeps_pin

    async def order(self, quoted: dict[str, str]) -> None:
        answer = await self.visitor.post("/checkout", ADDRESS | quoted, "order")
        if answer.status != 303:
            return
        if not self.keeps_pin:
            self.visitor.cookies.pop(PIN, None)
        seen = await self.visitor.get(answer.header("location"), "own order")
        if seen.status == 404:
            self.visitor.complain(UNSEEN)


def returning(variants: list[int], *, keeps_pin: bool) -> Script:
    """The script of such people."""
    return lambda visitor: Returning(visitor, variants, keeps_pin=keeps_pin)


@contextmanager
def behind(stage: Stage) -> Iterator[None]:
    """The reader applies everything a second late, which is not late enough to be taken out of rotation."""
    try:
        _delay(stage, DELAY_SECONDS)
        yield
    finally:
        _delay(stage, 0)


def orders_unseen(its: Run[Stage], *, keeps_pin: bool) -> tuple[int, int]:
    """How many looked at their own order while the reader was behind, and how many of them did not find it."""
    stage = its.ground
    script = returning(plentiful(stage, least=10), keeps_pin=keeps_pin)
    with its.load(Load(stage.site(APP, keeps=False), ORDERS_PER_SECOND, script, BUYERS)):
        its.wait(4)
        with its.fault(BEHIND, behind(stage)):
            its.wait(15)
    (fault,) = its.marks
    looked = its.answers.asked("own order").between(fault.since + DELAY_SECONDS, fault.until or 0)
    return len(looked), len(looked.where(lambda answer: answer.outcome == UNSEEN))


def _delay(stage: Stage, seconds: int) -> None:
    sql(stage, READER, f"STOP SLAVE; CHANGE MASTER TO MASTER_DELAY = {seconds:d}; START SLAVE")

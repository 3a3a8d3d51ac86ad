"""Customers who change their profile and look at it right after, while readers are a second behind."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from lab.experiments.myclothes.shop import APP, sql
from lab.load.openloop import Load, Script
from lab.load.visitor import Visitor
from lab.running.architecture import Stage
from lab.running.run import Run
from lab.texts import Text

READER, DELAY_SECONDS = "database-reader", 1
# No more may sign up from one address within an hour.
CUSTOMERS, RATE = 8, 4.0
UNSEEN = "own change unseen"
PIN = f"{APP}-pin"
NAME_FIELD = re.compile(r'<input[^>]*\bname="name"[^>]*>')
BEHIND = Text("the reader is kept a second behind", "읽기 서버를 1초 늦춘다")


class Customer:
    """Signs up first; whoever forgets the pin is a visitor of a site that has no such thing."""

    def __init__(self, visitor: Visitor, *, keeps_pin: bool) -> None:
        self.visitor, self.keeps_pin = visitor, keeps_pin
        self.changes = 0
        self.is_known = False

    async def __call__(self) -> None:
        if self.is_known:
            await self.change_and_look()
        else:
            await self.sign_up()

    async def sign_up(self) -> None:
        """Become a customer, whom no earlier run has known."""
        email = f"customer-{self.visitor.number}-{id(self)}@example.org"
        form = {"name": "A Customer", "email": email, "password": f"a password of {email}"}
        self.is_known = (await self.visitor.post("/sign-up", form, "sign up")).status == 303

    async def change_and_look(self) -> None:
        """Take another name, and see whether it is there."""
        self.changes += 1
        name = f"Customer {self.visitor.number} the {self.changes}th"
        changed = await self.visitor.post("/account/profile", {"name": name, "language": "en"}, "change")
        if changed.status != 303:
            return
        if not self.keeps_pin:
            self.visitor.cookies.pop(PIN, None)
        page = await self.visitor.get("/account/profile", "own profile")
        field = NAME_FIELD.search(page.text)
        if page.status == 200 and f'value="{name}"' not in (field[0] if field else ""):
            self.visitor.complain(UNSEEN)


def returning(*, keeps_pin: bool) -> Script:
    """The script of such people."""
    return lambda visitor: Customer(visitor, keeps_pin=keeps_pin)


@contextmanager
def behind(stage: Stage) -> Iterator[None]:
    """The reader applies everything a second late, which is not late enough to be taken out of rotation."""
    try:
        _delay(stage, DELAY_SECONDS)
        yield
    finally:
        _delay(stage, 0)


def changes_unseen(its: Run[Stage], *, keeps_pin: bool) -> tuple[int, int]:
    """How many looked at their own change while the reader was behind, and how many of them did not find it."""
    stage = its.ground
    with its.load(Load(stage.site(APP, keeps=False), RATE, returning(keeps_pin=keeps_pin), CUSTOMERS)):
        its.wait(6)
        with its.fault(BEHIND, behind(stage)):
            its.wait(18)
    (fault,) = its.marks
    looked = its.answers.asked("own profile").between(fault.since + 2 * DELAY_SECONDS, fault.until or 0)
    return len(looked), len(looked.where(lambda answer: answer.outcome == UNSEEN))


def _delay(stage: Stage, seconds: int) -> None:
    sql(stage, READER, f"STOP SLAVE; CHANGE MASTER TO MASTER_DELAY = {seconds:d}; START SLAVE")

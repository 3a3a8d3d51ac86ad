"""A gateway of our own that moves no money and fails on demand. Its book is a table that only it reads and writes."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import String, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact, now
from apps.chassis.database import Database, UtcDateTime
from apps.chassis.transactions import apart
from apps.myclothes.models import Base
from apps.myclothes.payments.cards import CARDS
from apps.myclothes.payments.gateway import Entry, GatewayTimeout
from apps.myclothes.payments.models import Outcome

LATE = timedelta(seconds=20)
REFUND_LOST = "the answer to a refund is lost"


class GatewayEntry(Base):
    """A charge or a refund in the test gateway's book, under the key that the shop gave it."""

    __tablename__ = "test_gateway_entries"

    key: Mapped[str] = mapped_column(exact(64), primary_key=True)
    reference: Mapped[str] = mapped_column(exact(64), unique=True)
    # For a refund, the reference of its charge.
    charge: Mapped[str | None] = mapped_column(exact(64), index=True)
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def told(self) -> Entry:
        """The entry as the shop is told about it."""
        return Entry(
            key=self.key,
            reference=self.reference,
            amount_cents=self.amount_cents,
            currency=self.currency,
            outcome=Outcome(self.outcome),
            reason="" if self.reason == REFUND_LOST else self.reason,
        )


class TestGateway:
    """Knows only the cards of `CARDS`. Each call is a transaction of its own, as with a gateway far away.

    `notify` is called with each entry to tell the shop about, before `charge` answers.
    """

    def __init__(self, database: Database, notify: Callable[[Entry], object] = lambda _: None) -> None:
        self.database = database
        self.notify = notify

    def charge(self, key: str, amount_cents: int, currency: str, card: str) -> Entry:
        """See `Gateway`. Raises KeyError for a card that is not of the list."""
        known = CARDS[card]
        if known.is_lost_before:
            raise GatewayTimeout(f"{key} got lost on its way")
        entry = self._enter(
            key,
            amount_cents=amount_cents,
            currency=currency,
            outcome=known.outcome,
            reason=REFUND_LOST if known.is_lost_at_refund else known.reason,
        )
        if known.is_lost_after:
            raise GatewayTimeout(f"the answer about {key} got lost")
        for _ in range(known.notifications):
            self.notify(entry)
        return entry

    def find(self, key: str) -> Entry | None:
        """See `Gateway`."""

        def look(db: Session) -> Entry | None:
            _decide(db, key)
            found = db.get(GatewayEntry, key)
            return found.told() if found and found.charge is None else None

        return apart(self.database, look)

    def refund(self, key: str, charge_reference: str, amount_cents: int) -> Entry:
        """See `Gateway`."""

        def enter(db: Session) -> tuple[Entry, bool]:
            # Locked until the commit, and before anything is read: two refunds of one charge must not both fit into
            # what is left.
            same = GatewayEntry.reference == charge_reference
            charge = db.scalars(select(GatewayEntry).where(same).with_for_update()).one()
            known = db.get(GatewayEntry, key)
            if known is not None:
                return known.told(), False
            entry = _repaid(charge, key, amount_cents, amount_cents + _went_back(db, charge) > charge.amount_cents)
            db.add(entry)
            return entry.told(), charge.reason == REFUND_LOST

        entry, is_lost = apart(self.database, enter)
        if is_lost:
            raise GatewayTimeout(f"the answer about {key} got lost")
        return entry

    def find_refund(self, key: str) -> Entry | None:
        """See `Gateway`."""

        def look(db: Session) -> Entry | None:
            found = db.get(GatewayEntry, key)
            return found.told() if found and found.charge is not None else None

        return apart(self.database, look)

    def _enter(self, key: str, **values: object) -> Entry:
        def enter(db: Session) -> Entry:
            entry = GatewayEntry(key=key, reference=_reference(), charge=None, entered_at=now(), **values)
            db.add(entry)
            db.flush()
            return entry.told()

        try:
            return apart(self.database, enter)
        except IntegrityError:
            known = self.find(key)
            if known is None:
                raise
            return known


def _decide(db: Session, key: str) -> None:
    """Its bank has had time enough."""
    late = (GatewayEntry.key == key) & (GatewayEntry.outcome == Outcome.UNKNOWN)
    due = late & (GatewayEntry.entered_at < now() - LATE)
    db.execute(update(GatewayEntry).where(due).values(outcome=Outcome.SUCCEEDED))


def _repaid(charge: GatewayEntry, key: str, amount_cents: int, is_too_much: bool) -> GatewayEntry:
    return GatewayEntry(
        key=key,
        reference=_reference(),
        charge=charge.reference,
        amount_cents=amount_cents,
        currency=charge.currency,
        outcome=Outcome.DECLINED if is_too_much or charge.outcome != Outcome.SUCCEEDED else Outcome.SUCCEEDED,
        reason="more than was charged" if is_too_much else "",
        entered_at=now(),
    )


def _went_back(db: Session, charge: GatewayEntry) -> int:
    ours = (GatewayEntry.charge == charge.reference) & (GatewayEntry.outcome == Outcome.SUCCEEDED)
    return db.scalars(select(func.coalesce(func.sum(GatewayEntry.amount_cents), 0)).where(ours)).one()


def _reference() -> str:
    return f"test-{secrets.token_hex(12)}"

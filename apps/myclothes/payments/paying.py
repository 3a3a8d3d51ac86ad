"""From an order to its payment: one try at a time, and one success for each order, whatever happens to the answers."""

import logging

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.languages import later
from apps.myclothes.orders.models import Order, State
from apps.myclothes.orders.states import pay
from apps.myclothes.payments.gateway import Entry
from apps.myclothes.payments.models import Outcome, Payment
from apps.myclothes.payments.refunds import locked, send_back

NEVER_ARRIVED = "never arrived"
PAID_ALREADY = later("the order was paid already")
ENDED_ALREADY = later("the order had ended already")

log = logging.getLogger(__name__)


class Mismatch(Exception):
    """The gateway speaks of another sum, or of another payment, so nothing that it says about this one is believed."""


def begin(db: Session, order_id: int) -> Payment | None:
    """A new try to pay the order; None if it waits for no payment any more, or another try has no answer yet."""
    order = locked(db, order_id)
    if order.state != State.PLACED or (order.expires_at is not None and order.expires_at <= now()):
        return None
    # Counted behind the order's lock, so that two clicks are one try.
    tries = db.scalars(select(Payment.outcome).where(Payment.order_id == order.id)).all()
    if Outcome.UNKNOWN in tries:
        return None
    payment = _try(order, len(tries) + 1)
    db.add(payment)
    db.flush()
    return payment


def latest(db: Session, order_id: int) -> Payment | None:
    """The newest try."""
    tries = select(Payment).where(Payment.order_id == order_id).order_by(Payment.id.desc())
    return db.scalars(tries.limit(1)).first()


def settle(db: Session, payment: Payment, entry: Entry) -> None:
    """Note what became of the payment; heard twice, or in another order, it makes no difference. Raises Mismatch.

    The order is paid by its first success. Any other, also for an order that has ended meanwhile, goes back.
    """
    if (entry.amount_cents, entry.currency) != (payment.amount_cents, payment.currency):
        raise Mismatch(f"{payment.key}: {entry.amount_cents} {entry.currency} is not what we asked for")
    order = locked(db, payment.order_id)
    match entry.outcome:
        case Outcome.SUCCEEDED:
            _succeed(db, order, payment, entry)
        case Outcome.DECLINED:
            _note(db, payment, Outcome.DECLINED, entry.reference, entry.reason)


def hear(db: Session, entry: Entry) -> bool:
    """Note what the gateway tells by itself; False for a payment that is not ours. Raises Mismatch."""
    payment = db.scalars(select(Payment).where(Payment.key == entry.key)).first()
    if payment is not None:
        settle(db, payment, entry)
    return payment is not None


def give_up(db: Session, payment: Payment) -> None:
    """The gateway has never heard of it. Should it still arrive there, `settle` takes that success as any other."""
    locked(db, payment.order_id)
    _note(db, payment, Outcome.DECLINED, None, NEVER_ARRIVED)


def _succeed(db: Session, order: Order, payment: Payment, entry: Entry) -> None:
    if not _note(db, payment, Outcome.SUCCEEDED, entry.reference, ""):
        return
    if pay(db, order):
        return
    log.warning("payment %s came for an order that is %s, so it goes back", payment.key, order.state)
    db.execute(update(Payment).where(Payment.id == payment.id).values(outcome=Outcome.SURPLUS))
    send_back(db, payment, payment.amount_cents, PAID_ALREADY if order.paid_at else ENDED_ALREADY)


def _note(db: Session, payment: Payment, outcome: Outcome, reference: str | None, reason: str) -> bool:
    """Whether this is news. A success is final; what was given up may still succeed."""
    before = [Outcome.UNKNOWN, Outcome.DECLINED] if outcome == Outcome.SUCCEEDED else [Outcome.UNKNOWN]
    fresh = update(Payment).where(Payment.id == payment.id, Payment.outcome.in_(before))
    values = {"outcome": outcome, "reference": reference, "reason": reason[:200], "settled_at": now()}
    try:
        noted = db.execute(fresh.values(values), execution_options={"synchronize_session": False})
    except IntegrityError as error:
        raise Mismatch(f"{payment.key}: {reference} is another payment's") from error
    assert isinstance(noted, CursorResult)
    db.expire(payment)
    return noted.rowcount == 1


def _try(order: Order, number: int) -> Payment:
    return Payment(
        order_id=order.id,
        key=f"{order.number}-{number}",
        amount_cents=order.total_cents,
        currency=order.currency,
        outcome=Outcome.UNKNOWN,
        reason="",
        created_at=now(),
    )

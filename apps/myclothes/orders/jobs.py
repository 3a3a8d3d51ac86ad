"""Receipts: one mail per order, sent by the worker."""

import logging
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import selectinload

from apps.chassis.columns import now
from apps.chassis.jobs import Jobs, Work
from apps.chassis.mail import MailRefused
from apps.myclothes.orders.models import Order
from apps.myclothes.orders.receipts import receipt

GRACE = timedelta(minutes=1)
# Longer than a mail server may keep us waiting.
LEASE = timedelta(minutes=2)
SLOWEST_SECONDS = 15.0
MOST_AT_ONCE = 100

jobs = Jobs()
log = logging.getLogger(__name__)


@jobs.job("send_receipt", deadline_seconds=60)
def send_receipt(work: Work, order_id: int) -> None:
    """Send the receipt, unless it was sent or is being sent; a repeat after a crash carries the same Message-ID."""
    order = claim(work, order_id)
    if order is not None:
        send(work, order)


@jobs.cadence("/every/minute")
def send_missing_receipts(work: Work) -> None:
    """Send what no job has sent within a minute, however its message was lost; one that fails stops no other."""
    with work.transaction() as db:
        waiting = select(Order.id).where(is_missing(), Order.placed_at < now() - GRACE)
        missing = db.scalars(waiting.order_by(Order.id).limit(MOST_AT_ONCE)).all()
    for order_id in missing:
        if work.remaining_seconds < SLOWEST_SECONDS:
            return
        try:
            send_receipt(work, order_id)
        except Exception:
            log.exception("the receipt of order %s could not be sent; it is tried again in a minute", order_id)


def claim(work: Work, order_id: int) -> Order | None:
    """The order, if its receipt is missing and nobody else is sending it; then nobody else will for two minutes."""
    ours = update(Order).where(Order.id == order_id, is_missing()).values(receipt_claimed_until=now() + LEASE)
    with work.transaction() as db:
        claimed = db.execute(ours, execution_options={"synchronize_session": False})
        assert isinstance(claimed, CursorResult)
        if claimed.rowcount != 1:
            return None
        return db.get(Order, order_id, options=[selectinload(Order.lines)])


def send(work: Work, order: Order) -> None:
    """Hand the receipt over and mark it as sent; one that is refused for good is marked so, not tried for ever."""
    try:
        work.mailer.send(receipt(order, work.settings.public_url))
    except MailRefused as error:
        log.warning("the receipt of order %s was refused: %s", order.number, error)
        mark(work, order, receipt_refused_at=now())
    except BaseException:
        mark(work, order)
        raise
    else:
        mark(work, order, receipt_sent_at=now())


def mark(work: Work, order: Order, **outcome: object) -> None:
    """Note the outcome, if there is one, and end the claim."""
    with work.transaction() as db:
        db.execute(update(Order).where(Order.id == order.id).values(receipt_claimed_until=None, **outcome))


def is_missing() -> ColumnElement[bool]:
    free = or_(Order.receipt_claimed_until.is_(None), Order.receipt_claimed_until < now())
    return and_(Order.receipt_sent_at.is_(None), Order.receipt_refused_at.is_(None), free)

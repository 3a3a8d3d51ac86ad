"""Receipts: one mail per order, sent by the worker."""

import logging
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from apps.chassis.jobs import Jobs, Work
from apps.chassis.mail import MailRefused
from apps.myclothes.models import now
from apps.myclothes.orders.models import Order
from apps.myclothes.orders.receipts import receipt

GRACE = timedelta(minutes=1)
MOST_AT_ONCE = 100

jobs = Jobs()
log = logging.getLogger(__name__)


@jobs.job("send_receipt", deadline_seconds=60)
def send_receipt(work: Work, order_id: int) -> None:
    """Send the receipt unless it was sent; a repeat in between carries the same Message-ID."""
    order = work.db.get(Order, order_id, options=[selectinload(Order.lines)])
    if order is None:
        log.warning("there is no order %s to send a receipt for", order_id)
    elif order.receipt_sent_at is None and order.receipt_refused_at is None:
        send(work, order)


@jobs.cadence("/every/minute")
def send_missing_receipts(work: Work) -> None:
    """Send what no job has sent within a minute, however its message was lost."""
    missing = (
        select(Order)
        .where(Order.receipt_sent_at.is_(None), Order.receipt_refused_at.is_(None))
        .where(Order.placed_at < now() - GRACE)
        .order_by(Order.id)
        .limit(MOST_AT_ONCE)
    )
    for order in work.db.scalars(missing.options(selectinload(Order.lines))).all():
        if work.remaining_seconds < 15:
            return
        send(work, order)


def send(work: Work, order: Order) -> None:
    """Hand the receipt over and mark it as sent; one that is refused for good is marked so, not tried for ever."""
    marked = update(Order).where(Order.id == order.id, Order.receipt_sent_at.is_(None))
    try:
        work.mailer.send(receipt(order, work.settings.public_url))
    except MailRefused as error:
        log.warning("the receipt of order %s was refused: %s", order.number, error)
        work.db.execute(marked.values(receipt_refused_at=now()))
        return
    work.db.execute(marked.values(receipt_sent_at=now()))

"""Looks for receipts that are owed and were never asked for."""

from datetime import timedelta

from sqlalchemy import exists, select

from apps.chassis.columns import now
from apps.chassis.jobs import Jobs, Work
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.models import Order
from apps.myclothes.orders.states import owe_receipt

MOST_AT_ONCE = 100
# How far back it looks, so that a shop with many years of orders is not read through each minute.
LONGEST_AWAY = timedelta(days=7)

jobs = Jobs()


@jobs.cadence("/every/minute")
def owe_missing_receipts(work: Work) -> None:
    """Owe the receipt of every order that is paid and has none, whichever way it came to be paid."""
    owed = exists().where(Letter.kind == "receipt", Letter.about == Order.number)
    paid = select(Order).where(Order.paid_at > now() - LONGEST_AWAY, Order.email != "", ~owed).order_by(Order.paid_at)
    for order in work.db.scalars(paid.limit(MOST_AT_ONCE)).all():
        owe_receipt(work.db, order)

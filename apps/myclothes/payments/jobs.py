"""What the worker does about money: it asks for outcomes that are missing, so nothing depends on one answer."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from apps.chassis.cache import Cache
from apps.chassis.columns import now
from apps.chassis.database import Database
from apps.chassis.jobs import Jobs, Work
from apps.chassis.transactions import apart
from apps.myclothes.orders import states
from apps.myclothes.orders.models import Order, State
from apps.myclothes.payments import asking, reports
from apps.myclothes.payments.models import Outcome, Payment, Refund
from apps.myclothes.payments.renewal import renew_pages
from apps.myclothes.payments.testgateway import TestGateway

# Until then whoever sent it is waiting for the answer themselves.
GRACE = timedelta(seconds=15)
# A bank that has not decided by then holds no pieces back any longer; should it decide after all, the money goes back.
LONGEST_DOUBT = timedelta(hours=2)
SLOWEST_SECONDS = 15.0
MOST_AT_ONCE = 100

jobs = Jobs()
log = logging.getLogger(__name__)


@jobs.job("settle_payment", deadline_seconds=60)
def settle_payment(work: Work, payment_id: int) -> None:
    """Ask what became of a payment, unless that is known."""
    asking.ask(_database(work), TestGateway(_database(work)), payment_id)


@jobs.job("do_refund", deadline_seconds=60)
def do_refund(work: Work, refund_id: int) -> None:
    """Give back what is owed, unless that was done."""
    asking.repay(_database(work), TestGateway(_database(work)), refund_id)


@jobs.cadence("/every/minute")
def settle_unknown_payments(work: Work) -> None:
    """Ask about every payment whose answer was lost, or whose sender died."""
    unknown = select(Payment.id).where(Payment.outcome == Outcome.UNKNOWN, Payment.created_at < now() - GRACE)
    each(work, unknown, lambda payment_id: settle_payment(work, payment_id))


@jobs.cadence("/every/minute")
def do_owed_refunds(work: Work) -> None:
    """Give back whatever no job has given back within moments."""
    owed = select(Refund.id).where(Refund.outcome == Outcome.UNKNOWN, Refund.created_at < now() - GRACE)
    each(work, owed, lambda refund_id: do_refund(work, refund_id))


@jobs.cadence("/every/minute")
def expire_unpaid_orders(work: Work) -> None:
    """Cancel what was not paid in time; not while a payment's outcome is unknown, unless that takes hours."""
    doubt = (Payment.outcome == Outcome.UNKNOWN) & (Payment.created_at > now() - LONGEST_DOUBT)
    doubted = select(Payment.id).where(Payment.order_id == Order.id, doubt).exists()
    late = select(Order.id).where(Order.state == State.PLACED, Order.expires_at <= now(), ~doubted)
    each(work, late, lambda order_id: expire(_database(work), work.cache, order_id))


@jobs.cadence("/every/hour")
def report_sales(work: Work) -> None:
    """Tell about the day before, once; every hour looks whether that is missing."""
    reports.owe_sales_report(work.db, (now() - timedelta(days=1)).date())


@jobs.cadence("/every/hour")
def tell_low_stock(work: Work) -> None:
    """Tell once a day what is running low."""
    reports.owe_low_stock_digest(work.db, now().date())


def expire(database: Database, cache: Cache, order_id: int) -> None:
    """Cancel one order in a transaction of its own, if it is still unpaid."""

    def end(db: Session) -> None:
        if states.expire(db, db.get_one(Order, order_id)):
            renew_pages(db, cache, order_id)

    apart(database, end)


def each(work: Work, wanted: Select[Any], act: Callable[[int], None]) -> None:
    """Do it for each of these ids, from the first, while there is time; one that fails stops no other."""
    done = 0
    while ids := _next(_database(work), wanted, done):
        for done in ids:
            if work.remaining_seconds < SLOWEST_SECONDS:
                return
            try:
                act(done)
            except Exception:
                log.exception("%s could not be done; it is tried again in a minute", done)


def _next(database: Database, wanted: Select[Any], done: int) -> Sequence[int]:
    (key,) = wanted.selected_columns
    return apart(database, lambda db: db.scalars(wanted.where(key > done).order_by(key).limit(MOST_AT_ONCE)).all())


def _database(work: Work) -> Database:
    assert work.database is not None
    return work.database

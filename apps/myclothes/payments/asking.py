"""Between our books and the gateway's: every call happens outside of transactions, and its answer is noted in one."""

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.database import Database
from apps.chassis.transactions import apart
from apps.myclothes.payments.gateway import Entry, Gateway, GatewayTimeout
from apps.myclothes.payments.models import Outcome, Payment, Refund
from apps.myclothes.payments.paying import give_up, settle
from apps.myclothes.payments.refunds import settle_refund

# Whoever was sending it has long been answered, or died.
PATIENCE = timedelta(minutes=2)

log = logging.getLogger(__name__)


def charge(database: Database, gateway: Gateway, payment: Payment, card: str) -> None:
    """Take the money and note the outcome; one that stays unknown is asked about later. `payment` is committed."""
    try:
        entry = gateway.charge(payment.key, payment.amount_cents, payment.currency, card)
    except GatewayTimeout as error:
        log.warning("the outcome of payment %s is not known yet: %s", payment.key, error)
        return
    note(database, payment.id, entry)


def ask(database: Database, gateway: Gateway, payment_id: int) -> None:
    """Ask about a payment whose outcome is unknown, and note what the gateway knows. Raises GatewayTimeout."""
    payment = apart(database, lambda db: db.get(Payment, payment_id))
    if payment is None or payment.outcome != Outcome.UNKNOWN:
        return
    entry = gateway.find(payment.key)
    if entry is not None:
        note(database, payment_id, entry)
    elif payment.created_at < now() - PATIENCE:
        apart(database, lambda db: give_up(db, db.get_one(Payment, payment_id)))


def note(database: Database, payment_id: int, entry: Entry) -> None:
    """Note the outcome of a payment, in a transaction of its own."""
    apart(database, lambda db: settle(db, db.get_one(Payment, payment_id), entry))


def repay(database: Database, gateway: Gateway, refund_id: int) -> None:
    """Give back what is owed, and note that; done again after a break, it moves no money twice.

    Raises GatewayTimeout, after which the refund is still owed.
    """
    owed = apart(database, lambda db: _owed(db, refund_id))
    if owed is None:
        return
    refund, charged = owed
    entry = gateway.find_refund(refund.key) or gateway.refund(refund.key, charged, refund.amount_cents)
    if entry.outcome == Outcome.DECLINED:
        log.error("the gateway declined refund %s: %s", refund.key, entry.reason)
    apart(database, lambda db: settle_refund(db, db.get_one(Refund, refund_id), entry))


def _owed(db: Session, refund_id: int) -> tuple[Refund, str] | None:
    refund = db.get(Refund, refund_id)
    if refund is None or refund.outcome != Outcome.UNKNOWN:
        return None
    reference = db.get_one(Payment, refund.payment_id).reference
    if reference is None:
        raise ValueError(f"refund {refund.key} is of a payment that the gateway never named")
    return refund, reference

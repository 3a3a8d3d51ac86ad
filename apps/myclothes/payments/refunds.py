"""Money and pieces that come back: never more than was paid or sent, whoever asks at the same time."""

import secrets
from collections.abc import Mapping

from sqlalchemy import Update, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.jobs import enqueue
from apps.chassis.languages import gettext as _
from apps.myclothes.catalog.ledger import Cause, give_back, was_booked
from apps.myclothes.letters.models import Letter
from apps.myclothes.money import money
from apps.myclothes.orders import states
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.models import Order, OrderLine, State
from apps.myclothes.payments.gateway import Entry
from apps.myclothes.payments.models import Outcome, Payment, Refund

LONGEST_REASON = 200
NOTHING: Mapping[int, int] = {}


class CannotRefund(Exception):
    """So much was not paid, or went back; so many pieces were not sent, or came back. Its text is for people."""


def owe_refund(
    db: Session,
    order: Order,
    amount_cents: int,
    reason: str,
    actor: str,
    returned: Mapping[int, int] = NOTHING,
    key: str = "",
) -> Refund:
    """Owe so much of a paid order back, and take `returned` pieces of its lines (by id) into stock again.

    A `key` of the caller's own makes it safe to send again: the first refund of that key is answered. Raises
    CannotRefund; then the transaction must be rolled back. An order whose whole sum went back is refunded.
    """
    order = locked(db, order.id)
    known = db.scalars(select(Refund).where(Refund.key == key)).first() if key else None
    if known is not None:
        return known
    key = key or secrets.token_hex(16)
    _count(db, order, amount_cents)
    if returned:
        _take_pieces(db, order, returned, key, reason[:LONGEST_REASON], actor)
    refund = send_back(db, _paid_by(db, order), amount_cents, reason, actor, key)
    if order.refunded_cents == order.total_cents and states.advance(order, State.REFUNDED, db, actor, reason):
        return refund
    note = f"{money(amount_cents, order.currency)}: {reason}"
    OrderEvent.record(db, order.id, State(order.state), note[:LONGEST_REASON], actor)
    return refund


def take_back(db: Session, order: Order, returned: Mapping[int, int], reason: str, actor: str, key: str) -> bool:
    """Take `returned` pieces of a paid order's lines (by id) into stock, once for each `key`; False for what was done.

    For what comes back after all money, or where none was asked. Raises CannotRefund; then the transaction must be
    rolled back.
    """
    order = locked(db, order.id)
    if was_booked(db, Cause.RETURN, key):
        return False
    if order.paid_at is None:
        raise CannotRefund(_("nobody has paid it"))
    if not returned:
        raise CannotRefund(_("no piece is named"))
    _take_pieces(db, order, returned, key, reason[:LONGEST_REASON], actor)
    OrderEvent.record(db, order.id, State(order.state), reason[:LONGEST_REASON], actor)
    return True


def cancel(db: Session, order: Order, actor: str, note: str) -> bool:
    """End an order that was not sent yet, and owe back what was paid; False if it has ended or left already."""
    order = locked(db, order.id)
    return states.cancel(db, order, actor, note) and _owe_rest(db, order, actor, note)


def cancel_before_packed(db: Session, order: Order, actor: str, note: str) -> bool:
    """As `cancel`, for the customer: False also once somebody has packed it."""
    order = locked(db, order.id)
    return states.cancel_before_packed(db, order, actor, note) and _owe_rest(db, order, actor, note)


def locked(db: Session, order_id: int) -> Order:
    """The order as it is now, and stays until this transaction ends: the first lock of all that change one."""
    fresh = select(Order).where(Order.id == order_id).with_for_update()
    return db.scalars(fresh.execution_options(populate_existing=True)).one()


def send_back(db: Session, payment: Payment, amount_cents: int, reason: str, actor: str = "", key: str = "") -> Refund:
    """Owe so much of a payment back; the worker asks the gateway for it until the outcome is known."""
    refund = Refund(
        order_id=payment.order_id,
        payment_id=payment.id,
        key=key or secrets.token_hex(16),
        amount_cents=amount_cents,
        reason=reason[:LONGEST_REASON],
        actor=actor,
        outcome=Outcome.UNKNOWN,
        created_at=now(),
    )
    db.add(refund)
    db.flush()
    enqueue("do_refund", refund_id=refund.id)
    return refund


def settle_refund(db: Session, refund: Refund, entry: Entry) -> None:
    """Note what became of the refund, and owe the letter about it, once."""
    if entry.outcome == Outcome.UNKNOWN:
        return
    order = locked(db, refund.order_id)
    waiting = update(Refund).where(Refund.id == refund.id, Refund.outcome == Outcome.UNKNOWN)
    values = {"outcome": entry.outcome, "reference": entry.reference, "settled_at": now()}
    is_news = _rows(db, waiting.values(values)) == 1
    # Whose account was erased meanwhile is written to no more.
    if is_news and entry.outcome == Outcome.SUCCEEDED and order.email:
        Letter.owe(db, "refunded", refund.key, order.email, order.language)
    db.expire(refund)


def _owe_rest(db: Session, order: Order, actor: str, note: str) -> bool:
    rest = order.total_cents - order.refunded_cents
    if order.paid_at is not None and rest > 0:
        owe_refund(db, order, rest, note, actor)
    return True


def _count(db: Session, order: Order, amount_cents: int) -> None:
    left = order.total_cents - order.refunded_cents if order.paid_at is not None else 0
    fits = (Order.paid_at.is_not(None)) & (Order.refunded_cents + amount_cents <= Order.total_cents)
    more = update(Order).where(Order.id == order.id, fits).values(refunded_cents=Order.refunded_cents + amount_cents)
    if amount_cents <= 0 or _rows(db, more) != 1:
        raise CannotRefund(_("of this order, %(sum)s can go back", sum=money(left, order.currency)))
    db.refresh(order, ["refunded_cents"])


def _paid_by(db: Session, order: Order) -> Payment:
    ours = (Payment.order_id == order.id) & (Payment.outcome == Outcome.SUCCEEDED)
    payment = db.scalars(select(Payment).where(ours)).first()
    if payment is None:
        raise CannotRefund(_("no payment of this order is known"))
    return payment


def _take_pieces(db: Session, order: Order, returned: Mapping[int, int], key: str, reason: str, actor: str) -> None:
    if order.state == State.CANCELLED:
        raise CannotRefund(_("the pieces of a cancelled order are in stock again already"))
    lines = {line.id: line for line in order.lines}
    if not set(returned) <= set(lines) or min(returned.values()) <= 0:
        raise CannotRefund(_("these pieces are none of this order's"))
    # All stock before all lines, and always in the same order, as every transaction does.
    coming = sorted((lines[line_id] for line_id in returned), key=lambda line: line.variant_id)
    for line in coming:
        give_back(db, line.variant_id, returned[line.id], Cause.RETURN, key, reason, actor)
    for line in coming:
        _take_line(db, line, returned[line.id])


def _take_line(db: Session, line: OrderLine, pieces: int) -> None:
    fits = update(OrderLine).where(OrderLine.id == line.id, OrderLine.returned + pieces <= OrderLine.quantity)
    if _rows(db, fits.values(returned=OrderLine.returned + pieces)) != 1:
        raise CannotRefund(_("so many pieces of %(name)s were not sent, or came back already", name=line.name))
    db.refresh(line, ["returned"])


def _rows(db: Session, statement: Update) -> int:
    done = db.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult)
    return done.rowcount

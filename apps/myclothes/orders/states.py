"""How an order moves from one state to the next: by conditional update, recorded, and with all that follows from it.

Whatever follows is in the same transaction: the stock and the coupon that a cancelled order gives back, and the letter
that its customer is owed. A move that somebody else has made first changes nothing and answers False.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from apps.chassis.columns import now
from apps.chassis.languages import later
from apps.myclothes.catalog.ledger import Cause, give_back
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.coupons import Coupon
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.models import Order, OrderLine, State

MOVES = {
    State.PLACED: {State.PAID, State.CANCELLED},
    State.PAID: {State.PACKED, State.CANCELLED, State.REFUNDED},
    State.PACKED: {State.SHIPPED, State.CANCELLED, State.REFUNDED},
    State.SHIPPED: {State.DELIVERED, State.REFUNDED},
    State.DELIVERED: {State.REFUNDED},
    State.CANCELLED: set[State](),
    State.REFUNDED: set[State](),
}
NAMES = {
    State.PLACED: later("Waiting for payment"),
    State.PAID: later("Paid"),
    State.PACKED: later("Packed"),
    State.SHIPPED: later("Sent"),
    State.DELIVERED: later("Delivered"),
    State.CANCELLED: later("Cancelled"),
    State.REFUNDED: later("Refunded"),
}
# Until then a customer may change their mind; afterwards the parcel is closed.
BEFORE_PACKED = (State.PLACED, State.PAID)
NOT_PAID_IN_TIME = later("not paid in time")


def advance(order: Order, to: State, db: Session, actor: str = "", note: str = "") -> bool:
    """Move the order on, if the state that it is in allows it by now; False, and nothing changed, if not."""
    return _move(order, to, db, actor, note)


def pay(db: Session, order: Order, note: str = "", actor: str = "") -> bool:
    """The order is paid and its receipt owed; False unless it was waiting for that."""
    return _move(order, State.PAID, db, actor, note)


def ship(db: Session, order: Order, parcel: str, actor: str, note: str = "") -> bool:
    """The order left in a parcel of this number, which its customer is told; False unless it was packed."""
    return _move(order, State.SHIPPED, db, actor, note, parcel=parcel)


def cancel(db: Session, order: Order, actor: str, note: str) -> bool:
    """End the order and give its stock and coupon back, exactly once; False if it has ended or left already.

    Money is not its matter: whoever cancels a paid order owes it back.
    """
    return _move(order, State.CANCELLED, db, actor, note)


def cancel_before_packed(db: Session, order: Order, actor: str, note: str) -> bool:
    """As `cancel`, but only as long as nobody has packed it."""
    return _move(order, State.CANCELLED, db, actor, note, condition=Order.state.in_(BEFORE_PACKED))


def expire(db: Session, order: Order) -> bool:
    """Cancel the order if it is unpaid after its time; False if it was paid, or has time left."""
    late = (Order.state == State.PLACED) & (Order.expires_at <= now())
    return _move(order, State.CANCELLED, db, "", NOT_PAID_IN_TIME, condition=late)


def _move(
    order: Order,
    to: State,
    db: Session,
    actor: str,
    note: str,
    *,
    condition: ColumnElement[bool] | None = None,
    **columns: Any,
) -> bool:
    # Locks the order's row first; all that follows comes in the order that all transactions keep.
    db.flush()
    values = {"state": to.value} | STAMPS.get(to, dict)() | columns
    sources = [source.value for source, allowed in MOVES.items() if to in allowed]
    allowed = update(Order).where(
        Order.id == order.id, Order.state.in_(sources), true() if condition is None else condition
    )
    moved = db.execute(allowed.values(values), execution_options={"synchronize_session": False})
    assert isinstance(moved, CursorResult)
    if moved.rowcount != 1:
        return False
    for name, value in values.items():
        set_committed_value(order, name, value)
    EFFECTS.get(to, _none)(db, order, note)
    OrderEvent.record(db, order.id, to, note, actor)
    return True


def _none(db: Session, order: Order, note: str) -> None:
    """Nothing else follows."""


def _paid(db: Session, order: Order, note: str) -> None:
    owe_receipt(db, order)


def _shipped(db: Session, order: Order, note: str) -> None:
    _owe(db, order, "shipped")


def _cancelled(db: Session, order: Order, note: str) -> None:
    # Read after the order's row is locked: nobody can take pieces back for a refund meanwhile.
    pieces = select(OrderLine.variant_id, OrderLine.quantity - OrderLine.returned).where(OrderLine.order_id == order.id)
    for variant_id, quantity in db.execute(pieces.order_by(OrderLine.variant_id)).all():
        if quantity > 0:
            give_back(db, variant_id, quantity, Cause.CANCELLATION, order.number)
    if order.coupon_id is not None:
        Coupon.give_back(db, order.coupon_id, order.email)
    _owe(db, order, "cancelled", late=note == NOT_PAID_IN_TIME)


def owe_receipt(db: Session, order: Order) -> None:
    """Owe the receipt of an order that is paid; once, however often this is asked for."""
    _owe(db, order, "receipt")


def _owe(db: Session, order: Order, kind: str, **facts: object) -> None:
    # An order whose customer was erased has no address any more.
    if order.email:
        Letter.owe(db, kind, order.number, order.email, order.language, **facts)


STAMPS: dict[State, Callable[[], dict[str, Any]]] = {
    State.PAID: lambda: {"paid_at": now(), "expires_at": None},
    State.SHIPPED: lambda: {"shipped_at": now()},
    State.CANCELLED: lambda: {"expires_at": None},
}
EFFECTS: dict[State, Callable[[Session, Order, str], None]] = {
    State.PAID: _paid,
    State.SHIPPED: _shipped,
    State.CANCELLED: _cancelled,
}

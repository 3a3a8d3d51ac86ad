"""Orders that the previous release took while its last instances still served beside this one.

It knew no ledger and no payments. Revision 0004 has booked what it sold before; this books what came behind, in the
same way. To be removed with the columns that only that release writes.
"""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from apps.chassis.jobs import Jobs, Work
from apps.myclothes.catalog.ledger import Cause, StockMovement
from apps.myclothes.orders.models import Order, OrderLine, State

MOST_AT_ONCE = 100

jobs = Jobs()


@jobs.cadence("/every/minute")
def adopt_orders(work: Work) -> None:
    """Book what they took from stock, and count them as paid, as that release did; their receipts are owed then."""
    taken = (Order.goods_cents == 0, Order.total_cents > 0, Order.state == State.PLACED, Order.expires_at.is_(None))
    found = select(Order).where(*taken).order_by(Order.id).limit(MOST_AT_ONCE)
    # Locked, so that no other worker books the same.
    for order in work.db.scalars(found.with_for_update().options(selectinload(Order.lines))).all():
        work.db.add_all(_sold(order, line) for line in order.lines)
        order.goods_cents, order.state, order.paid_at = order.total_cents, State.PAID, order.placed_at


def _sold(order: Order, line: OrderLine) -> StockMovement:
    return StockMovement(
        variant_id=line.variant_id,
        quantity=-line.quantity,
        cause=Cause.ORDER,
        reference=order.number,
        note="",
        actor="",
        moved_at=order.placed_at,
    )

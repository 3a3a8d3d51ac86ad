"""What the orders know of one person, told and forgotten; what was sold to somebody stays in the books."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, selectinload

from apps.chassis.languages import later
from apps.chassis.people import normal_email
from apps.myclothes.accounts.models import Customer
from apps.myclothes.accounts.personal import StillNeeded, erased_address, forgets, tells
from apps.myclothes.catalog.ledger import StockMovement
from apps.myclothes.orders.coupons import CouponCustomer
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.models import Order, OrderLine, State

UNDER_WAY = (State.PLACED, State.PAID, State.PACKED, State.SHIPPED)
ADDRESS = ("name", "street", "extra", "postal_code", "city", "country")


@tells("orders")
def tell_orders(db: Session, customer: Customer) -> list[dict[str, Any]]:
    found = select(Order).where(_are_of(customer)).options(selectinload(Order.lines)).order_by(Order.id)
    return [_told(order, OrderEvent.of(db, order.id)) for order in db.scalars(found)]


@forgets
def forget_orders(db: Session, customer: Customer) -> None:
    """Blank who ordered. What is still on its way needs its address."""
    # A locking read, so that no order is sent on or placed meanwhile.
    found = select(Order).where(_are_of(customer)).order_by(Order.id)
    orders = db.scalars(found.with_for_update().execution_options(populate_existing=True)).all()
    if any(order.state in UNDER_WAY for order in orders):
        raise StillNeeded(later("An order of yours is still on its way. Please come back once you have it."))
    for order in orders:
        order.customer_id, order.email = None, erased_address(customer)
        order.name = order.street = order.extra = order.postal_code = order.city = ""
    forget_traces(db, customer)


def forget_traces(db: Session, customer: Customer) -> None:
    """Blank the address where it stands beside something else: used coupons, and what a customer did to an order."""
    stand_in = erased_address(customer)
    db.execute(update(CouponCustomer).where(CouponCustomer.email == customer.email).values(email=stand_in))
    db.execute(update(OrderEvent).where(OrderEvent.actor == customer.email).values(actor=stand_in))
    db.execute(update(StockMovement).where(StockMovement.actor == customer.email).values(actor=stand_in))


def _are_of(customer: Customer) -> ColumnElement[bool]:
    """The customer's own, and those that were ordered as a guest from an address that has proved to be theirs."""
    own = Order.customer_id == customer.id
    return own if customer.confirmed_at is None else or_(own, Order.email == normal_email(customer.email))


def _told(order: Order, events: Any) -> dict[str, Any]:
    money = ("goods_cents", "discount_cents", "shipping_cents", "tax_cents", "total_cents", "refunded_cents")
    return {
        "number": order.number,
        "state": order.state,
        "placed_at": order.placed_at.isoformat(),
        "email": order.email,
        "address": {name: getattr(order, name) for name in ADDRESS},
        "currency": order.currency,
        **{name: getattr(order, name) for name in money},
        "lines": [_told_line(line) for line in order.lines],
        "events": [{"at": event.at.isoformat(), "state": event.state, "note": event.note} for event in events],
    }


def _told_line(line: OrderLine) -> dict[str, Any]:
    fields = ("sku", "name", "colour", "size", "quantity", "unit_price_cents", "returned")
    return {name: getattr(line, name) for name in fields}

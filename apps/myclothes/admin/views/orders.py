"""Orders: found, packed, sent, cancelled, paid back."""

import secrets

from flask import Blueprint, abort, render_template
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from apps.chassis import paging
from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.chassis.languages import translated
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin import asked
from apps.myclothes.admin.order_forms import CancellationForm, RefundForm, ReturnForm, ShipmentForm
from apps.myclothes.orders.coupons import Coupon
from apps.myclothes.orders.destinations import METHOD_NAMES
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.models import Order, State
from apps.myclothes.orders.states import MOVES
from apps.myclothes.payments.models import Payment, Refund

STATES = tuple(State)

orders = Blueprint("orders", __name__, url_prefix="/orders")


@orders.get("")
def index() -> str:
    require_role(Role.CLERK)
    query, state = asked.text(), asked.chosen("state", STATES)
    page = paging.newest(db(), search(query, state), Order.id, asked.key())
    return render_template("myclothes/admin/orders.html", page=page, query=query, state=state, states=STATES)


@orders.get("/<number>")
def show(number: str) -> tuple[str, int]:
    require_role(Role.CLERK)
    return answer(order_of(number))


@orders.get("/<number>/packing-slip")
def show_slip(number: str) -> str:
    require_role(Role.CLERK)
    order = order_of(number)
    return render_template("myclothes/admin/slip.html", order=order, method=method_of(order))


def search(text: str, state: str) -> Select[Order]:
    """Orders by the beginning of their number or address, in one state or in any."""
    found = select(Order).options(selectinload(Order.lines))
    if text:
        numbered = Order.number.startswith(text.upper(), autoescape=True)
        found = found.where(or_(numbered, Order.email.startswith(text.casefold(), autoescape=True)))
    return found.where(Order.state == state) if state in STATES else found


def answer(order: Order, status: int = 200, problem: str = "", **forms: object) -> tuple[str, int]:
    """An order with all that happened to it and what may be done next, and what went wrong just now if anything did."""
    left = order.total_cents - order.refunded_cents if order.paid_at else 0
    key = secrets.token_hex(16)
    new = {
        "shipment": ShipmentForm(),
        "cancellation": CancellationForm(),
        "refund": RefundForm(amount=left, key=key),
        "back": ReturnForm(key=key),
    }
    page = render_template(
        "myclothes/admin/order.html",
        order=order,
        left=left,
        away=[line for line in order.lines if line.returned < line.quantity],
        problem=problem,
        allowed=MOVES[State(order.state)],
        events=OrderEvent.of(db(), order.id),
        payments=_of(order, Payment),
        refunds=_of(order, Refund),
        method=method_of(order),
        coupon=db().get(Coupon, order.coupon_id) if order.coupon_id else None,
        **new | forms,
    )
    return page, status


def _of(order: Order, kind: type[Payment] | type[Refund]) -> object:
    return db().scalars(select(kind).where(kind.order_id == order.id).order_by(kind.id)).all()


def method_of(order: Order) -> str:
    """How the order is sent, in words; a method that the shop no longer has by its own name."""
    return translated(METHOD_NAMES.get(order.shipping_method, order.shipping_method))


def order_of(number: str) -> Order:
    """The order of an address, or 404."""
    found = select(Order).where(Order.number == number).options(selectinload(Order.lines))
    order = db().scalar(found)
    if order is None:
        abort(404, _("There is no such order."))
    return order

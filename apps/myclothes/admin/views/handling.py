"""What is done with an order: packed, sent, delivered, cancelled, paid back."""

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from apps.chassis.context import cache, db
from apps.chassis.languages import gettext as _
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.admin.counter import audit
from apps.myclothes.admin.order_forms import CancellationForm, RefundForm, ReturnForm, ShipmentForm, returned_pieces
from apps.myclothes.admin.views.orders import answer, order_of
from apps.myclothes.orders import states
from apps.myclothes.orders.models import Order, State
from apps.myclothes.payments.models import Refund
from apps.myclothes.payments.refunds import CannotRefund, cancel, locked, owe_refund, take_back
from apps.myclothes.payments.renewal import renew_pages

Answer = Response | tuple[str, int]

handling = Blueprint("handling", __name__, url_prefix="/orders/<number>")


@handling.post("/packing")
def create_packing(number: str) -> Answer:
    actor, order = require_role(Role.CLERK), order_of(number)
    moved = states.advance(order, State.PACKED, db(), actor.email)
    return done(actor, order, "order.pack") if moved else too_late(number)


@handling.post("/shipment")
def create_shipment(number: str) -> Answer:
    actor, order = require_role(Role.CLERK), order_of(number)
    form = ShipmentForm(request.form)
    if not form.validate():
        return answer(order, 422, shipment=form)
    moved = states.ship(db(), order, form.parcel.data, actor.email)
    return done(actor, order, "order.ship", parcel=form.parcel.data) if moved else too_late(number)


@handling.post("/delivery")
def create_delivery(number: str) -> Answer:
    actor, order = require_role(Role.CLERK), order_of(number)
    moved = states.advance(order, State.DELIVERED, db(), actor.email)
    return done(actor, order, "order.deliver") if moved else too_late(number)


@handling.post("/cancellation")
def create_cancellation(number: str) -> Answer:
    actor, order = require_role(Role.CLERK), order_of(number)
    form = CancellationForm(request.form)
    if not form.validate():
        return answer(order, 422, cancellation=form)
    if not cancel(db(), order, actor.email, form.note.data):
        return too_late(number)
    renew_pages(db(), cache(), order.id)
    return done(actor, order, "order.cancel", note=form.note.data)


@handling.post("/refunds")
def create_refund(number: str) -> Answer:
    actor, order = require_role(Role.CLERK), order_of(number)
    form = RefundForm(request.form)
    if not form.validate():
        return answer(order, 422, refund=form)
    try:
        return refund(actor, order, form)
    except CannotRefund as error:
        # What was done before the refusal must not be shown either.
        db().rollback()
        return answer(order_of(number), 422, problem=_("Nothing was paid back: %(why)s.", why=error), refund=form)


@handling.post("/returns")
def create_return(number: str) -> Answer:
    actor, order = require_role(Role.CLERK), order_of(number)
    form = ReturnForm(request.form)
    if not form.validate():
        return answer(order, 422, back=form)
    try:
        returned = returned_pieces(request.form, order.lines)
        is_news = take_back(db(), order, returned, form.reason.data, actor.email, form.key.data)
    except CannotRefund as error:
        db().rollback()
        return answer(order_of(number), 422, problem=_("Nothing was taken back: %(why)s.", why=error), back=form)
    if not is_news:
        return shown(order)
    renew_pages(db(), cache(), order.id)
    return done(actor, order, "order.return", reason=form.reason.data, pieces=sum(returned.values()))


def refund(actor: Customer, order: Order, form: RefundForm) -> Response:
    """Owe the money and take the pieces back, once for each key; a second click finds that done, and audits nothing."""
    returned = returned_pieces(request.form, order.lines)
    locked(db(), order.id)
    repeated = db().scalar(select(Refund.id).where(Refund.key == form.key.data)) is not None
    owed = owe_refund(db(), order, form.amount.data or 0, form.reason.data, actor.email, returned, form.key.data)
    if repeated:
        return shown(order)
    if returned:
        renew_pages(db(), cache(), order.id)
    told = {"amount_cents": owed.amount_cents, "reason": owed.reason, "pieces": sum(returned.values())}
    return done(actor, order, "order.refund", **told)


def done(actor: Customer, order: Order, action: str, **detail: object) -> Response:
    audit(actor, action, order.number, **detail)
    return shown(order)


def shown(order: Order) -> Response:
    return redirect(url_for("admin.orders.show", number=order.number, done="saved"), 303)


def too_late(number: str) -> tuple[str, int]:
    """The order as it is now, which is not as somebody saw it."""
    db().rollback()
    return answer(order_of(number), 409, problem=_("This order has moved on meanwhile. Nothing was changed."))

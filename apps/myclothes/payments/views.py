"""Pay an order, hear from the gateway, and cancel what was not packed yet."""

from contextlib import suppress

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from apps.chassis.columns import now
from apps.chassis.context import application, db, reads_writer
from apps.chassis.database import Database
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later
from apps.chassis.ratelimits import limit
from apps.chassis.transactions import after_commit, apart
from apps.myclothes.orders.access import order_url, renew_pages, require_order
from apps.myclothes.orders.models import Order, State
from apps.myclothes.payments import asking, notices
from apps.myclothes.payments.forms import FIRST, PaymentForm
from apps.myclothes.payments.gateway import Entry, Gateway, GatewayTimeout
from apps.myclothes.payments.models import Outcome
from apps.myclothes.payments.paying import Mismatch, begin, hear, latest
from apps.myclothes.payments.refunds import cancel_before_packed
from apps.myclothes.payments.testgateway import TestGateway

Answer = str | Response | tuple[str, int]

MOST_TRIES, MOST_QUESTIONS = 20, 60
# Whose order it is tells who that was; an address would outlive the account that it belongs to.
CUSTOMER = later("customer")
BY_CUSTOMER = later("cancelled by the customer")

payments = Blueprint("payments", __name__)


@payments.get("/orders/<number>/payment")
@reads_writer
def new(number: str) -> Answer:
    order = require_order(number)
    if order.state != State.PLACED:
        done = order.state if order.state in (State.PAID, State.CANCELLED) else None
        return redirect(order_url("orders.show", order, done=done), 303)
    return payment_answer(order, PaymentForm(card=FIRST))


@payments.post("/orders/<number>/payment")
def create(number: str) -> Answer:
    """Try to pay. The charge follows the commit, so that a try is known before any money can move."""
    order = require_order(number)
    limit("payment", order.number, MOST_TRIES, 3600)
    form = PaymentForm(request.form)
    if not form.validate():
        return payment_answer(order, form, 422)
    payment = begin(db(), order.id)
    if payment is not None:
        database, teller, card = _database(), gateway(), form.card.data
        after_commit(lambda: asking.charge(database, teller, payment, card))
    return redirect(order_url("payments.new", order), 303)


@payments.post("/orders/<number>/payment/inquiry")
def create_inquiry(number: str) -> Answer:
    """Ask now what became of the last try, instead of waiting for the worker to."""
    order = require_order(number)
    limit("payment-inquiry", order.number, MOST_QUESTIONS, 3600)
    payment = latest(db(), order.id)
    if payment is not None and payment.outcome == Outcome.UNKNOWN:
        database, teller, payment_id = _database(), gateway(), payment.id
        after_commit(lambda: ask(database, teller, payment_id))
    return redirect(order_url("payments.new", order), 303)


@payments.post("/orders/<number>/cancellation")
def create_cancellation(number: str) -> Answer:
    order = require_order(number)
    if cancel_before_packed(db(), order, CUSTOMER, BY_CUSTOMER):
        renew_pages(order)
    elif order.state != State.CANCELLED:
        # Of two clicks the second finds done what it asks for.
        abort(409, _("This order cannot be cancelled any more."))
    return redirect(order_url("orders.show", order, done="cancelled"), 303)


@payments.post("/payments/notifications")
def create_notification() -> Answer:
    """The gateway tells what became of a payment. 204 once that is noted, however often it is told."""
    body = request.stream.read(notices.MAX_BYTES + 1)
    if len(body) > notices.MAX_BYTES:
        raise RequestEntityTooLarge
    signature = request.headers.get(notices.HEADER, "")
    try:
        entry = notices.read(body, signature, application().settings.secret_keys)
        if not hear(db(), entry):
            abort(404, "No payment has this key.")
    except notices.BadSignature as error:
        abort(403, str(error))
    except notices.BadNotice as error:
        abort(400, str(error))
    except Mismatch as error:
        abort(409, str(error))
    return "", 204


def payment_answer(order: Order, form: PaymentForm, status: int = 200) -> Answer:
    """The page that tells how the last try went, and lets the order be paid while it waits for that."""
    page = render_template(
        "myclothes/payment.html",
        order=order,
        form=form,
        payment=latest(db(), order.id),
        is_late=order.expires_at is not None and order.expires_at <= now(),
        order_url=order_url,
    )
    return page, status


def gateway() -> Gateway:
    """The gateway, which tells this process about what it charges."""
    return TestGateway(_database(), tell)


def tell(entry: Entry) -> None:
    """What reaches `create_notification` when the gateway is elsewhere: signed, checked, and noted by itself."""
    key, body = application().settings.secret_key, notices.encode(entry)
    heard = notices.read(body, notices.sign(body, key), [key])
    apart(_database(), lambda session: hear(session, heard))


def ask(database: Database, teller: Gateway, payment_id: int) -> None:
    """Ask about a payment; without an answer it stays unknown."""
    with suppress(GatewayTimeout):
        asking.ask(database, teller, payment_id)


def _database() -> Database:
    database = application().database
    assert database is not None
    return database

"""Check out, with an account or without."""

from collections.abc import Sequence
from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from apps.chassis.columns import now
from apps.chassis.context import db
from apps.chassis.identifiers import number as number_of
from apps.chassis.languages import gettext as _
from apps.chassis.languages import language, later, translated
from apps.chassis.ratelimits import limit
from apps.myclothes.accounts.access import current_customer
from apps.myclothes.accounts.addresses import Address, AddressBookFull, SavedAddress
from apps.myclothes.accounts.models import Customer
from apps.myclothes.cart.access import ORDERED, current_cart
from apps.myclothes.cart.models import Cart, CartLine
from apps.myclothes.cart.views import cart_answer
from apps.myclothes.catalog.models import OutOfStock
from apps.myclothes.orders import states
from apps.myclothes.orders.access import order_url, renew_pages
from apps.myclothes.orders.coupons import CouponRefused
from apps.myclothes.orders.destinations import METHODS, price_at, zone_of
from apps.myclothes.orders.forms import CheckoutForm
from apps.myclothes.orders.models import CartChanged, CartEmpty, Order, State, ordered_of_cart, quote_of
from apps.myclothes.orders.quotes import Quote, shop_cents

Answer = str | Response | tuple[str, int]

NOTHING_TO_PAY = later("nothing to pay")

orders = Blueprint("orders", __name__)


@orders.record_once
def tell_carts(state: BlueprintSetupState) -> None:
    state.app.extensions[ORDERED] = ordered_of_cart


@orders.get("/checkout")
def new() -> Answer:
    cart = current_cart()
    if not cart.count:
        return redirect(url_for("cart.show"), 303)
    customer = current_customer()
    return checkout_answer(_prefilled(customer), cart, customer)


@orders.get("/checkout/quotation")
def show_quote() -> Answer:
    # Where a browser comes that asks again for what was the answer to a form, as in another language.
    return redirect(url_for("orders.new"), 303)


@orders.post("/checkout/quotation")
def create_quote() -> Answer:
    """Tell what it would cost, and order nothing."""
    form, customer = _sent()
    cart = current_cart()
    return checkout_answer(form, cart, customer, status=200 if form.validate() else 422, asked=True)


@orders.post("/checkout")
def create() -> Answer:
    """Place the order. Sent again, by a second click or after a crash, it leads to the first one."""
    form, customer = _sent()
    cart = current_cart()
    first = _first_order(form, cart, customer)
    if first:
        return redirect(_next_page(first), 303)
    if not form.validate():
        return checkout_answer(form, cart, customer, status=422)
    if not form.seen_cents.data:
        return checkout_answer(form, cart, customer)
    try:
        return placed(place(form, cart, customer), cart, form.address() if form.keep and form.keep.data else None)
    except OutOfStock as error:
        problem = _("We are sorry: %(piece)s is sold out, or there are fewer left than you want.", piece=error)
        return cart_answer(problem, 409)
    except CartEmpty:
        return cart_answer(_("There is nothing in your cart to order."), 409)
    except (CartChanged, CouponRefused):
        problem = _("Your cart or the total has changed. Please look at it again before you order.")
        return checkout_answer(form, cart, customer, problem, 409)


def place(form: CheckoutForm, cart: Cart, customer: Customer | None) -> Order:
    """The order of a valid form; one that costs nothing is paid at once."""
    order = Order.place(
        db(),
        cart=cart,
        customer=customer,
        email=customer.email if customer else form.email.data,
        address=form.address(),
        method=form.way,
        code=form.code.data or "",
        seen_cents=int(form.seen_cents.data),
        language=language(),
    )
    if order.total_cents == 0:
        states.pay(db(), order, note=NOTHING_TO_PAY)
    return order


def placed(order: Order, cart: Cart, address: Address | None) -> Response:
    """What follows from an order, once it is committed: the cart moves on, pages are renewed, the address is kept."""
    cart.move_on(order.cart_generation, order.ordered)
    renew_pages(order)
    customer = current_customer()
    if customer and address:
        with suppress(AddressBookFull):
            SavedAddress.keep(db(), customer, address)
    return redirect(_next_page(order), 303)


def checkout_answer(
    form: CheckoutForm, cart: Cart, customer: Customer | None, problem: str = "", status: int = 200, asked: bool = False
) -> Answer:
    """The page that asks for an address and tells, line by line, what the cart would cost there.

    `asked`: for that alone, so whoever hears the page begins with the sum.
    """
    contents = cart.contents(db())
    if not contents.lines:
        return _nothing_to_order(customer)
    quote, status = _quote(form, contents.lines, status)
    form.generation.data = str(cart.generation)
    form.seen_cents.data = str(quote.total_cents) if quote else ""
    worth = shop_cents(contents.lines, now())
    page = render_template(
        "myclothes/checkout.html",
        form=form,
        lines=contents.lines,
        gone=contents.gone,
        quote=quote,
        worth=worth,
        methods=METHODS[zone_of(form.destination)] if form.destination else (),
        price_at=price_at,
        customer=customer,
        addresses=SavedAddress.of(db(), customer) if customer else (),
        problem=problem,
        asked=asked,
    )
    return page, status


def _nothing_to_order(customer: Customer | None) -> Answer:
    """Back to the cart; by way of the sign-in for whoever was a customer when the form was made, as was their cart."""
    if customer is None and request.method == "POST" and "email" not in request.form:
        return redirect(url_for("accounts.new_session", next=url_for("orders.new"), done="ended"), 303)
    return cart_answer(_("There is nothing in your cart to order."), 409)


def _quote(form: CheckoutForm, lines: Sequence[CartLine], status: int) -> tuple[Quote | None, int]:
    """What it costs as far as the form tells, and the status; a coupon that is refused is marked in the form."""
    if form.destination is None:
        return None, status
    code = (form.code.data or "") if not form.code.errors else ""
    moment = now()
    try:
        return quote_of(db(), lines, form.destination, form.way, code, moment), status
    except CouponRefused as error:
        form.code.errors = [translated(error.refusal.value)]
        return quote_of(db(), lines, form.destination, form.way, "", moment), max(status, 422 if status < 400 else 0)


def _sent() -> tuple[CheckoutForm, Customer | None]:
    """The form that was sent, without the fields that its sender has no use for."""
    customer = current_customer()
    form = CheckoutForm(request.form)
    if form.code.data:
        # Whoever tries codes one after the other is slowed down.
        limit("coupon", request.remote_addr or "", 60, 300)
    return _fitted(form, customer), customer


def _fitted(form: CheckoutForm, customer: Customer | None) -> CheckoutForm:
    if customer:
        del form.email
    else:
        del form.keep
    return form


def _prefilled(customer: Customer | None) -> CheckoutForm:
    """The form with the address that was chosen from the book, else the one used last."""
    if customer is None:
        return _fitted(CheckoutForm(), None)
    known = _chosen_address(customer)
    last = known or next(iter(Order.latest(db(), customer, most=1)), None)
    form = CheckoutForm(obj=last) if last else CheckoutForm(name=customer.name)
    form.code.data = ""
    return _fitted(form, customer)


def _chosen_address(customer: Customer) -> SavedAddress | None:
    try:
        chosen = SavedAddress.with_id(db(), customer, number_of(request.args.get("address", "")[:20]))
    except ValueError:
        chosen = None
    return chosen or next(iter(SavedAddress.of(db(), customer)), None)


def _next_page(order: Order) -> str:
    """Where whoever placed the order goes on: to pay it, if that is still to be done."""
    return order_url("payments.new" if order.state == State.PLACED else "orders.show", order)


def _first_order(form: CheckoutForm, cart: Cart, customer: Customer | None) -> Order | None:
    """The order that the sent generation of the cart has become already."""
    sent = form.generation.data or ""
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 10):
        return None
    order = Order.of_cart(db(), cart.id, int(sent))
    # Whoever has the session of a guest's cart has placed its order; an account's is its customer's alone.
    return order if order and order.customer_id in (None, customer.id if customer else None) else None

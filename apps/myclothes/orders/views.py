"""Check out, and look at orders."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from apps.chassis.context import cache, db
from apps.chassis.jobs import enqueue
from apps.myclothes.accounts.access import require_customer
from apps.myclothes.accounts.models import Customer
from apps.myclothes.cart.access import ORDERED, current_cart
from apps.myclothes.cart.models import Cart, total_cents
from apps.myclothes.cart.views import cart_answer
from apps.myclothes.catalog.models import OutOfStock
from apps.myclothes.catalog.pages import invalidate
from apps.myclothes.orders.forms import COUNTRIES, CheckoutForm
from apps.myclothes.orders.models import CartChanged, CartEmpty, Order, ordered_of_cart

Answer = str | Response | tuple[str, int]

orders = Blueprint("orders", __name__)


@orders.record_once
def tell_carts(state: BlueprintSetupState) -> None:
    state.app.extensions[ORDERED] = ordered_of_cart


@orders.get("/account")
def index() -> Answer:
    customer = require_customer()
    return render_template("myclothes/account.html", customer=customer, orders=Order.latest(db(), customer))


@orders.get("/orders/<number>")
def show(number: str) -> Answer:
    order = Order.with_number(db(), number, require_customer())
    if order is None:
        abort(404, "You have no order of this number.")
    return render_template(
        "myclothes/order.html", order=order, country=COUNTRIES.get(order.country, order.country),
        fresh=request.args.get("done") == "placed",
    )  # fmt: skip


@orders.get("/checkout")
def new() -> Answer:
    customer = require_customer()
    cart = current_cart()
    if not cart.count:
        return redirect(url_for("cart.show"), 303)
    last = next(iter(Order.latest(db(), customer, most=1)), None)
    form = CheckoutForm(obj=last) if last else CheckoutForm(name=customer.name)
    return checkout_answer(form, cart)


@orders.post("/checkout")
def create() -> Answer:
    """Place the order. Sent again, by a second click or after a crash, it leads to the first one."""
    customer = require_customer(back=url_for("orders.new"))
    form = CheckoutForm(request.form)
    cart = current_cart()
    first = _first_order(form, cart, customer)
    if first:
        return redirect(url_for("orders.show", number=first.number), 303)
    if not form.validate():
        return checkout_answer(form, cart, status=422)
    try:
        order = Order.place(db(), customer, cart, form.address(), int(form.total_cents.data))
    except OutOfStock as error:
        return cart_answer(f"We are sorry: {error} is sold out, or there are fewer left than you want.", 409)
    except CartEmpty:
        return cart_answer("There is nothing in your cart to order.", 409)
    except CartChanged:
        return checkout_answer(form, cart, "Your cart has changed. Please look at it again before you order.", 409)
    return placed(order, cart)


def placed(order: Order, cart: Cart) -> Response:
    """What follows from an order, once it is committed: the cart moves on, a receipt is sent, pages are renewed."""
    cart.move_on(order.cart_generation, order.ordered)
    enqueue("send_receipt", order_id=order.id)
    invalidate(cache(), [line.variant.product for line in order.lines])
    return redirect(url_for("orders.show", number=order.number, done="placed"), 303)


def checkout_answer(form: CheckoutForm, cart: Cart, problem: str = "", status: int = 200) -> tuple[str, int]:
    """The page that asks for an address and tells what the cart holds and costs."""
    lines = cart.lines(db())
    total = total_cents(lines)
    form.generation.data, form.total_cents.data = str(cart.generation), str(total)
    page = render_template("myclothes/checkout.html", form=form, lines=lines, total=total, problem=problem)
    return page, status


def _first_order(form: CheckoutForm, cart: Cart, customer: Customer) -> Order | None:
    """The order that the sent generation of the cart has become already."""
    sent = form.generation.data or ""
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 10):
        return None
    order = Order.of_cart(db(), cart.id, int(sent))
    return order if order and order.customer_id == customer.id else None

"""Show and change the cart."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from apps.chassis.context import db, session
from apps.chassis.languages import gettext as _
from apps.chassis.languages import ngettext
from apps.chassis.visitors import AT_SIGN_IN
from apps.myclothes.cart import merging, news
from apps.myclothes.cart.access import Visitor, bring_cart, current_cart, stays_here
from apps.myclothes.cart.forms import MISSING, PieceForm, QuantityForm
from apps.myclothes.cart.models import MOST_LINES, MOST_PIECES, Cart, CartFull, total_cents, variants
from apps.myclothes.catalog.models import Variant
from apps.myclothes.catalog.views import product_answer

Answer = str | Response | tuple[str, int]

cart = Blueprint("cart", __name__)


@cart.record_once
def bring_carts(state: BlueprintSetupState) -> None:
    state.app.extensions.setdefault(AT_SIGN_IN, []).append(bring_cart)


@cart.app_context_processor
def tell_visitor() -> dict[str, Visitor]:
    return {"visitor": Visitor()}


@cart.get("/cart")
def show() -> Answer:
    return cart_answer()


@cart.post("/cart")
def create() -> Answer:
    form = PieceForm(request.form)
    is_valid, variant = form.validate(), _chosen(form)
    if not is_valid or variant is None or not variant.product.published:
        product = variant.product.slug if variant else request.form.get("product", "")
        return product_answer(product, request.form.get("colour", ""), _first_error(form), 422)
    if variant.stock < 1:
        sold_out = _("Size %(size)s has just sold out in this colour.", size=variant.size)
        return product_answer(variant.product.slug, request.form.get("colour", ""), sold_out, 409)
    found = current_cart()
    full = found.quantities().get(variant.id, 0) + form.quantity.data > MOST_PIECES
    try:
        found.add(variant.id, form.quantity.data, variant.price_now(news.moment()))
    except CartFull:
        return cart_answer(_too_many_kinds(), 409)
    return redirect(url_for("cart.show", added=variant.id, full="1" if full else None, _anchor="news"), 303)


@cart.post("/cart/<int:variant_id>")
def update(variant_id: int) -> Answer:
    form = QuantityForm(request.form)
    if not form.validate():
        return cart_answer(str(form.quantity.errors[0]), 422)
    current_cart().change(variant_id, form.quantity.data)
    # A fragment takes the keyboard's focus to what it names: back to the list that was changed.
    return redirect(url_for("cart.show", changed=variant_id, _anchor=f"quantity-{variant_id}"), 303)


@cart.post("/cart/<int:variant_id>/removal")
def destroy(variant_id: int) -> Answer:
    found = current_cart()
    were = found.quantities().get(variant_id)
    found.remove(variant_id)
    return redirect(url_for("cart.show", removed=variant_id, were=were, _anchor="news"), 303)


@cart.post("/cart/agreement")
def create_agreement() -> Answer:
    """The visitor has seen the new prices; only those that still are the prices count as seen."""
    found = current_cart()
    prices = {line.variant.id: line.unit_cents for line in found.lines(db())}
    found.agree({key: cents for key, cents in prices.items() if request.form.get(f"price-{key}") == str(cents)})
    return redirect(url_for("cart.show", _anchor="cart"), 303)


def cart_answer(problem: str = "", status: int = 200) -> tuple[str, int]:
    """The page of the cart, with what went wrong if anything did."""
    found = current_cart()
    contents = found.contents(db())
    page = render_template(
        "myclothes/cart.html",
        lines=contents.lines,
        gone=contents.gone,
        total=total_cents(contents.lines),
        most=MOST_PIECES,
        problem=problem,
        stays_here=stays_here(),
        merged=_merged(found),
        **news.of_request(db(), contents),
    )
    if status < 400:
        merging.forget(session())
    return page, status


def _merged(found: Cart) -> list[str]:
    """What the sign-in has merged, in words; told once."""
    merged = merging.Merged.told_by(session())
    return news.of_merging(db(), merged) if merged else []


def _chosen(form: PieceForm) -> Variant | None:
    """The variant of a form that was validated, whatever else is wrong with it."""
    return None if form.variant.errors else variants(db(), [form.variant.data]).get(form.variant.data)


def _too_many_kinds() -> str:
    return ngettext(
        "A cart takes %(num)d kind of piece. Please order this first, or remove it.",
        "A cart takes %(num)d different pieces. Please order these first, or remove one.",
        MOST_LINES,
    )


def _first_error(form: PieceForm) -> str:
    errors = [error for found in form.errors.values() for error in found]
    return str(errors[0]) if errors else _(MISSING)

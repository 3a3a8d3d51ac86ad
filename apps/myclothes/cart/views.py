"""Show and change the cart."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from apps.chassis.context import db
from apps.myclothes.cart.access import Visitor, current_cart
from apps.myclothes.cart.forms import PieceForm, QuantityForm
from apps.myclothes.cart.models import MOST_LINES, MOST_PIECES, CartFull, total_cents
from apps.myclothes.catalog.models import Variant
from apps.myclothes.catalog.views import product_answer

Answer = str | Response | tuple[str, int]

cart = Blueprint("cart", __name__)


@cart.app_context_processor
def tell_visitor() -> dict[str, Visitor]:
    return {"visitor": Visitor()}


@cart.get("/cart")
def show() -> Answer:
    return cart_answer()


@cart.post("/cart")
def create() -> Answer:
    form = PieceForm(request.form)
    variant = db().get(Variant, form.variant.data) if form.validate() else None
    if variant is None:
        return product_answer(request.form.get("product", ""), request.form.get("colour", ""), _first_error(form), 422)
    if variant.stock < 1:
        sold_out = f"Size {variant.size} has just sold out in this colour."
        return product_answer(variant.product.slug, request.form.get("colour", ""), sold_out, 409)
    try:
        current_cart().add(variant.id, form.quantity.data)
    except CartFull:
        return cart_answer(f"A cart takes {MOST_LINES} different pieces. Please order these first, or remove one.", 409)
    return redirect(url_for("cart.show", added=variant.id), 303)


@cart.post("/cart/<int:variant_id>")
def update(variant_id: int) -> Answer:
    form = QuantityForm(request.form)
    if not form.validate():
        return cart_answer(f"You can order 1 to {MOST_PIECES} of a piece.", 422)
    current_cart().change(variant_id, form.quantity.data)
    return redirect(url_for("cart.show"), 303)


@cart.post("/cart/<int:variant_id>/removal")
def destroy(variant_id: int) -> Answer:
    current_cart().remove(variant_id)
    return redirect(url_for("cart.show"), 303)


def cart_answer(problem: str = "", status: int = 200) -> tuple[str, int]:
    """The page of the cart, with what went wrong if anything did."""
    lines = current_cart().lines(db())
    added = request.args.get("added", type=int)
    page = render_template(
        "myclothes/cart.html",
        lines=lines,
        total=total_cents(lines),
        most=MOST_PIECES,
        problem=problem,
        added=next((line.variant for line in lines if line.variant.id == added), None),
    )
    return page, status


def _first_error(form: PieceForm) -> str:
    errors = [error for found in form.errors.values() for error in found]
    return str(errors[0]) if errors else "This piece is not in our catalogue any more."

"""Stock: what there is, every movement of it, and counts."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from apps.chassis import paging
from apps.chassis.context import db
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin import asked
from apps.myclothes.admin.counter import audit
from apps.myclothes.admin.product_forms import CountForm
from apps.myclothes.admin.views.products import tell_shop
from apps.myclothes.admin.views.variants import variant_of
from apps.myclothes.catalog import ledger
from apps.myclothes.catalog.ledger import StockMovement
from apps.myclothes.catalog.models import Product, Variant
from apps.myclothes.payments.reports import LOW_STOCK

Answer = str | Response | tuple[str, int]

stock = Blueprint("stock", __name__, url_prefix="/stock")


@stock.get("")
def index() -> str:
    require_role(Role.MANAGER)
    query, state = asked.text(), asked.chosen("state", ("low",))
    page = paging.newest(db(), search(query, state), Variant.id, asked.key())
    return render_template("myclothes/admin/stock.html", page=page, query=query, state=state)


@stock.get("/<int:variant_id>")
def show(variant_id: int) -> Answer:
    require_role(Role.MANAGER)
    variant = variant_of(variant_id)
    return answer(variant_id, CountForm(stock=variant.stock))


@stock.post("/<int:variant_id>/counts")
def create_count(variant_id: int) -> Answer:
    actor = require_role(Role.MANAGER)
    variant, form = variant_of(variant_id), CountForm(request.form)
    if not form.validate():
        return answer(variant_id, form, 422)
    moved = ledger.set_count(db(), variant, form.stock.data, form.note.data, actor.email)
    audit(actor, "stock.count", variant.sku, stock=form.stock.data, moved=moved, note=form.note.data)
    tell_shop(variant.product)
    return redirect(url_for("admin.stock.show", variant_id=variant_id, done="counted"), 303)


def search(text: str, state: str) -> Select[Variant]:
    """Variants by the beginning of their SKU or a part of their product's name, all or those that run low."""
    found = select(Variant).join(Variant.product).options(joinedload(Variant.product))
    if text:
        coded = Variant.sku.istartswith(text, autoescape=True)
        found = found.where(or_(coded, Product.name.icontains(text, autoescape=True)))
    return found.where(Variant.stock <= func.coalesce(Variant.low_stock, LOW_STOCK)) if state == "low" else found


def answer(variant_id: int, form: CountForm, status: int = 200) -> tuple[str, int]:
    """A variant's stock with its movements, newest first."""
    variant = variant_of(variant_id)
    moved = select(StockMovement).where(StockMovement.variant_id == variant_id)
    page = paging.newest(db(), moved, StockMovement.id, asked.key())
    return render_template("myclothes/admin/movements.html", variant=variant, page=page, form=form), status

"""Products: all of them, shown or hidden."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from apps.chassis import paging
from apps.chassis.context import cache, db
from apps.chassis.languages import gettext as _
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin import asked
from apps.myclothes.admin.counter import audit
from apps.myclothes.admin.product_forms import ProductForm, offer
from apps.myclothes.admin.products import SHOWN, Taken, categories, change, create, search
from apps.myclothes.catalog import words
from apps.myclothes.catalog.models import Product
from apps.myclothes.catalog.pages import invalidate

Answer = str | Response | tuple[str, int]

products = Blueprint("products", __name__, url_prefix="/products")


@products.get("")
def index() -> str:
    require_role(Role.MANAGER)
    query, state = asked.text(), asked.chosen("state", SHOWN)
    page = paging.newest(db(), search(query, state), Product.id, asked.key())
    return render_template("myclothes/admin/products.html", page=page, query=query, state=state)


@products.get("/new")
def new() -> Answer:
    require_role(Role.MANAGER)
    return answer(None, ProductForm())


@products.post("", endpoint="create")
def create_product() -> Answer:
    actor = require_role(Role.MANAGER)
    form = filled(ProductForm(request.form))
    if not form.validate():
        return answer(None, form, 422)
    try:
        product = create(db(), form.values())
    except Taken:
        return answer(None, refused(form), 422)
    audit(actor, "product.create", product.slug, name=product.name)
    tell_shop(product)
    return redirect(url_for("admin.products.edit", product_id=product.id, done="created"), 303)


@products.get("/<int:product_id>")
def edit(product_id: int) -> Answer:
    require_role(Role.MANAGER)
    product = product_of(product_id)
    return answer(product, ProductForm.of(product))


@products.post("/<int:product_id>")
def update(product_id: int) -> Answer:
    actor = require_role(Role.MANAGER)
    product = product_of(product_id)
    form = filled(ProductForm(request.form))
    if not form.validate():
        return answer(product, form, 422)
    db().refresh(product, with_for_update=True)
    if form.seen.data and form.seen.data != ProductForm.state(product):
        return overtaken(product, form)
    # The shelf that it leaves must forget it, too.
    invalidate(cache(), [product])
    try:
        changed = change(db(), product, form.values())
    except Taken:
        return answer(product_of(product_id), refused(form), 422)
    if changed:
        db().refresh(product, ["category"])
        audit(actor, "product.change", product.slug, **changed)
        tell_shop(product)
    return redirect(url_for("admin.products.edit", product_id=product.id, done="saved"), 303)


def overtaken(product: Product, form: ProductForm) -> tuple[str, int]:
    """What was typed, to be looked at and sent again: somebody else has saved the product since this form was made."""
    form.seen.data = ProductForm.state(product)
    problem = _("Somebody has changed this product meanwhile. Save again to put what is below in place of theirs.")
    return answer(product, form, 409, problem)


def answer(product: Product | None, form: ProductForm, status: int = 200, problem: str = "") -> tuple[str, int]:
    """A product's form, beside its variants if it exists."""
    page = render_template("myclothes/admin/product.html", product=product, form=filled(form), problem=problem)
    return page, status


def filled(form: ProductForm) -> ProductForm:
    offer(form, "category_id", categories(db()))
    return form


def refused(form: ProductForm) -> ProductForm:
    form.sku.errors = [_("Another product has this SKU.")]
    return form


def product_of(product_id: int) -> Product:
    """The product of an address, or 404."""
    product: Product | None = db().get(Product, product_id)
    if product is None:
        abort(404, _("There is no such product."))
    return product


def tell_shop(product: Product) -> None:
    """Let search and pages know what has changed."""
    db().flush()
    words.reindex(db(), product)
    invalidate(cache(), [product])

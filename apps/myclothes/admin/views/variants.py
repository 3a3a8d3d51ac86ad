"""Variants of a product: what is sold."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin.counter import audit
from apps.myclothes.admin.product_forms import NewVariantForm, VariantForm, offer
from apps.myclothes.admin.products import Taken, add_variant, change_variant, pictures
from apps.myclothes.admin.views.products import product_of, tell_shop
from apps.myclothes.catalog.models import Product, Variant
from apps.myclothes.catalog.photographs import NAME, NO_PICTURE

Answer = str | Response | tuple[str, int]

variants = Blueprint("variants", __name__)


@variants.get("/products/<int:product_id>/variants/new")
def new(product_id: int) -> Answer:
    require_role(Role.MANAGER)
    return answer(product_of(product_id), None, NewVariantForm())


@variants.post("/products/<int:product_id>/variants")
def create(product_id: int) -> Answer:
    actor = require_role(Role.MANAGER)
    product = product_of(product_id)
    form = filled(NewVariantForm(request.form), product)
    if not form.validate():
        return answer(product, None, form, 422)
    try:
        variant = add_variant(db(), product, form.values(), form.stock.data)
    except Taken as error:
        return answer(product, None, refused(form, error), 422)
    audit(actor, "variant.create", variant.sku, price_cents=variant.price_cents, stock=variant.stock)
    tell_shop(product)
    return redirect(url_for("admin.products.edit", product_id=product.id, done="created"), 303)


@variants.get("/variants/<int:variant_id>")
def edit(variant_id: int) -> Answer:
    require_role(Role.MANAGER)
    variant = variant_of(variant_id)
    return answer(variant.product, variant, VariantForm.of(variant))


@variants.post("/variants/<int:variant_id>")
def update(variant_id: int) -> Answer:
    actor = require_role(Role.MANAGER)
    variant = variant_of(variant_id)
    form = filled(VariantForm(request.form), variant.product)
    if not form.validate():
        return answer(variant.product, variant, form, 422)
    try:
        changed = change_variant(db(), variant, form.values())
    except Taken as error:
        kept = variant_of(variant_id)
        return answer(kept.product, kept, refused(form, error), 422)
    if changed:
        audit(actor, "variant.change", variant.sku, **changed)
        tell_shop(variant.product)
    return redirect(url_for("admin.products.edit", product_id=variant.product_id, done="saved"), 303)


def answer(
    product: Product, variant: Variant | None, form: VariantForm, status: int = 200, problem: str = ""
) -> tuple[str, int]:
    page = render_template(
        "myclothes/admin/variant.html", product=product, variant=variant, form=filled(form, product), problem=problem
    )
    return page, status


def filled(form: VariantForm, product: Product) -> VariantForm:
    """The form with the drawings there are, and whatever else the product's variants show."""
    shown = {each.picture: named(each) for each in product.variants}
    drawn = {name: name.rpartition(".")[0] for name in pictures()}
    offer(form, "picture", sorted((shown | drawn).items(), key=lambda choice: choice[1]))
    return form


def named(variant: Variant) -> str:
    """The variant's picture as a choice; the name of an uploaded one would tell nobody anything."""
    if variant.picture == NO_PICTURE:
        return _("No picture yet")
    if NAME.fullmatch(variant.picture):
        return _("Uploaded picture of %(colour)s", colour=variant.colour)
    return variant.picture.rpartition(".")[0]


def refused(form: VariantForm, error: Taken) -> VariantForm:
    if str(error) == "size":
        form.size.errors = [_("This product has this colour in this size already.")]
    else:
        form.sku.errors = [_("Another variant has this SKU.")]
    return form


def variant_of(variant_id: int) -> Variant:
    """The variant of an address, or 404."""
    variant: Variant | None = db().get(Variant, variant_id)
    if variant is None:
        abort(404, _("There is no such variant."))
    return variant

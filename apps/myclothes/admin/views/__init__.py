"""The counter's pages, a module for each noun; each view asks for its role first."""

from flask import Blueprint

from apps.myclothes.accounts.models import Role
from apps.myclothes.admin.counter import doors, may
from apps.myclothes.admin.views.audits import audits
from apps.myclothes.admin.views.coupons import coupons
from apps.myclothes.admin.views.customers import customers
from apps.myclothes.admin.views.faults import faults
from apps.myclothes.admin.views.handling import handling
from apps.myclothes.admin.views.imports import imports
from apps.myclothes.admin.views.orders import orders
from apps.myclothes.admin.views.overview import index
from apps.myclothes.admin.views.pictures import pictures
from apps.myclothes.admin.views.products import products
from apps.myclothes.admin.views.sales import sales
from apps.myclothes.admin.views.stock import stock
from apps.myclothes.admin.views.variants import variants
from apps.myclothes.orders.states import NAMES

admin = Blueprint("admin", __name__, url_prefix="/admin")
for part in (orders, handling, products, variants, pictures, stock, imports, coupons, sales, customers, audits, faults):
    admin.register_blueprint(part)
admin.add_url_rule("", "index", index)


@admin.context_processor
def tell_doors() -> dict[str, object]:
    return {"doors": doors, "may": may, "Role": Role, "STATES": NAMES}

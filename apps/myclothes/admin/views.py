"""A first look behind the counter: orders and what is running low."""

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from apps.chassis.context import db
from apps.myclothes.accounts.access import require_administrator
from apps.myclothes.catalog.models import Variant
from apps.myclothes.orders.models import Order

MOST_LOW, LOW_STOCK = 100, 3

admin = Blueprint("admin", __name__)


@admin.get("/admin")
def index() -> str:
    require_administrator()
    low = (
        select(Variant)
        .where(Variant.stock <= LOW_STOCK)
        .order_by(Variant.stock, Variant.id)
        .limit(MOST_LOW)
        .options(joinedload(Variant.product))
    )
    return render_template(
        "myclothes/admin.html", orders=Order.latest(db()), low=db().scalars(low).all(), limit=LOW_STOCK
    )

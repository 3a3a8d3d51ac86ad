"""Coupons: made, withdrawn, and their uses."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from apps.chassis import paging
from apps.chassis.columns import now
from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin import asked
from apps.myclothes.admin.counter import audit
from apps.myclothes.admin.coupons import KINDS, CodeTaken, CouponForm, create, withdraw
from apps.myclothes.orders.coupons import Coupon
from apps.myclothes.orders.models import Order

Answer = str | Response | tuple[str, int]

coupons = Blueprint("coupons", __name__, url_prefix="/coupons")


@coupons.get("")
def index() -> str:
    require_role(Role.MANAGER)
    page = paging.newest(db(), select(Coupon), Coupon.id, asked.key())
    return render_template("myclothes/admin/coupons.html", page=page, at=now())


@coupons.get("/new")
def new() -> Answer:
    require_role(Role.MANAGER)
    return answer(CouponForm())


@coupons.post("", endpoint="create")
def create_coupon() -> Answer:
    actor = require_role(Role.MANAGER)
    form = CouponForm(request.form)
    if not form.validate():
        return answer(form, 422)
    try:
        coupon = create(db(), form.values())
    except CodeTaken:
        form.code.errors = [_("There is a coupon with this code already.")]
        return answer(form, 422)
    audit(actor, "coupon.create", coupon.code, kind=coupon.kind, amount=coupon.amount)
    return redirect(url_for("admin.coupons.show", coupon_id=coupon.id, done="created"), 303)


@coupons.get("/<int:coupon_id>")
def show(coupon_id: int) -> str:
    require_role(Role.MANAGER)
    coupon = coupon_of(coupon_id)
    used = select(Order).where(Order.coupon_id == coupon_id)
    page = paging.newest(db(), used, Order.id, asked.key())
    return render_template("myclothes/admin/coupon.html", coupon=coupon, page=page, at=now())


@coupons.post("/<int:coupon_id>/withdrawal")
def create_withdrawal(coupon_id: int) -> Response:
    actor = require_role(Role.MANAGER)
    coupon = coupon_of(coupon_id)
    if withdraw(db(), coupon_id):
        audit(actor, "coupon.withdraw", coupon.code)
    return redirect(url_for("admin.coupons.show", coupon_id=coupon_id, done="withdrawn"), 303)


def answer(form: CouponForm, status: int = 200) -> tuple[str, int]:
    form.kind.choices = [SelectChoice(value, _(text)) for value, text in KINDS]
    return render_template("myclothes/admin/new_coupon.html", form=form), status


def coupon_of(coupon_id: int) -> Coupon:
    """The coupon of an address, or 404."""
    coupon: Coupon | None = db().get(Coupon, coupon_id)
    if coupon is None:
        abort(404, _("There is no such coupon."))
    return coupon

"""Customers, for administrators only."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from apps.chassis import paging
from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.admin import asked
from apps.myclothes.admin.counter import audit
from apps.myclothes.admin.customers import ROLES, LastAdministrator, change_role, search
from apps.myclothes.orders.models import Order

Answer = str | Response | tuple[str, int]

customers = Blueprint("customers", __name__, url_prefix="/customers")


@customers.get("")
def index() -> str:
    require_role(Role.ADMINISTRATOR)
    query, role = asked.text(), asked.chosen("role", ROLES)
    page = paging.newest(db(), search(query, role), Customer.id, asked.key())
    return render_template("myclothes/admin/customers.html", page=page, query=query, role=role, roles=ROLES)


@customers.get("/<int:customer_id>")
def show(customer_id: int) -> Answer:
    require_role(Role.ADMINISTRATOR)
    return answer(customer_of(customer_id))


@customers.post("/<int:customer_id>/role")
def update_role(customer_id: int) -> Answer:
    actor, customer = require_role(Role.ADMINISTRATOR), customer_of(customer_id)
    role, had = request.form.get("role", ""), customer.role
    if role not in ROLES:
        return answer(customer, _("There is no such role."), 422)
    if customer.erased_at is not None:
        return answer(customer, _("This account was erased."), 422)
    try:
        done = change_role(db(), customer, Role(role))
    except LastAdministrator:
        return answer(customer, _("Somebody has to remain who gives roles."), 422)
    if not done:
        return answer(customer, _("Somebody else changed this role a moment ago."), 409)
    audit(actor, "customer.role", customer.email, role=f"{had} → {role}")
    return redirect(url_for("admin.customers.show", customer_id=customer_id, done="saved"), 303)


def answer(customer: Customer, problem: str = "", status: int = 200) -> tuple[str, int]:
    """A customer with their orders, and what went wrong if anything did."""
    bought = select(Order).where(Order.customer_id == customer.id)
    page = paging.newest(db(), bought, Order.id, asked.key())
    text = render_template("myclothes/admin/customer.html", customer=customer, page=page, problem=problem, roles=ROLES)
    return text, status


def customer_of(customer_id: int) -> Customer:
    """The customer of an address, or 404."""
    customer = db().get(Customer, customer_id)
    if customer is None:
        abort(404, _("There is no such customer."))
    return customer

"""Who is asking: the customer behind this request's session."""

from flask import abort, g, redirect, request, url_for

from apps.chassis import visitors
from apps.chassis.context import application, session
from apps.myclothes.accounts.models import Customer, Role


def current_customer() -> Customer | None:
    """Who is signed in, or None; looked up once per request. Raises SessionUnavailable."""
    if "customer" not in g:
        g.customer = visitors.signed_in(Customer)
    found: Customer | None = g.customer
    return found


def require_customer(back: str | None = None) -> Customer:
    """Who is signed in; anybody else is sent to sign in first, and then to `back` or the page they asked for."""
    customer = current_customer()
    if customer is None:
        if back is None and request.method == "GET":
            back = request.full_path.rstrip("?")
        abort(redirect(url_for("accounts.new_session", next=back), 303))
    return customer


def require_role(least: Role) -> Customer:
    """Who is signed in and looks after the shop in that role or a higher one; for all others the page does not exist.

    In production they need a second factor; who has none is sent to set it up first.
    """
    customer = require_customer()
    if not customer.may(least):
        abort(404)
    if application().settings.production and not customer.has_second_factor:
        abort(redirect(url_for("second_factor.new", needed=1), 303))
    return customer


def sign_in(customer: Customer) -> None:
    """Make the session this customer's; the name is kept in it for the head of pages that come from the cache."""
    visitors.sign_in(customer)
    session()["customer_name"] = customer.name
    g.customer = customer

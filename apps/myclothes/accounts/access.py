"""Who is asking: the customer behind this request's session."""

from flask import abort, g, redirect, request, url_for

from apps.chassis.context import db, session
from apps.myclothes.accounts.models import Customer


def current_customer() -> Customer | None:
    """Who is signed in, or None; looked up once per request. Raises SessionUnavailable."""
    if "customer" not in g:
        g.customer = _customer_of_session()
    found: Customer | None = g.customer
    return found


def require_customer() -> Customer:
    """Who is signed in; anybody else is sent to sign in first and back afterwards."""
    customer = current_customer()
    if customer is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        abort(redirect(url_for("accounts.new_session", next=back), 303))
    return customer


def require_administrator() -> Customer:
    """The administrator who is signed in; for all others the page does not exist."""
    customer = require_customer()
    if not customer.administers:
        abort(404)
    return customer


def sign_in(customer: Customer) -> None:
    """Make the session this customer's, under a new id so that nobody who knew the old one is signed in, too."""
    visit = session()
    visit.rotate()
    visit.owner = customer.owner
    visit["customer_id"] = customer.id
    visit["customer_name"] = customer.name
    visit["signed_in_at"] = customer.signed_in_at()
    g.customer = customer


def local_path(path: str | None) -> str | None:
    """The path if it leads to a page of ours; anything that a browser may take for another site is refused."""
    if not path or not path.startswith("/") or len(path) > 500:
        return None
    return None if path[1:2] in ("/", "\\") or any(ord(letter) < 33 for letter in path) else path


def _customer_of_session() -> Customer | None:
    visit = session()
    customer_id, signed_in_at = visit.get("customer_id"), visit.get("signed_in_at")
    if not isinstance(customer_id, int) or not isinstance(signed_in_at, int | float):
        return None
    return Customer.of_session(db(), customer_id, signed_in_at)

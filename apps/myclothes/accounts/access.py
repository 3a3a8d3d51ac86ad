"""Who is asking: the customer behind this request's session."""

from flask import abort, g, redirect, request, url_for

from apps.chassis import passwords
from apps.chassis.context import application, db, session
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


def authenticate(email: str, password: str) -> Customer | None:
    """Whose these are. An unknown address takes as long, and answers the same, as a wrong password.

    To be called before the first use of `db`: hashing takes its time, and no lock may be held meanwhile.
    """
    stored = _password_of(email)
    if not passwords.verify(stored, password) or stored is None:
        return None
    renewed = passwords.hash(password) if passwords.outdated(stored) else stored
    customer = Customer.with_email(db(), email)
    # Somebody may have changed the password while this one was being checked.
    if customer is None or customer.password_hash != stored:
        return None
    customer.password_hash = renewed
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


def _password_of(email: str) -> str | None:
    database = application().database
    assert database is not None
    # From the writer, for a new customer may sign in before any reader knows them.
    reading, _ = database.reader(pinned=True)
    with reading:
        return Customer.password_of(reading, email)


def _customer_of_session() -> Customer | None:
    visit = session()
    customer_id, signed_in_at = visit.get("customer_id"), visit.get("signed_in_at")
    if not isinstance(customer_id, int) or not isinstance(signed_in_at, int | float):
        return None
    return Customer.of_session(db(), customer_id, signed_in_at)

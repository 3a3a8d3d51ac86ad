"""Who may see an order: its customer, or whoever brings its key."""

from flask import abort, request, url_for
from sqlalchemy import select

from apps.chassis.context import application, cache, db
from apps.chassis.languages import gettext as _
from apps.myclothes.accounts.access import current_customer, require_customer
from apps.myclothes.catalog.models import Category
from apps.myclothes.catalog.pages import invalidate
from apps.myclothes.orders.links import is_key, key_of
from apps.myclothes.orders.models import Order


def require_order(number: str) -> Order:
    """The order of that number, for its customer or by its key; whoever brings neither is sent to sign in, or 404."""
    keyed = has_key(number)
    customer = None if keyed else require_customer()
    order = Order.with_number(db(), number, customer)
    if order is None:
        abort(404, _("You have no order of this number."))
    return order


def has_key(number: str) -> bool:
    """Whether this request brings the key of that number."""
    key = request.args.get("key", "")
    return bool(key) and is_key(application().settings, number, key)


def order_url(endpoint: str, order: Order, **values: object) -> str:
    """The address of one of the order's pages for whoever asks now: with its key, unless they are its customer."""
    customer = current_customer()
    if customer is None or order.customer_id != customer.id:
        values["key"] = key_of(application().settings, order.number)
    return url_for(endpoint, number=order.number, **values)  # type: ignore[arg-type]


def renew_pages(order: Order) -> None:
    """Forget the pages that show the order's pieces, since their stock has changed."""
    # All shelves at once, and held so long: else each piece's own and the ones above it would be a question each.
    shelves = db().scalars(select(Category)).all()
    invalidate(cache(), [line.variant.product for line in order.lines])
    del shelves

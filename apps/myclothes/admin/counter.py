"""Behind the counter: which doors are open to whom, and the note of what was changed."""

from typing import Any, NamedTuple

from flask import request, url_for

from apps.chassis.context import application, db
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later
from apps.myclothes.accounts import audits
from apps.myclothes.accounts.access import current_customer
from apps.myclothes.accounts.models import Customer, Role

DOORS = (
    (Role.CLERK, "admin.index", later("Overview")),
    (Role.CLERK, "admin.orders.index", later("Orders")),
    (Role.MANAGER, "admin.products.index", later("Products")),
    (Role.MANAGER, "admin.stock.index", later("Stock")),
    (Role.MANAGER, "admin.imports.new", later("Import")),
    (Role.MANAGER, "admin.coupons.index", later("Coupons")),
    (Role.MANAGER, "admin.sales.index", later("Sales")),
    (Role.ADMINISTRATOR, "admin.customers.index", later("Customers")),
    (Role.ADMINISTRATOR, "admin.audits.index", later("Audits")),
    (Role.ADMINISTRATOR, "admin.faults.index", later("Faults")),
)
# A variant is a page of its product's, what is done with an order one of that order's.
WITHIN = {"admin.variants": "admin.products", "admin.pictures": "admin.products", "admin.handling": "admin.orders"}


class Door(NamedTuple):
    """One link of the counter's navigation."""

    address: str
    text: str
    here: bool


def may(least: Role) -> bool:
    """Whether whoever is signed in has this role or a higher one."""
    customer = current_customer()
    return customer is not None and customer.may(least)


def doors() -> list[Door]:
    """What is open to whoever is signed in."""
    part = WITHIN.get(_part(), _part())
    opened = [(endpoint, text) for least, endpoint, text in DOORS if may(least) and _exists(endpoint)]
    return [Door(url_for(endpoint), _(text), _part(endpoint) == part) for endpoint, text in opened]


def _exists(endpoint: str) -> bool:
    # Faults are for lessons; elsewhere there is no such page.
    return endpoint != "admin.faults.index" or application().faults is not None


def _part(endpoint: str | None = None) -> str:
    return (endpoint or request.endpoint or "").rpartition(".")[0]


def audit(actor: Customer, action: str, subject: str, **detail: Any) -> None:
    """Note the change, and from where it was made; to be called in the request that makes it."""
    audits.record(db(), actor, action, subject, address=request.remote_addr or "", **detail)

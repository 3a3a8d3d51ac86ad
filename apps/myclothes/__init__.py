"""MyClothes: a shop whose state lives in sessions and a database, so that any number of instances can serve it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from apps.chassis.sites import Command, Site

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy import MetaData
    from sqlalchemy.orm import Session

    from apps.chassis.jobs import Jobs
    from apps.chassis.people import Person
    from apps.chassis.settings import Settings
    from apps.chassis.storage import Storage


TABLES = (
    "letters.models",
    "accounts.models",
    "accounts.addresses",
    "accounts.audits",
    "catalog.models",
    "catalog.ledger",
    "catalog.words",
    "catalog.photographs",
    "orders.coupons",
    "orders.models",
    "orders.events",
    "payments.models",
    "payments.testgateway",
)


# Modules that tell and forget what their noun knows of a person.
PERSONAL = ("cart.personal", "orders.personal")


def _blueprints() -> "Sequence[Blueprint]":
    from importlib import import_module

    from apps.myclothes.accounts import views as accounts
    from apps.myclothes.admin.views import admin
    from apps.myclothes.cart.views import cart
    from apps.myclothes.catalog.views import catalog
    from apps.myclothes.orders.views import orders
    from apps.myclothes.payments.views import payments

    for module in PERSONAL:
        import_module(f"{__name__}.{module}")
    return (*accounts.BLUEPRINTS, catalog, cart, orders, payments, admin)


def _metadata() -> "MetaData":
    from importlib import import_module

    from apps.myclothes.models import Base

    # A table is known once its module is imported.
    for module in TABLES:
        import_module(f"{__name__}.{module}")
    return Base.metadata


def _jobs() -> "Jobs":
    from apps.myclothes.jobs import all_jobs

    return all_jobs()


def _seed(db: "Session", settings: "Settings", storage: "Storage") -> None:
    from apps.myclothes.seed import seed

    seed(db)


def _customer() -> "type[Person]":
    from apps.myclothes.accounts.models import Customer

    return Customer


def _commands() -> Mapping[str, Command]:
    from apps.chassis import administrators
    from apps.myclothes.catalog.commands import check_stock, export_catalogue, import_catalogue

    return {
        "administrator": administrators.command(_customer),
        "import-catalogue": Command("[--dry-run] [--stock] FILE: read WooCommerce's product CSV", import_catalogue),
        "export-catalogue": Command("FILE: write the catalogue as WooCommerce's product CSV", export_catalogue),
        "check-stock": Command("name what is in stock other than the ledger says", check_stock),
    }


SITE = Site(
    name="myclothes",
    title="MyClothes",
    package=__name__,
    blueprints=_blueprints,
    metadata=_metadata,
    jobs=_jobs,
    seed=_seed,
    commands=_commands,
    languages=("en", "ko"),
    programs=("/payments/notifications",),
    sitemap="/sitemap.xml",
)

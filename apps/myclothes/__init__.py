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


def _blueprints() -> "Sequence[Blueprint]":
    from apps.myclothes.accounts.views import accounts
    from apps.myclothes.admin.views import admin
    from apps.myclothes.cart.views import cart
    from apps.myclothes.catalog.views import catalog
    from apps.myclothes.orders.views import orders

    return (accounts, catalog, cart, orders, admin)


def _metadata() -> "MetaData":
    # The last noun of the chain imports all others, so every table is known once it is imported.
    from apps.myclothes.orders.models import Order

    return Order.metadata


def _jobs() -> "Jobs":
    from apps.myclothes.orders.jobs import jobs

    return jobs


def _seed(db: "Session", settings: "Settings", storage: "Storage") -> None:
    from apps.myclothes.seed import seed

    seed(db)


def _customer() -> "type[Person]":
    from apps.myclothes.accounts.models import Customer

    return Customer


def _commands() -> Mapping[str, Command]:
    from apps.chassis import administrators
    from apps.myclothes.catalog.commands import import_catalogue

    return {
        "administrator": administrators.command(_customer),
        "import-catalogue": Command("FILE: take over a catalogue in CSV, all of it or nothing", import_catalogue),
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
)

"""New databases of a site, as migrations find them, and what its models expect of one."""

import itertools
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from apps.chassis.database import Database
from apps.chassis.migrations import _configuration, _locked, _make_own_tables
from apps.chassis.settings import Settings
from apps.chassis.sites import Site
from apps.chassis.transactions import transaction

_numbers = itertools.count(1)


def empty(site: Site, request: pytest.FixtureRequest, folder: Path) -> Settings:
    """The settings of a new, empty database of the kind that the fixture's parameter names."""
    key = "a key that nobody guesses, in tests only"
    environ = {"APP": site.name, "VAR_DIR": str(folder), "SECRET_KEY": key}
    if request.param == "mariadb":
        server, name = request.getfixturevalue("mariadb"), f"{site.name}_migrated_{next(_numbers)}"
        server.create(name)
        environ["DATABASE_URL"] = server.url(name)
    settings = Settings.from_environ(environ)
    settings.data_dir.mkdir(parents=True)
    return settings


def first_release(site: Site, settings: Settings, database: Database, fill: Callable[[Connection], None]) -> None:
    """Make the tables of the first release, with what `fill` puts into them."""
    from alembic import command

    assert site.metadata is not None
    with _locked(settings.database_url) as connection:
        _make_own_tables(connection)
        command.upgrade(_configuration(site, connection, site.metadata()), "0001")
    with transaction(database) as session:
        fill(session.connection())


def difference(site: Site, connection: Connection, retired: Collection[str] = ()) -> list[Any]:
    """What the models have and the database has not, or the other way round, but for `retired` columns and indexes."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
        if kind == "table":
            return not (name or "").startswith(("chassis_", "alembic_"))
        return name not in retired

    assert site.metadata is not None
    context = MigrationContext.configure(connection, opts={"include_object": is_ours})
    return list(compare_metadata(context, site.metadata()))

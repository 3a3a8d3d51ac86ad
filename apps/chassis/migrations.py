"""Alembic under a lock: however many instances start at once, each revision runs once.

A release may find a database that a later release has already changed, because web and worker environments are
deployed one after the other, and roll back. So migrations expand first and contract later:

1. Expand: add a table, a nullable column or one with a server default, an index. The old code goes on serving.
2. Deploy the code that uses it, and let no old instance remain.
3. Contract, in a later release: drop what no running code names any more.

A database ahead of the code is therefore not an error: there is nothing to do, and the site serves.

SQLite changes everything in one transaction. MariaDB and MySQL commit with every change of a table, so a revision that
dies half way leaves its first half behind: one change per revision, or `if_not_exists=True`.
"""

import ast
import importlib.util
import logging
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, MetaData, insert, select, text
from sqlalchemy.exc import DBAPIError

from apps.chassis import engines
from apps.chassis.settings import Settings
from apps.chassis.sqlite import is_locked
from apps.chassis.tables import EPOCH, HEARTBEAT, METADATA

if TYPE_CHECKING:
    from alembic.config import Config

WAIT_SECONDS = 300
_ASSIGNED = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*(.+)$", re.M)
_MISSING_TABLE = 1146

logger = logging.getLogger(__name__)


class MigrationError(RuntimeError):
    """The database was not migrated; the text says why."""


class Migrated(Protocol):
    """What is asked of a site: the package that holds `migrations/versions`, and its tables if it has a database."""

    @property
    def package(self) -> str: ...

    @property
    def metadata(self) -> Callable[[], MetaData] | None: ...


def pending(site: Migrated, settings: Settings) -> bool:
    """Whether `migrate` has something to do; it reads one table and does not load Alembic.

    Raises SQLAlchemy's OperationalError when the database cannot be reached.
    """
    return site.metadata is not None and _is_pending(site, settings.database_url)


def migrate(site: Migrated, settings: Settings) -> None:
    """Bring the database to the newest revision that this release knows, or leave one that is newer as it is.

    Waits up to five minutes for another process that is at it. Raises MigrationError when that takes longer or a
    migration would break a reference, and SQLAlchemy's errors as they come.
    """
    if site.metadata is None or not pending(site, settings):
        return
    metadata = site.metadata()
    with _locked(settings.database_url) as connection:
        if _lacks_revisions(site, connection):
            _make_own_tables(connection)
            _upgrade(_configuration(site, connection, metadata))


def newest(site: Migrated) -> str:
    """The last revision that this release knows; empty if there is none."""
    known = _revisions(site)
    return max(set(known) - set(known.values()), default="")


def revise(site: Migrated, settings: Settings, message: str) -> Path:
    """Migrate, then write the next revision: what the models have and the database has not. Gives the new file."""
    if site.metadata is None:
        raise MigrationError("this site has no database")
    migrate(site, settings)
    versions = _versions(site)
    before = set(versions.glob("*.py"))
    with _locked(settings.database_url) as connection:
        from alembic import command

        configuration = _configuration(site, connection, site.metadata())
        command.revision(configuration, message, autogenerate=True, rev_id=f"{len(_revisions(site)) + 1:04}")
    return (set(versions.glob("*.py")) - before).pop()


def _is_pending(site: Migrated, url: str) -> bool:
    engine = engines.reading_engine(engines.normalised(url), pool_size=1)
    try:
        with engine.connect() as connection:
            return _lacks_revisions(site, connection)
    finally:
        engine.dispose()


def _lacks_revisions(site: Migrated, connection: Connection) -> bool:
    known = _revisions(site)
    current = _current(connection)
    if current is None:
        return True
    if not current <= set(known):
        logger.info("the database is at revision %s, of a later release than this one", ", ".join(sorted(current)))
        return False
    return current != set(known) - set(known.values())


def _current(connection: Connection) -> set[str] | None:
    try:
        return set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    except DBAPIError as error:
        if engines.code_of(error.orig) != _MISSING_TABLE and "no such table" not in str(error.orig):
            raise
        return None


def _revisions(site: Migrated) -> Mapping[str, str | None]:
    """Each revision on disk with the one before it."""
    found = {}
    for path in sorted(_versions(site).glob("*.py")):
        assigned = {name: ast.literal_eval(value) for name, value in _ASSIGNED.findall(path.read_text("utf-8"))}
        if "revision" in assigned:
            found[assigned["revision"]] = assigned.get("down_revision")
    return found


def _versions(site: Migrated) -> Path:
    spec = importlib.util.find_spec(site.package)
    if spec is None or not spec.submodule_search_locations:
        raise MigrationError(f"{site.package} is no package")
    return Path(spec.submodule_search_locations[0]) / "migrations" / "versions"


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    engine = engines.migrating_engine(engines.normalised(url))
    lock = _locked_sqlite if engine.dialect.name == "sqlite" else _locked_mysql
    try:
        with engine.connect() as connection, lock(connection):
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _locked_mysql(connection: Connection) -> Iterator[None]:
    # The server gives the lock back by itself when this connection ends, however it ends.
    name = f"migrate {connection.engine.url.database}"[:64]
    if connection.scalar(text("SELECT GET_LOCK(:name, :seconds)"), {"name": name, "seconds": WAIT_SECONDS}) != 1:
        raise MigrationError(f"another process has been migrating for {WAIT_SECONDS} seconds")
    connection.rollback()
    yield
    connection.commit()


@contextmanager
def _locked_sqlite(connection: Connection) -> Iterator[None]:
    driver = connection.connection.driver_connection
    assert driver is not None
    # A table is changed by copying and dropping it, which must not take along what refers to it.
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        transaction = connection.execution_options(wait_seconds=WAIT_SECONDS).begin()
    except DBAPIError as error:
        if is_locked(error.orig):
            raise MigrationError(f"another process has been migrating for {WAIT_SECONDS} seconds") from error
        raise
    with transaction:
        yield
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise MigrationError(f"a migration left references to nothing, in: {', '.join({r[0] for r in broken})}")


def _make_own_tables(connection: Connection) -> None:
    METADATA.create_all(connection)
    if connection.scalar(select(HEARTBEAT.c.id)) is None:
        connection.execute(insert(HEARTBEAT).values(id=1, beat_at=datetime.now(UTC)))
    if connection.scalar(select(EPOCH.c.id)) is None:
        connection.execute(insert(EPOCH).values(id=1, token=secrets.token_hex(8)))
    if connection.dialect.name != "sqlite":
        connection.commit()


def _upgrade(configuration: "Config") -> None:
    from alembic import command

    command.upgrade(configuration, "head")


def _configuration(site: Migrated, connection: Connection, metadata: MetaData) -> "Config":
    from alembic.config import Config

    attributes: dict[str, Any] = {"connection": connection, "metadata": metadata}
    configuration = Config(attributes=attributes)
    # Alembic reads a percent sign in these as the start of a reference.
    for name, value in {
        "script_location": str(Path(__file__).parent / "alembic"),
        "version_locations": str(_versions(site)),
        "file_template": "%(rev)s_%(slug)s",
        "path_separator": "newline",
    }.items():
        configuration.set_main_option(name, value.replace("%", "%%"))
    return configuration

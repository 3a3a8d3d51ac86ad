"""A site's database in one file: all its rows as of one moment, on any kind of database.

The file is JSON by lines, gzipped: a heading, each table with its rows and their checksum, and a checksum of it all.
What comes back by itself is left out: the heartbeat, and which jobs were done. Sessions, the cache and the queue are
other services, with backups of their own; files go along in a snapshot.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, select, text
from sqlalchemy.exc import InterfaceError, OperationalError, StatementError

from apps.chassis import engines
from apps.chassis.archives import Archive, BadArchive, Writer
from apps.chassis.commands import CommandError
from apps.chassis.epochs import turn
from apps.chassis.migrations import migrate, newest
from apps.chassis.settings import Settings
from apps.chassis.sites import Site

# A row may hold a picture, and a restore must not need more memory than the shop itself.
AT_ONCE = 100


def backup(site: Site, settings: Settings, file: Path) -> Mapping[str, int]:
    """Write all rows as of this moment, while others go on writing; answers how many each table has.

    The file appears once it is whole and on disk, for its owner's eyes only. Raises CommandError if it exists already.
    """
    if file.exists():
        raise CommandError(f"{file} is there already")
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.unfinished")
    try:
        with _private(unfinished) as descriptor, Writer(descriptor) as writer, _snapshot(settings) as connection:
            counts = _write(site, connection, writer)
        # A link, and no renaming, since that would replace what has come to be there meanwhile.
        os.link(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    return counts


def verify(site: Site, file: Path) -> Mapping[str, int]:
    """Read the whole file and check it; answers the rows of each table, or raises CommandError."""
    counts: dict[str, int] = {}
    with _told(file), Archive(file) as archive:
        _check(site, archive.heading)
        for table, _, rows in archive.tables():
            counts[table] = sum(1 for _ in rows)
    return counts


def values(site: Site, file: Path, wanted: Collection[tuple[str, str]]) -> Iterator[Any]:
    """What the rows have in these columns, each a table and its column. Reads the whole file, and checks it so."""
    with _told(file), Archive(file) as archive:
        _check(site, archive.heading)
        for table, columns, rows in archive.tables():
            places = [place for place, column in enumerate(columns) if (table, column) in wanted]
            for row in rows:
                yield from (row[place] for place in places)


def refuse_rows(site: Site, settings: Settings) -> None:
    """Raise CommandError if the database has rows, which a restore finds again by itself, if later."""
    with _snapshot(settings) as connection:
        _empty(connection, _tables(site, connection), replace=False)


def restore(site: Site, settings: Settings, file: Path, *, replace: bool = False) -> Mapping[str, int]:
    """Verify the file, then write all its rows in one transaction; the database must be empty, or is to be replaced.

    A database without tables gets them first. Raises CommandError, with the database as it was, if the file is damaged
    or of another version than the database, or if there are rows and `replace` was not asked for.
    """
    counts = verify(site, file)
    migrate(site, settings)
    with _told(file), Archive(file) as archive, _writing(settings) as connection:
        tables = _tables(site, connection)
        _check_version(archive.heading["revision"], _revision(connection))
        _empty(connection, tables, replace=replace)
        for name, columns, rows in archive.tables():
            _fill(connection, _matching(tables, name, columns), columns, rows)
        _recount(connection, tables, counts)
        turn(connection)
    return counts


def _write(site: Site, connection: Connection, writer: Writer) -> dict[str, int]:
    heading = {"site": site.name, "revision": _revision(connection), "taken_at": datetime.now(UTC).isoformat()}
    writer.begin(heading)
    counts = {}
    # Streamed, and in the order of their keys, so that the same rows make the same file.
    streaming = connection.execution_options(stream_results=True, yield_per=AT_ONCE)
    for table in _tables(site, connection).values():
        with streaming.execute(select(table).order_by(*table.primary_key)) as rows:
            counts[table.name] = writer.table(table.name, list(table.columns.keys()), rows)
    return counts


def _tables(site: Site, connection: Connection) -> dict[str, Table]:
    """The site's tables as they are in the database, with columns that the models have left; referred ones first."""
    assert site.metadata is not None
    wanted = site.metadata()
    found = MetaData()
    found.reflect(connection, only=list(wanted.tables), resolve_fks=False)
    return {table.name: found.tables[table.name] for table in wanted.sorted_tables}


def _revision(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _check(site: Site, heading: Mapping[str, Any]) -> None:
    if heading.get("site") != site.name:
        raise BadArchive(f"it is a backup of {heading.get('site')}, not of {site.name}")
    _check_version(heading.get("revision"), newest(site))


def _check_version(backed_up: str | None, present: str) -> None:
    if backed_up != present:
        raise BadArchive(f"it is of revision {backed_up}, not {present}: restore it with the release that made it")


def _empty(connection: Connection, tables: Mapping[str, Table], *, replace: bool) -> None:
    for table in reversed(list(tables.values())):
        if replace:
            connection.execute(table.delete())
        elif connection.scalar(select(func.count()).select_from(table)):
            raise CommandError(f"the database has rows in {table.name}; --replace deletes all that it has")


def _matching(tables: Mapping[str, Table], name: str, columns: Sequence[str]) -> Table:
    if name not in tables or set(columns) != set(tables[name].columns.keys()):
        raise BadArchive(f"its table {name} has other columns than the database's")
    return tables[name]


def _fill(connection: Connection, table: Table, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    batch = []
    for row in rows:
        batch.append(dict(zip(columns, row, strict=True)))
        if len(batch) == AT_ONCE:
            _insert(connection, table, batch)
            batch = []
    if batch:
        _insert(connection, table, batch)


def _insert(connection: Connection, table: Table, batch: list[dict[str, Any]]) -> None:
    try:
        connection.execute(table.insert(), batch)
    except (OperationalError, InterfaceError):
        raise
    except StatementError as error:
        raise BadArchive(f"a row of {table.name} is not what the database takes: {error.orig}") from error


def _recount(connection: Connection, tables: Mapping[str, Table], counts: Mapping[str, int]) -> None:
    for name, table in tables.items():
        present = connection.scalar(select(func.count()).select_from(table))
        if present != counts.get(name, 0):
            raise BadArchive(f"{present} rows came into {name} of {counts.get(name, 0)}")


@contextmanager
def _snapshot(settings: Settings) -> Iterator[Connection]:
    """A connection that sees the database as it was at its first question, and makes nobody wait."""
    url = engines.normalised(settings.database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = engines.reading_engine(url, pool_size=1) if is_sqlite else engines.migrating_engine(url)
    try:
        with engine.connect() as connection:
            yield connection if is_sqlite else connection.execution_options(isolation_level="REPEATABLE READ")
    finally:
        engine.dispose()


@contextmanager
def _writing(settings: Settings) -> Iterator[Connection]:
    """One transaction in which rows may come in any order."""
    engine = engines.migrating_engine(engines.normalised(settings.database_url))
    try:
        with engine.begin() as connection:
            # A category may be within one that comes later. SQLite looks at the commit, MariaDB not at all.
            is_sqlite = engine.dialect.name == "sqlite"
            connection.execute(text("PRAGMA defer_foreign_keys = ON" if is_sqlite else "SET foreign_key_checks = 0"))
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _private(file: Path) -> Iterator[int]:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield descriptor
    finally:
        with suppress(OSError):
            os.close(descriptor)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except BadArchive as error:
        raise CommandError(f"{file}: {error}") from error

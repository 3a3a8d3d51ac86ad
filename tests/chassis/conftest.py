"""Databases for the tests of the chassis, one of each kind."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.chassis import frame
from apps.chassis.database import Database
from apps.chassis.frame import RequestRecord
from apps.chassis.transactions import transaction
from tests.chassis.replicated import MAX_LAG, Connect, make_tables, role
from tests.chassis.tables import METADATA, NOTES
from tests.services.endpoint import Endpoint
from tests.services.mariadb import Replication
from tests.support.waiting import wait_until

_numbers = itertools.count(1)


@pytest.fixture
def mysql_url(replication: Replication) -> str:
    """The URL of a new, empty database on the primary."""
    name = f"test_{next(_numbers)}"
    replication.create(name)
    return replication.primary.url(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/database.sqlite3"


@pytest.fixture(params=["sqlite", "mysql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a new, empty database; once of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database of each kind with one table, `notes`."""
    database = Database(url)
    with database.writer() as session:
        METADATA.create_all(session.connection())
        session.commit()
    yield database
    database.dispose()


@pytest.fixture
def mysql_database(mysql_url: str) -> Iterator[Database]:
    database = Database(mysql_url)
    with transaction(database) as session:
        NOTES.metadata.create_all(session.connection())
    yield database
    database.dispose()


@pytest.fixture
def endpoint(mysql_url: str, replication: Replication) -> Iterator[Endpoint]:
    endpoint = Endpoint(replication.primary.port)
    yield endpoint
    endpoint.stop()


@pytest.fixture
def behind(mysql_url: str, replication: Replication, endpoint: Endpoint) -> Iterator[Database]:
    """A MariaDB database with `notes`, whose round trips the endpoint counts."""
    database = Database(mysql_url.replace(f":{replication.primary.port}/", f":{endpoint.port}/"))
    with transaction(database) as session:
        NOTES.metadata.create_all(session.connection())
    yield database
    database.dispose()


@pytest.fixture
def record() -> Iterator[RequestRecord]:
    """The record of a request, as the frame keeps one."""
    record = RequestRecord()
    token = frame._current.set(record)
    yield record
    frame._current.reset(token)


@pytest.fixture
def name(replication: Replication) -> str:
    """A new database with a heartbeat and `notes`, on both servers."""
    name = f"lag_{next(_numbers)}"
    replication.create(name)
    database = Database(replication.primary.url(name))
    make_tables(database)
    database.dispose()
    replication.catch_up()
    return name


@pytest.fixture
def connect(replication: Replication, name: str) -> Iterator[Connect]:
    """Databases like those of other processes: `connect(writer_port=..., readers=[...])`."""
    made: list[Database] = []

    def connect(
        writer_port: int | None = None, readers: list[int] | None = None, *, max_lag_seconds: float = MAX_LAG
    ) -> Database:
        ports = [replication.replica.port] if readers is None else readers
        urls = [replication.replica.url(name, port=port) for port in ports]
        made.append(Database(replication.primary.url(name, port=writer_port), urls, max_lag_seconds=max_lag_seconds))
        return made[-1]

    yield connect
    for database in made:
        database.dispose()


@pytest.fixture
def followed(connect: Connect) -> Database:
    """The pair as a process sees it that has found its reader in rotation."""
    database = connect()
    wait_until(lambda: role(database) == "reader-1")
    return database

"""An empty cache of each kind over a database with `notes`, and the record of a request."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.chassis import frame
from apps.chassis.cache import Cache, open_cache
from apps.chassis.database import Database
from tests.chassis.tables import METADATA
from tests.services.endpoint import Endpoint
from tests.services.redis_server import RedisServer


@pytest.fixture
def cache_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty cache of the kind that the test is run with."""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        server.command("FLUSHALL")
        return server.url(2)
    return {"sqlite": f"sqlite:///{tmp_path}/cache.sqlite3", "null": "null:"}[request.param]


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    with database.writer() as session:
        METADATA.create_all(session.connection())
        session.commit()
    yield database
    database.dispose()


@pytest.fixture
def cache(cache_url: str, database: Database) -> Iterator[Cache]:
    cache = open_cache(cache_url, database=database, prefix="test")
    yield cache
    cache.close()


@pytest.fixture
def record() -> Iterator[frame.RequestRecord]:
    """The record of the request in which the test runs."""
    record = frame.RequestRecord()
    token = frame._current.set(record)
    yield record
    frame._current.reset(token)


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A server of the test's own, to be broken."""
    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def endpoint(own_redis: RedisServer) -> Iterator[Endpoint]:
    endpoint = Endpoint(own_redis.port)
    yield endpoint
    endpoint.stop()

"""The backing services that the functional tests of MyClothes run over."""

import itertools
from collections.abc import Iterator

import pytest

from tests.functional.lived_in import LivedIn, running
from tests.services.mariadb import MariaDb
from tests.services.redis_server import RedisServer

_numbers = itertools.count(1)


@pytest.fixture(params=["embedded", "served"])
def services(request: pytest.FixtureRequest) -> dict[str, str]:
    """Once nothing but files on this machine, once MariaDB and Redis."""
    if request.param == "embedded":
        return {}
    mariadb: MariaDb = request.getfixturevalue("mariadb")
    redis: RedisServer = request.getfixturevalue("redis_server")
    name = f"clothes_{next(_numbers)}"
    mariadb.create(name)
    redis.command("flushall")
    return {"DATABASE_URL": mariadb.url(name), "SESSION_URL": redis.url(3), "CACHE_URL": redis.url(4)}


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivedIn]:
    """A shop with a past, for tests that leave nothing to each other."""
    with running(tmp_path_factory.mktemp("lived-in")) as shop:
        yield shop

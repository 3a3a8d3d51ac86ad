"""The backing services that the functional tests of MyClothes run over."""

import itertools

import pytest

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

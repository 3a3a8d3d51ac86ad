"""A cache that is away: slower, nothing else. And what a cache in Redis costs while it is there."""

import time
from pathlib import Path

import pytest

from apps.chassis.cache import Cache, open_cache
from apps.chassis.database import Database
from apps.chassis.frame import RequestRecord
from tests.chassis.cache import Loads, giving
from tests.services.endpoint import Endpoint
from tests.services.redis_server import RedisServer
from tests.support.waiting import wait_until


@pytest.fixture(params=["redis", "sqlite"])
def broken(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Cache:
    """A cache that has gone away."""
    if request.param == "sqlite":
        return open_cache(f"sqlite:///{tmp_path}", database=database, prefix="test")
    server: RedisServer = request.getfixturevalue("own_redis")
    cache = open_cache(server.url(2), database=database, prefix="test")
    cache.put("a", "value", 60)
    server.kill()
    return cache


def test_a_broken_cache_is_a_miss_that_is_told_apart(broken: Cache, record: RequestRecord) -> None:
    loads = Loads()
    assert [broken.fetch("a", 60, loads) for _ in range(3)] == [1, 2, 3]
    assert record.cache == "broken"
    broken.put("a", 1, 60)
    broken.invalidate("a")
    assert (broken.get("a", "nothing"), broken.count("a", 60)) == ("nothing", None)
    assert not broken.ready()["ok"]


def test_what_a_loader_raises_passes_through_a_broken_cache(broken: Cache) -> None:
    def fail(_: object) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        broken.fetch("a", 60, fail)


def test_a_cache_that_hangs_costs_one_timeout_and_then_nothing(own_redis: RedisServer, database: Database) -> None:
    cache = open_cache(own_redis.url(2), database=database, prefix="test")
    cache.put("a", "cached", 60)
    own_redis.pause()
    began = time.monotonic()
    assert [cache.fetch("a", 60, giving("loaded")) for _ in range(20)] == ["loaded"] * 20
    assert 0.9 < time.monotonic() - began < 1.6
    own_redis.unpause()
    wait_until(lambda: cache.fetch("a", 60, giving("loaded")) == "cached")


def test_what_was_invalidated_while_the_cache_was_away_is_not_found_when_it_is_back(
    own_redis: RedisServer, database: Database
) -> None:
    cache = open_cache(own_redis.url(2), database=database, prefix="test")
    for key in ("changed", "unchanged"):
        cache.put(key, "old", 60)
    own_redis.pause()
    cache.invalidate("changed")
    own_redis.unpause()
    wait_until(lambda: cache.get("unchanged") == "old")
    assert cache.get("changed") is None


def test_a_value_that_cannot_be_read_is_loaded(
    own_redis: RedisServer, database: Database, record: RequestRecord
) -> None:
    cache = open_cache(own_redis.url(2), database=database, prefix="test")
    own_redis.command("-n", 2, "SET", "cache:test:a", "j{")
    assert (cache.fetch("a", 60, giving(1)), record.cache) == (1, "broken")


def test_redis_is_asked_once_for_a_warm_value_and_three_times_for_a_missing_one(
    own_redis: RedisServer, endpoint: Endpoint, database: Database, record: RequestRecord
) -> None:
    cache = open_cache(own_redis.url(2, port=endpoint.port), database=database, prefix="test")
    for _ in range(2):
        cache.fetch("warm up", 60, giving(1))
        cache.invalidate("warm up")
        cache.count("warm up", 60)

    def trips(work: object) -> int:
        assert callable(work)
        before, record.cache_trips = endpoint.requests, 0
        work()
        assert record.cache_trips == endpoint.requests - before
        return record.cache_trips

    assert trips(lambda: cache.fetch("a", 60, giving(1))) == 3
    assert trips(lambda: cache.fetch("a", 60, giving(1))) == 1
    assert trips(lambda: cache.get("a")) == 1
    assert trips(lambda: cache.put("a", 1, 60)) == 1
    assert trips(lambda: cache.invalidate("a", "b", "c")) == 1
    assert trips(lambda: cache.count("a", 60)) == 1


def test_everything_in_redis_has_a_lifetime(own_redis: RedisServer, database: Database) -> None:
    cache = open_cache(own_redis.url(2), database=database, prefix="test")
    cache.fetch("a", 60, giving(1))
    cache.put("b", 1, 60)
    cache.invalidate("c")
    cache.count("d", 60)
    cache._claim("test:e")
    names = own_redis.command("-n", 2, "KEYS", "*").split()
    lives = {name: int(own_redis.command("-n", 2, "PTTL", name)) for name in names}
    assert all(life > 0 for life in lives.values())
    assert 57_000 - 1000 < lives["cache:test:a"] <= 60_000

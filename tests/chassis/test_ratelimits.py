"""Rate limits over real counters."""

import threading
import time
from pathlib import Path

import pytest
from werkzeug.exceptions import TooManyRequests

from apps.chassis.cache import Cache, open_cache
from apps.chassis.ratelimits import check
from tests.services.redis_server import RedisServer
from tests.support.waiting import wait_until

# Windows begin at whole multiples; so long a one does not end while a test runs, but once in a blue moon.
LONG = 86_400 * 365


@pytest.fixture(params=["sqlite", "redis", "null"])
def counters(request: pytest.FixtureRequest, tmp_path: Path) -> Cache:
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        server.command("FLUSHALL")
        return open_cache(server.url(3), database=None, prefix="test")
    return open_cache(
        f"sqlite:///{tmp_path}/cache" if request.param == "sqlite" else "null:", database=None, prefix="t"
    )


def test_so_many_pass_and_the_next_is_told_how_long_to_wait(counters: Cache) -> None:
    for _ in range(3):
        check(counters, "sign-in", "203.0.113.7", 3, LONG)
    with pytest.raises(TooManyRequests) as refusal:
        check(counters, "sign-in", "203.0.113.7", 3, LONG)
    seconds = LONG - time.time() % LONG
    assert seconds - 1 < int(dict(refusal.value.get_headers())["Retry-After"]) <= seconds + 2


def test_keys_and_kinds_of_attempts_are_counted_apart(counters: Cache) -> None:
    for name, key in (("sign-in", "a"), ("sign-in", "b"), ("reset", "a"), ("reset", "가")):
        check(counters, name, key, 1, LONG)
    with pytest.raises(TooManyRequests):
        check(counters, "reset", "가", 1, LONG)


def test_many_at_once_are_all_counted(counters: Cache) -> None:
    threads = [threading.Thread(target=counters.count, args=("x", LONG)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counters.count("x", LONG) == 21


def test_who_waits_for_the_next_window_passes(counters: Cache) -> None:
    wait_until(lambda: counters.count("x", 1) == 2)
    wait_until(lambda: counters.count("x", 1) == 1)


def test_a_broken_cache_lets_everybody_through(tmp_path: Path) -> None:
    broken = open_cache(f"sqlite:///{tmp_path}", database=None, prefix="test")
    for _ in range(5):
        check(broken, "sign-in", "a", 1, LONG)

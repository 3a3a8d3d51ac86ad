"""Many who miss at once, loaders that fail or are overtaken, and readers that lag behind."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from apps.chassis import cache as cache_module
from apps.chassis import tables
from apps.chassis.cache import Cache, open_cache
from apps.chassis.cache import redis as redis_cache
from apps.chassis.cache import sqlite as sqlite_cache
from apps.chassis.database import Database
from apps.chassis.transactions import transaction
from tests.chassis.cache import Loads, every_cache, giving, real_caches
from tests.chassis.tables import METADATA, NOTES
from tests.services.mariadb import Replication
from tests.support.waiting import wait_until

PROCESSES, THREADS = 2, 25


def load_slowly(cache: Cache, barrier: Barrier, log: Path) -> None:
    def load(_: Session) -> str:
        with log.open("a") as lines:
            lines.write("loaded\n")
        time.sleep(0.3)
        return "value"

    barrier.wait(60)
    value = cache.fetch("popular", 60, load)
    with log.open("a") as lines:
        lines.write(f"{value}\n")


def visit_in_another_process(cache_url: str, database_url: str, barrier: Barrier, log: Path) -> None:
    database = Database(database_url)
    cache = open_cache(cache_url, database=database, prefix="test")
    threads = [threading.Thread(target=load_slowly, args=(cache, barrier, log)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache.close()
    database.dispose()


@real_caches
def test_of_fifty_who_miss_at_once_one_loads(cache: Cache, cache_url: str, sqlite_url: str, tmp_path: Path) -> None:
    context, log = multiprocessing.get_context("spawn"), tmp_path / "log"
    barrier = context.Barrier(PROCESSES * THREADS)
    words = (cache_url, sqlite_url, barrier, log)
    processes = [context.Process(target=visit_in_another_process, args=words) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    lines = log.read_text().split()
    assert (lines.count("loaded"), lines.count("value")) == (1, PROCESSES * THREADS)


@real_caches
def test_what_was_read_before_an_invalidation_is_not_stored_after_it(cache: Cache) -> None:
    def load_old_value(_: Session) -> str:
        cache.invalidate("a", "b")
        return "old"

    assert cache.fetch("a", 60, load_old_value) == "old"
    assert cache.get("a") is None
    assert cache.fetch("a", 60, giving("new")) == "new"
    assert cache.get("a") == "new"


@real_caches
def test_an_invalidation_with_the_commit_happens_before_and_after_it(cache: Cache, database: Database) -> None:
    cache.put("a", "old", 60)
    with transaction(database):
        cache.invalidate_with_commit("a")
        assert cache.get("a") is None
        cache.put("a", "old, read before the commit", 60)
    assert cache.get("a") is None


@real_caches
def test_a_loader_that_was_overtaken_does_not_overwrite_its_successor(cache: Cache) -> None:
    def load_old_value(_: Session) -> str:
        cache.invalidate("a")
        assert cache.fetch("a", 60, giving("new")) == "new"
        return "old"

    assert cache.fetch("a", 60, load_old_value) == "old"
    assert cache.get("a") == "new"


@real_caches
def test_a_loader_that_fails_lets_the_next_one_load_at_once(cache: Cache) -> None:
    def fail(_: Session) -> None:
        raise LookupError("nothing there")

    began = time.monotonic()
    with pytest.raises(LookupError):
        cache.fetch("a", 60, fail)
    assert cache.fetch("a", 60, giving(1)) == 1
    assert time.monotonic() - began < 1


@pytest.fixture
def short_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sqlite_cache, redis_cache):
        monkeypatch.setattr(module, "CLAIM_SECONDS", 0.3)


@real_caches
@pytest.mark.usefixtures("short_claims")
def test_a_loader_that_died_is_replaced(cache: Cache) -> None:
    cache._claim("test:a")
    began, loads = time.monotonic(), Loads()
    assert cache.fetch("a", 60, loads) == 1
    assert 0.2 < time.monotonic() - began < 1.5
    assert cache.fetch("a", 60, loads) == 1


@real_caches
@pytest.mark.usefixtures("short_claims")
def test_a_loader_that_is_only_slow_stores_its_value_if_nobody_took_its_place(cache: Cache) -> None:
    def load(_: Session) -> str:
        time.sleep(0.5)
        return "late"

    cache.fetch("a", 60, load)
    assert cache.get("a") == "late"


@real_caches
@pytest.mark.usefixtures("short_claims")
def test_a_loader_whose_place_was_taken_stores_nothing(cache: Cache) -> None:
    def load(_: Session) -> str:
        time.sleep(0.5)
        assert cache.fetch("a", 60, giving("successor")) == "successor"
        return "late"

    assert cache.fetch("a", 60, load) == "late"
    assert cache.get("a") == "successor"


@real_caches
def test_whoever_has_waited_long_enough_loads_without_a_claim(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "WAIT_SECONDS", 0.2)
    cache._claim("test:a")
    began = time.monotonic()
    assert cache.fetch("a", 60, giving("own")) == "own"
    assert 0.15 < time.monotonic() - began < 1
    assert cache.get("a") is None


@pytest.fixture
def replicated(mysql_url: str, replication: Replication) -> Iterator[Database]:
    """A MariaDB database with a reader in rotation and one note, "old"."""
    reader_url = mysql_url.replace(f":{replication.primary.port}/", f":{replication.replica.port}/")
    database = Database(mysql_url, [reader_url], max_lag_seconds=2)
    with transaction(database) as session:
        for metadata in (METADATA, tables.METADATA):
            metadata.create_all(session.connection())
        session.execute(insert(NOTES).values(id=1, text="old"))
        session.execute(insert(tables.HEARTBEAT).values(id=1, beat_at=datetime.now(UTC)))
    replication.catch_up()
    database.start()
    wait_until(lambda: role_of_reader(database) == "reader-1", 10)
    yield database
    database.stop()
    database.dispose()


def role_of_reader(database: Database) -> str:
    session, role = database.reader()
    session.close()
    return role


def text_and_server(session: Session) -> list[object]:
    return [session.scalar(select(NOTES.c.text)), session.scalar(text("SELECT @@server_id"))]


@real_caches
def test_after_an_invalidation_values_come_from_the_writer_while_readers_may_lag(
    cache_url: str, replicated: Database, replication: Replication
) -> None:
    cache = open_cache(cache_url, database=replicated, prefix="test")
    assert cache.fetch("changed", 60, text_and_server) == ["old", 2]
    replication.stop_sql_thread()
    try:
        with transaction(replicated) as session:
            session.execute(update(NOTES).values(text="new"))
        cache.invalidate("changed")
        assert cache.fetch("changed", 60, text_and_server) == ["new", 1]
        assert cache.get("changed") == ["new", 1]
        assert cache.fetch("unrelated", 60, text_and_server) == ["old", 2]
    finally:
        replication.resume()
    # Once readers must have caught up, they are asked again.
    cache.put("changed", "short-lived", 0.01)
    wait_until(lambda: asked_anew(cache) == ["new", 2], replicated.pin_seconds + 10)


def asked_anew(cache: Cache) -> object:
    return cache.fetch("changed", 0.001, text_and_server)


@every_cache
def test_what_is_shared_is_made_once_and_what_fails_is_not_kept(cache: Cache) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        if len(made) == 1:
            raise LookupError("not for all")
        return b"%d" % len(made)

    with pytest.raises(LookupError):
        cache.share("a", 60, make)
    first = cache.share("a", 60, make)
    assert first == b"2"
    assert cache.share("a", 60, make) == (first if cache.stores else b"3")

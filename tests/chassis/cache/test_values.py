"""What a cache keeps, for how long, and what it answers."""

import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from apps.chassis.cache import Cache, open_cache
from apps.chassis.cache import sqlite as sqlite_cache
from apps.chassis.database import Database
from apps.chassis.engines import ReadOnlyRequest
from apps.chassis.frame import RequestRecord
from apps.chassis.transactions import transaction
from tests.chassis.cache import Loads, every_cache, giving, real_caches
from tests.chassis.tables import NOTES
from tests.support.waiting import wait_until


def outcome(record: RequestRecord) -> str | None:
    """What the record says, and then a new record."""
    found, record.cache = record.cache, None
    return found


@real_caches
def test_a_value_is_loaded_once_and_then_found(cache: Cache, record: RequestRecord) -> None:
    loads = Loads()
    assert (cache.fetch("a", 60, loads), outcome(record)) == (1, "miss")
    assert (cache.fetch("a", 60, loads), outcome(record)) == (1, "hit")
    assert cache.fetch("b", 60, loads) == 2


@pytest.mark.parametrize("cache_url", ["null"], indirect=True)
def test_without_a_cache_each_fetch_loads(cache: Cache, record: RequestRecord) -> None:
    loads = Loads()
    assert [cache.fetch("a", 60, loads) for _ in range(3)] == [1, 2, 3]
    cache.put("a", 9, 60)
    cache.invalidate("a")
    assert (cache.get("a"), record.cache, record.cache_trips, cache.ready()["ok"]) == (None, "off", 0, True)


@every_cache
@pytest.mark.parametrize("value", [None, False, 0, "", "서울", {"a": [1, 2.5]}, b"", b"\x00\xff", b"j1"])
def test_values_come_back_as_they_were_loaded(cache: Cache, value: object) -> None:
    assert cache.fetch("a", 60, giving(value)) == value
    assert cache.fetch("a", 60, giving(value)) == value


@every_cache
def test_a_value_looks_the_same_when_it_was_just_loaded(cache: Cache) -> None:
    assert cache.fetch("a", 60, giving({1: (2, 3)})) == {"1": [2, 3]}


@every_cache
def test_a_value_that_is_no_json_is_refused_and_leaves_no_claim(cache: Cache) -> None:
    began = time.monotonic()
    for _ in range(2):
        with pytest.raises(TypeError):
            cache.fetch("a", 60, giving(object()))
    assert time.monotonic() - began < 1


@every_cache
@pytest.mark.parametrize("lifetime", [0, -1])
def test_a_value_without_a_lifetime_is_refused(cache: Cache, lifetime: float) -> None:
    with pytest.raises(ValueError, match="lifetime"):
        cache.fetch("a", lifetime, Loads())
    with pytest.raises(ValueError, match="lifetime"):
        cache.put("a", 1, lifetime)


@real_caches
def test_a_value_is_forgotten_when_its_life_is_over(cache: Cache) -> None:
    loads = Loads()
    assert cache.fetch("a", 0.3, loads) == 1
    assert wait_until(lambda: cache.fetch("a", 60, loads) == 2)


@real_caches
def test_put_and_get_work_without_a_loader(cache: Cache, record: RequestRecord) -> None:
    assert (cache.get("a", "nothing"), outcome(record)) == ("nothing", "miss")
    cache.put("a", [1], 60)
    assert (cache.get("a"), outcome(record)) == ([1], "hit")
    cache.invalidate("a")
    assert cache.get("a") is None


@real_caches
@pytest.mark.parametrize("key", ["x" * 5000, "with space", "서울", "line\nbreak", "%s{}*?[", ""])
def test_any_text_is_a_key(cache: Cache, key: str) -> None:
    cache.put(key, 1, 60)
    assert (cache.get(key), cache.get(key + "x")) == (1, None)


@real_caches
def test_apps_that_share_a_cache_do_not_share_values(cache: Cache, cache_url: str, database: Database) -> None:
    other = open_cache(cache_url, database=database, prefix="other")
    cache.put("a", 1, 60)
    other.invalidate("a")
    assert (cache.get("a"), other.get("a")) == (1, None)


@real_caches
def test_a_value_of_more_than_a_mebibyte_is_given_but_not_kept(cache: Cache) -> None:
    large = b"x" * (1024 * 1024)
    assert cache.fetch("a", 60, giving(large)) == large
    assert cache.get("a") is None
    cache.put("a", large, 60)
    assert cache.get("a") is None


@every_cache
def test_a_loader_reads_and_cannot_write(cache: Cache, database: Database) -> None:
    def write(session: Session) -> None:
        session.execute(insert(NOTES).values(text="x"))

    with pytest.raises(ReadOnlyRequest):
        cache.fetch("a", 60, write)


@pytest.mark.parametrize("cache_url", ["null"], indirect=True)
def test_a_value_for_this_request_alone_is_loaded_from_what_this_request_sees(cache: Cache, database: Database) -> None:
    with transaction(database) as session:
        session.execute(insert(NOTES).values(text="mine"))
        assert cache.fetch("a", 60, lambda db: list(db.scalars(select(NOTES.c.text)))) == ["mine"]


def test_a_site_without_a_database_gets_and_puts(tmp_path: Path) -> None:
    cache = open_cache(f"sqlite:///{tmp_path}/cache", database=None, prefix="test")
    cache.put("a", 1, 60)
    cache.invalidate("b")
    assert cache.get("a") == 1
    with pytest.raises(RuntimeError, match="no database"):
        cache.fetch("b", 60, Loads())


@pytest.mark.parametrize("cache_url", ["sqlite"], indirect=True)
def test_the_file_stays_small(cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_cache, "MOST_ENTRIES", 100)
    for number in range(500):
        cache.put(f"key-{number}", number, 60)
    with sqlite3.connect(tmp_path / "cache.sqlite3") as db:
        ((entries,),) = db.execute("SELECT count(*) FROM entries").fetchall()
    db.close()
    assert entries <= 200
    assert cache.get("key-499") == 499


def test_room_is_made_without_forgetting_what_was_just_invalidated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_cache, "MOST_ENTRIES", 10)
    backend = sqlite_cache.SqliteBackend(tmp_path / "cache.sqlite3")
    backend.invalidate(["a"], 60)
    for number in range(200):
        backend.write(f"key-{number}", b"x", 60)
    assert backend.claim("a", "ticket").pinned
    backend.close()


@pytest.mark.parametrize("cache_url", ["sqlite"], indirect=True)
def test_what_has_expired_is_swept_out(cache: Cache, tmp_path: Path) -> None:
    for number in range(50):
        cache.put(f"old-{number}", number, 0.01)
        cache.count(f"old-{number}", 1)
    time.sleep(0.02)
    for number in range(100):
        cache.put(f"new-{number}", number, 60)
    with sqlite3.connect(tmp_path / "cache.sqlite3") as db:
        ((entries,),) = db.execute("SELECT count(*) FROM entries WHERE name LIKE '%old%'").fetchall()
    db.close()
    assert entries == 0


@pytest.mark.parametrize("url", ["memcached://x", "", "sqlite:x", "redis://x/0?unknown=1"])
def test_a_url_that_names_no_cache_is_refused_with_what_it_takes(url: str) -> None:
    with pytest.raises(ValueError, match=r"takes|unknown"):
        open_cache(url, database=None, prefix="x")

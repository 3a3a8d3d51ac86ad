"""A cache in a SQLite file that all processes of one machine share: the default, for a laptop."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import time
from typing import Any

from apps.chassis.cache.backends import CLAIM_SECONDS, TICKET_SECONDS, CacheBroken, Claim
from apps.chassis.sqlite import SqliteFile

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    name TEXT PRIMARY KEY,
    value BLOB,
    expires_at REAL NOT NULL DEFAULT 0,
    ticket TEXT,
    claimed_until REAL NOT NULL DEFAULT 0,
    pinned_until REAL NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expires_at);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, number INTEGER NOT NULL, expires_at REAL NOT NULL);
"""
MOST_ENTRIES = 5_000
MOST_BYTES = 256 * 1024 * 1024
WRITES_PER_SWEEP = 100

CLAIM = """
INSERT INTO entries (name, ticket, claimed_until) VALUES (:name, :ticket, :until)
ON CONFLICT (name) DO UPDATE SET ticket = :ticket, claimed_until = :until
WHERE claimed_until <= :now AND expires_at <= :now
RETURNING pinned_until
"""
FILL = "UPDATE entries SET value = ?, expires_at = ?, ticket = NULL, claimed_until = 0 WHERE name = ? AND ticket = ?"
RELEASE = "UPDATE entries SET ticket = NULL, claimed_until = 0 WHERE name = ? AND ticket = ?"
WRITE = """
INSERT INTO entries (name, value, expires_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""
INVALIDATE = "INSERT OR REPLACE INTO entries (name, pinned_until) VALUES (?, ?)"
COUNT = """
INSERT INTO counters (name, number, expires_at) VALUES (?, 1, ?)
ON CONFLICT (name) DO UPDATE SET number = number + 1
RETURNING number
"""
SWEEP = "DELETE FROM entries WHERE max(expires_at, claimed_until + :ticket_seconds, pinned_until) < :now"
SWEEP_COUNTERS = "DELETE FROM counters WHERE expires_at < ?"
# What is left is a value, or a claim or a mark of seconds ago, without which a stale value could be stored.
HALVE = """
DELETE FROM entries WHERE name IN
(SELECT name FROM entries WHERE max(claimed_until, pinned_until) < :now ORDER BY expires_at LIMIT :surplus)
"""


class SqliteBackend:
    """Every change is one statement, so one atomic step. Bounded: now and then what has expired is swept out, and half
    of the rest when that is more than 5,000 entries or 256 MiB."""

    stores = True

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, SCHEMA, durable=False)
        self._writes = 0
        self._lock = threading.Lock()

    def read(self, name: str) -> bytes | None:
        with _usable():
            return self._live(name)[0]

    def claim(self, name: str, ticket: str) -> Claim:
        with _usable():
            value, is_claimed = self._live(name)
            # Those who wait for another's value only read, or they would keep it from being written.
            if value is not None or is_claimed:
                return Claim(value)
            now = time()
            words = {"name": name, "ticket": ticket, "until": now + CLAIM_SECONDS, "now": now}
            with self._file.transaction() as db:
                won = db.execute(CLAIM, words).fetchall()
            return Claim(ticket=ticket, pinned=won[0][0] > now) if won else Claim(self._live(name)[0])

    def fill(self, name: str, ticket: str, value: bytes, lifetime: float) -> None:
        self._write(FILL, (value, time() + lifetime, name, ticket))

    def release(self, name: str, ticket: str) -> None:
        self._write(RELEASE, (name, ticket))

    def write(self, name: str, value: bytes, lifetime: float) -> None:
        self._write(WRITE, (name, value, time() + lifetime))

    def invalidate(self, names: Sequence[str], pin_seconds: float) -> None:
        until = time() + pin_seconds
        with _usable(), self._file.transaction() as db:
            db.executemany(INVALIDATE, [(name, until) for name in names])

    def count(self, name: str, lifetime: float) -> int:
        self._sweep_now_and_then()
        with _usable(), self._file.transaction() as db:
            ((number,),) = db.execute(COUNT, (name, time() + lifetime)).fetchall()
        return int(number)

    def close(self) -> None:
        self._file.close()

    def ready(self) -> Mapping[str, Any]:
        try:
            self.read("")
        except CacheBroken:
            return {"ok": False, "detail": "the file of the cache cannot be used"}
        return {"ok": True, "detail": "a file on this machine"}

    def _live(self, name: str) -> tuple[bytes | None, bool]:
        query = "SELECT value, expires_at, claimed_until FROM entries WHERE name = ?"
        row = self._file.connection().execute(query, (name,)).fetchone()
        if row is None:
            return None, False
        now = time()
        return (row[0] if row[1] > now else None), row[2] > now

    def _write(self, statement: str, words: Sequence[str | bytes | float]) -> None:
        self._sweep_now_and_then()
        with _usable(), self._file.transaction() as db:
            db.execute(statement, words)

    def _sweep_now_and_then(self) -> None:
        with self._lock:
            self._writes += 1
            is_due = self._writes % WRITES_PER_SWEEP == 0
        if is_due:
            with _usable(), self._file.transaction() as db:
                _sweep(db)


def _sweep(db: sqlite3.Connection) -> None:
    now = time()
    db.execute(SWEEP, {"now": now, "ticket_seconds": TICKET_SECONDS})
    db.execute(SWEEP_COUNTERS, (now,))
    entries, size = db.execute("SELECT count(*), coalesce(sum(length(value)), 0) FROM entries").fetchone()
    if entries > MOST_ENTRIES or size > MOST_BYTES:
        db.execute(HALVE, {"now": now, "surplus": entries // 2})


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise CacheBroken(f"the file of the cache: {error}") from error

"""A queue in a SQLite file: what SQS does, for one machine. Any number of processes share the file."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from apps.chassis.jobs import QueueUnavailable
from apps.chassis.jobs.received import Attribute, Dead, Received
from apps.chassis.sqlite import SqliteFile

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    sent_at REAL NOT NULL,
    visible_at REAL NOT NULL,
    first_received_at REAL,
    receive_count INTEGER NOT NULL DEFAULT 0,
    dead_at REAL,
    error TEXT
);
CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (dead_at, visible_at);
CREATE TABLE IF NOT EXISTS ticks (task TEXT PRIMARY KEY, last_at REAL NOT NULL);
"""
COLUMNS = "id, receive_count, body, attributes, sent_at, first_received_at"


class SqliteQueue:
    """At least once, durable, with visibility timeouts, receive counts and dead letters. Raises QueueUnavailable."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.name = f"{self.path.absolute().parent.name}-{self.path.stem}"
        self._file = SqliteFile(self.path, SCHEMA, durable=True)

    def send(self, body: str, attributes: Mapping[str, Attribute] | None = None) -> None:
        with self._transaction() as db:
            _insert(db, body, attributes or {})

    def oldest_age(self) -> float | None:
        with self._reading() as db:
            (sent_at,) = db.execute("SELECT min(sent_at) FROM messages WHERE dead_at IS NULL").fetchone()
        return None if sent_at is None else max(0.0, time.time() - sent_at)

    def take(self, limit: int, visibility_seconds: float, max_receive_count: int) -> list[Received]:
        """Up to `limit` visible messages, which nobody else sees for `visibility_seconds`; the oldest come first.

        A message that would be received more than `max_receive_count` times becomes a dead letter instead.
        """
        now = time.time()
        with self._transaction() as db:
            db.execute(
                "UPDATE messages SET dead_at = ? WHERE dead_at IS NULL AND visible_at <= ? AND receive_count >= ?",
                (now, now, max_receive_count),
            )
            rows = db.execute(
                f"SELECT {COLUMNS} FROM messages WHERE dead_at IS NULL AND visible_at <= ? ORDER BY sent_at LIMIT ?",  # noqa: S608
                (now, limit),
            ).fetchall()
            db.executemany(
                "UPDATE messages SET receive_count = receive_count + 1, visible_at = ?,"
                " first_received_at = coalesce(first_received_at, ?) WHERE id = ?",
                [(now + visibility_seconds, now, row[0]) for row in rows],
            )
        return [_received((row[0], row[1] + 1, *row[2:5], row[5] or now)) for row in rows]

    def waiting(self) -> bool:
        """Whether a message is visible; takes no lock, so it may be asked often."""
        with self._reading() as db:
            seen = db.execute(
                "SELECT 1 FROM messages WHERE dead_at IS NULL AND visible_at <= ? LIMIT 1", (time.time(),)
            ).fetchone()
        return seen is not None

    def delete(self, message: Received) -> None:
        """The message is done, by whichever delivery."""
        with self._transaction() as db:
            db.execute("DELETE FROM messages WHERE id = ?", (message.id,))

    def release(self, message: Received, delay_seconds: float, error: str) -> None:
        """Make the message visible again after `delay_seconds`, unless a later delivery has it by now."""
        with self._transaction() as db:
            db.execute(
                "UPDATE messages SET visible_at = ?, error = ? WHERE id = ? AND receive_count = ?",
                (time.time() + delay_seconds, error, message.id, int(message.receipt)),
            )

    def last_tick(self, task: str, now: float) -> float:
        """When the newest message for a periodic task was due. A task never seen before starts at `now`."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO ticks (task, last_at) VALUES (?, ?)", (task, now))
            (last_at,) = db.execute("SELECT last_at FROM ticks WHERE task = ?", (task,)).fetchone()
        return float(last_at)

    def send_tick(self, task: str, due_at: float, body: str, attributes: Mapping[str, Attribute]) -> bool:
        """Send the message of this tick, unless somebody sent it, or a later one's, already."""
        with self._transaction() as db:
            claimed = db.execute(
                "UPDATE ticks SET last_at = ? WHERE task = ? AND last_at < ?", (due_at, task, due_at)
            ).rowcount
            if claimed == 1:
                _insert(db, body, attributes)
        return claimed == 1

    def dead(self) -> list[Dead]:
        """All dead letters, the oldest first."""
        with self._reading() as db:
            rows = db.execute(
                f"SELECT {COLUMNS}, error FROM messages WHERE dead_at IS NOT NULL ORDER BY sent_at"  # noqa: S608
            ).fetchall()
        return [Dead(_received(row[:6]), row[6]) for row in rows]

    def redrive(self, identifier: str | None) -> int:
        """Give one dead letter, or with None each of them, all its tries again; answers how many."""
        with self._transaction() as db:
            return db.execute(
                "UPDATE messages SET dead_at = NULL, visible_at = ?, receive_count = 0, first_received_at = NULL"
                " WHERE dead_at IS NOT NULL AND id = coalesce(?, id)",
                (time.time(), identifier),
            ).rowcount

    def drop(self, identifier: str | None) -> int:
        """Delete one dead letter, or with None each of them, for good; answers how many."""
        with self._transaction() as db:
            return db.execute(
                "DELETE FROM messages WHERE dead_at IS NOT NULL AND id = coalesce(?, id)", (identifier,)
            ).rowcount

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._translated(), self._file.transaction() as db:
            yield db

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._translated():
            yield self._file.connection()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise QueueUnavailable(f"{self.path}: {error}") from error


def _insert(db: sqlite3.Connection, body: str, attributes: Mapping[str, Attribute]) -> None:
    described = json.dumps({name: [attribute.type, attribute.value] for name, attribute in attributes.items()})
    now = time.time()
    db.execute(
        "INSERT INTO messages (id, body, attributes, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)",
        (str(uuid.uuid4()), body, described, now, now),
    )


def _received(row: tuple[str, int, str, str, float, float]) -> Received:
    identifier, count, body, attributes, sent_at, first_received_at = row
    return Received(
        id=identifier,
        receipt=str(count),
        body=body,
        attributes={name: Attribute(*value) for name, value in json.loads(attributes).items()},
        sender_id="local",
        sent_at=sent_at,
        first_received_at=first_received_at or sent_at,
        receive_count=count,
    )

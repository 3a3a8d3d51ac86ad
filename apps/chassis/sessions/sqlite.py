"""Sessions in a SQLite file that all processes of one machine share: the default, for a laptop."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import time
from typing import Any

from apps.chassis.languages import later
from apps.chassis.sessions.keyed import KeyedStore, Record, T
from apps.chassis.sessions.operations import decoded, encoded
from apps.chassis.sessions.stores import SessionUnavailable
from apps.chassis.sqlite import SqliteFile

SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    key TEXT PRIMARY KEY,
    fields TEXT NOT NULL,
    owner TEXT,
    expires_at REAL NOT NULL,
    ended INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_by_owner ON sessions (owner) WHERE owner IS NOT NULL;
CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires_at);
"""
SWEPT_AT_ONCE = 20


class SqliteStore(KeyedStore[sqlite3.Connection]):
    """Survives a restart. Each new session sweeps out a few that have expired, so the file stays small."""

    name = "sqlite"

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, SCHEMA, durable=False)

    def close(self) -> None:
        self._file.close()

    def ready(self) -> Mapping[str, Any]:
        try:
            self.peek("")
        except SessionUnavailable:
            return {"ok": False, "detail": later("the file of sessions cannot be used")}
        return {"ok": True, "detail": later("a file on this machine")}

    def atomically(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with _available(), self._file.transaction() as db:
            return work(db)

    def peek(self, key: str) -> Record | None:
        with _available():
            return self.read(self._file.connection(), key)

    def read(self, db: sqlite3.Connection, key: str) -> Record | None:
        row = db.execute("SELECT fields, expires_at, ended FROM sessions WHERE key = ?", (key,)).fetchone()
        return _record(*row) if row else None

    def write(self, db: sqlite3.Connection, key: str, record: Record) -> None:
        db.execute(
            "DELETE FROM sessions WHERE key IN (SELECT key FROM sessions WHERE expires_at < ? LIMIT ?)",
            (time(), SWEPT_AT_ONCE),
        )
        db.execute(
            "INSERT OR REPLACE INTO sessions (key, fields, owner, expires_at, ended) VALUES (?, ?, ?, ?, ?)",
            (key, encoded(record.fields), record.owner, record.expires_at, record.ended),
        )

    def remove(self, db: sqlite3.Connection, key: str) -> None:
        db.execute("DELETE FROM sessions WHERE key = ?", (key,))

    def remove_all_of(self, db: sqlite3.Connection, owner: str) -> None:
        db.execute("DELETE FROM sessions WHERE owner = ?", (owner,))


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise SessionUnavailable(f"the file of sessions: {error}") from error


def _record(text: str, expires_at: float, ended: int) -> Record | None:
    fields = decoded(text)
    return None if fields is None else Record(fields, expires_at, bool(ended))

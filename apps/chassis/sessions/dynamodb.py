"""Sessions in a DynamoDB table: no server to run, and each item goes by itself when its time is over.

A change reads what it needs, and is written only if nobody else has changed that since; else it is done again.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import replace
from math import ceil
from typing import Any

from apps.chassis.languages import later
from apps.chassis.sessions.keyed import KeyedStore, Record, T, is_alive
from apps.chassis.sessions.operations import decoded, encoded
from apps.chassis.sessions.stores import SessionUnavailable
from apps.chassis.sessions.tables import Item, LostRace, Table, TableUnavailable, new_version

# A transaction takes 100 items. Of an owner's sessions beyond these, the one that would expire first is ended.
MOST_OF_AN_OWNER = 50
PATIENCE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 0.1


class Unit:
    """One atomic step: what it has read, in which version, and what it wants to be there instead."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._read: dict[str, tuple[str | None, Record | None]] = {}
        self._wanted: dict[str, Record | None] = {}

    def read(self, key: str) -> Record | None:
        """The record as this step sees it."""
        if key not in self._read:
            item = self._table.get(key)
            self._read[key] = (item["version"]["S"] if item else None, record_of(item))
        return self.known(key)

    def known(self, key: str) -> Record | None:
        """The same, as far as it was read or written; nothing is asked for it."""
        return deepcopy(self._wanted[key] if key in self._wanted else self._read.get(key, (None, None))[1])

    def want(self, key: str, record: Record | None) -> None:
        """Have this record under the key, or none."""
        self._wanted[key] = record

    def commit(self) -> None:
        """Write what is wanted, all or nothing; raises LostRace."""
        changed = {key: record for key, record in self._wanted.items() if self._changes(key, record)}
        if not changed:
            return
        checks = [self._table.check(key, self._read[key][0]) for key in self._read if key not in changed]
        self._table.write([self._action(key, record) for key, record in changed.items()] + checks)

    def _changes(self, key: str, record: Record | None) -> bool:
        return key not in self._read or self._read[key][1] != record

    def _action(self, key: str, record: Record | None) -> Mapping[str, Any]:
        version = self._read.get(key, (None, None))[0]
        return self._table.delete(key, version) if record is None else self._table.put(item_of(key, record), version)


class DynamoDbStore(KeyedStore[Unit]):
    """One item per session and per owner's record, and one per owner that lists the sessions, to revoke them."""

    name = "dynamodb"

    def __init__(self, table: Table) -> None:
        self._table = table
        self._turn = threading.Lock()

    def close(self) -> None:
        self._table.close()

    def ready(self) -> Mapping[str, Any]:
        try:
            self.peek("ready?")
        except SessionUnavailable:
            return {"ok": False, "detail": later("the table of sessions does not answer")}
        return {"ok": True, "detail": later("the table of sessions answers")}

    def atomically(self, work: Callable[[Unit], T]) -> T:
        deadline = time.monotonic() + PATIENCE_SECONDS
        with suppress(LostRace):
            return self._once(work)
        # Those of this process who have lost go one by one, or they would go on losing to one another.
        with self._turn:
            return self._again(work, deadline)

    def _once(self, work: Callable[[Unit], T]) -> T:
        unit = Unit(self._table)
        with _available():
            answer = work(unit)
            unit.commit()
        return answer

    def _again(self, work: Callable[[Unit], T], deadline: float) -> T:
        pause = 0.002
        while time.monotonic() < deadline:
            with suppress(LostRace):
                return self._once(work)
            # At random, or those who have met would meet again.
            time.sleep(pause * secrets.randbelow(1000) / 1000)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        raise SessionUnavailable("too many change one session at once")

    def peek(self, key: str) -> Record | None:
        with _available():
            return record_of(self._table.get(key))

    def read(self, db: Unit, key: str) -> Record | None:
        return db.read(key)

    def write(self, db: Unit, key: str, record: Record) -> None:
        before = db.known(key)
        # Whole seconds, since DynamoDB's own sweeping knows no others; rounded up, so that nothing ends early.
        after = replace(record, expires_at=float(ceil(record.expires_at)))
        db.want(key, after)
        self._list(db, key, before, after)

    def remove(self, db: Unit, key: str) -> None:
        before = db.read(key)
        db.want(key, None)
        self._list(db, key, before, None)

    def remove_all_of(self, db: Unit, owner: str) -> None:
        for key in _listed(db.read(_list_key(owner))):
            db.want(key, None)
        db.want(_list_key(owner), None)

    def _list(self, db: Unit, key: str, before: Record | None, after: Record | None) -> None:
        """Keep the owners' lists in step with a session that changes."""
        was, is_now = before.owner if before else None, after.owner if after else None
        if was and was != is_now:
            _relist(db, was, lambda sessions: sessions.pop(key, None))
        if after and is_now and (was != is_now or (before and before.expires_at != after.expires_at)):
            expires_at = after.expires_at
            _relist(db, is_now, lambda sessions: sessions.update({key: expires_at}))


def record_of(item: Item | None) -> Record | None:
    """The record that is stored as this item; None, and a line in the log, where it cannot be read."""
    fields = decoded(item["fields"]["S"]) if item else None
    if item is None or fields is None:
        return None
    return Record(fields, float(item["expires_at"]["N"]), bool(item["ended"]["BOOL"]))


def item_of(key: str, record: Record) -> Item:
    """The item as it is stored; each has a version of its own."""
    return {
        "id": {"S": key},
        "fields": {"S": encoded(record.fields)},
        "expires_at": {"N": f"{record.expires_at:.0f}"},
        "ended": {"BOOL": record.ended},
        "version": {"S": new_version()},
    }


def _relist(db: Unit, owner: str, change: Callable[[dict[str, float]], object]) -> None:
    sessions = _listed(db.read(_list_key(owner)))
    change(sessions)
    for surplus in sorted(sessions, key=lambda key: sessions[key])[:-MOST_OF_AN_OWNER]:
        del sessions[surplus]
        db.want(surplus, None)
    record = Record(dict(sessions), max(sessions.values())) if sessions else None
    db.want(_list_key(owner), record)


def _listed(record: Record | None) -> dict[str, float]:
    """The keys of the sessions that have not expired, and when each does."""
    now = time.time()
    return {key: expires for key, expires in record.fields.items() if expires > now} if is_alive(record) else {}


def _list_key(owner: str) -> str:
    return f"sessions-of:{owner}"


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except TableUnavailable as error:
        raise SessionUnavailable(str(error)) from error

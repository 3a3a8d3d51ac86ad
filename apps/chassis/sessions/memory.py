"""Sessions in this process's memory: gone with the process, unknown to every other one. A lesson, no solution."""

import threading
from collections.abc import Callable, Mapping
from copy import deepcopy
from time import time
from typing import Any

from apps.chassis.languages import later
from apps.chassis.sessions.keyed import KeyedStore, Record, T

MOST_SESSIONS = 10_000

Records = dict[str, Record]


class MemoryStore(KeyedStore[Records]):
    """At most 10,000 sessions; beyond that, the ones that would expire first are forgotten."""

    name = "memory"

    def __init__(self) -> None:
        self._records: Records = {}
        self._lock = threading.Lock()

    def close(self) -> None: ...

    def ready(self) -> Mapping[str, Any]:
        return {"ok": True, "detail": later("in this process alone")}

    def atomically(self, work: Callable[[Records], T]) -> T:
        with self._lock:
            return work(self._records)

    def peek(self, key: str) -> Record | None:
        record = self._records.get(key)
        return deepcopy(record)

    def read(self, db: Records, key: str) -> Record | None:
        return db.get(key)

    def write(self, db: Records, key: str, record: Record) -> None:
        db[key] = deepcopy(record)
        if len(db) > MOST_SESSIONS:
            _make_room(db)

    def remove(self, db: Records, key: str) -> None:
        db.pop(key, None)

    def remove_all_of(self, db: Records, owner: str) -> None:
        for key in [key for key, record in db.items() if record.owner == owner]:
            del db[key]


def _make_room(db: Records) -> None:
    by_expiry = sorted(db, key=lambda key: db[key].expires_at)
    surplus = len(db) - MOST_SESSIONS * 9 // 10
    for position, key in enumerate(by_expiry):
        if position >= surplus and db[key].expires_at > time():
            return
        del db[key]

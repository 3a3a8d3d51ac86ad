"""No cache: every fetch loads. Only counts are kept, each process its own: rate limits are weaker, but not gone."""

import threading
from collections.abc import Mapping, Sequence
from time import time
from typing import Any

from apps.chassis.cache.backends import Claim

MOST_COUNTERS = 10_000


class NullBackend:
    """Stores nothing."""

    stores = False

    def __init__(self) -> None:
        self._counters: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def read(self, name: str) -> bytes | None:
        return None

    def claim(self, name: str, ticket: str) -> Claim:
        return Claim()

    def fill(self, name: str, ticket: str, value: bytes, lifetime: float) -> None: ...

    def release(self, name: str, ticket: str) -> None: ...

    def write(self, name: str, value: bytes, lifetime: float) -> None: ...

    def invalidate(self, names: Sequence[str], pin_seconds: float) -> None: ...

    def count(self, name: str, lifetime: float) -> int:
        now = time()
        with self._lock:
            if len(self._counters) >= MOST_COUNTERS:
                self._counters = {name: kept for name, kept in self._counters.items() if kept[1] > now}
            if len(self._counters) >= MOST_COUNTERS:
                self._counters.clear()
            number, expires_at = self._counters.get(name, (0, now + lifetime))
            self._counters[name] = (number + 1, expires_at)
            return number + 1

    def close(self) -> None: ...

    def ready(self) -> Mapping[str, Any]:
        return {"ok": True, "detail": "off"}

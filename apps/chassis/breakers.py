"""Failing at once while a server is known to be away, so that it costs each request no timeout of its own."""

import functools
import threading
import time

PAUSE_SECONDS = 1.0


class Breaker:
    """After a failure nobody tries again for a second, and then one caller per second until one succeeds."""

    def __init__(self) -> None:
        self._broken = False
        self._try_at = 0.0
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether this caller may try now."""
        if not self._broken:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._try_at:
                return False
            self._try_at = now + PAUSE_SECONDS
            return True

    def succeeded(self) -> None:
        self._broken = False

    def failed(self) -> None:
        with self._lock:
            self._broken = True
            self._try_at = time.monotonic() + PAUSE_SECONDS


@functools.cache
def breaker_of(address: str) -> Breaker:
    """The breaker that all users of an endpoint share, whatever else they use it for."""
    return Breaker()

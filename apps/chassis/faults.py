"""Faults for lessons: one instance that is slow, fails, hangs or runs out of memory, and heals by itself."""

import mmap
import threading
import time
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from apps.chassis.app import Application

LONGEST_SECONDS = 120
SLOWEST_SECONDS = 10.0
MOST_MEGABYTES = 512
# The page that ends a fault must be reachable while there is one.
PAGE = "/admin/faults"
SLEEP_SECONDS = 0.05


class Fault(StrEnum):
    """What can be wrong with an instance."""

    SLOW = "slow"
    FAIL = "fail"
    HANG = "hang"
    MEMORY = "memory"


class Faults:
    """The outermost layer of an app whose settings allow faults. All processes of a server share what was begun.

    While it hangs, nothing at all is answered, health checks included; while it fails, everything but the page that
    ends the fault and `/health/live` is answered by 500: so a shallow health check sees the one and not the other.
    """

    def __init__(self, asked: "WSGIApplication", app: "Application") -> None:
        self._asked = asked
        self._app = app
        # Made before the processes fork; the clock that counts from the start of the machine is theirs in common.
        self._ends = memoryview(mmap.mmap(-1, 8 * len(Fault))).cast("d")
        self._delay = memoryview(mmap.mmap(-1, 8)).cast("d")

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        self._sleep(self.remaining(Fault.HANG))
        path = environ["PATH_INFO"]
        if path != PAGE and not path.startswith(f"{PAGE}/"):
            if self.remaining(Fault.SLOW):
                self._sleep(self._delay[0])
            if self.remaining(Fault.FAIL) and path != "/health/live":
                return _failed(start_response)
        return self._asked(environ, start_response)

    def begin(self, fault: Fault, seconds: int, amount: float = 0.0) -> None:
        """Have the fault for so many seconds, at most 120; `amount` is the delay in seconds, or the megabytes."""
        if fault is Fault.MEMORY:
            _hold(bytearray(min(int(amount), MOST_MEGABYTES) * 1024 * 1024), min(seconds, LONGEST_SECONDS))
        if fault is Fault.SLOW:
            self._delay[0] = min(amount, SLOWEST_SECONDS)
        self._ends[_place(fault)] = time.monotonic() + min(seconds, LONGEST_SECONDS)

    def end(self) -> None:
        """End what can be ended: memory that is held goes back when its time is over."""
        for fault in (Fault.SLOW, Fault.FAIL, Fault.HANG):
            self._ends[_place(fault)] = 0.0

    def remaining(self, fault: Fault) -> float:
        """For how many seconds more; 0 if there is no such fault now."""
        return max(0.0, self._ends[_place(fault)] - time.monotonic())

    def _sleep(self, seconds: float) -> None:
        # A fault must not hold up a stop.
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._app.is_serving():
            time.sleep(SLEEP_SECONDS)


def _place(fault: Fault) -> int:
    return list(Fault).index(fault)


def _hold(memory: bytearray, seconds: float) -> None:
    # Pages count only once they are written.
    for at in range(0, len(memory), mmap.PAGESIZE):
        memory[at] = 1
    timer = threading.Timer(seconds, memory.clear)
    timer.daemon = True
    timer.start()


def _failed(start_response: "StartResponse") -> Iterable[bytes]:
    body = b"This instance fails on purpose, for a lesson.\n"
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start_response("500 Internal Server Error", headers)
    return [body]

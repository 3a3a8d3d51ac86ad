"""How right this machine's clock is: each web process measures it against an NTP server, and tells.

A measurement ties true time to the monotonic clock, which nobody can set. So when the machine's clock is set later, the
next look shows it; the next measurement need not be awaited.
"""

import logging
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.whatisthetime import ntp

INTERVAL_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 3600.0
# What an undisturbed clock may drift (RFC 5905: PHI).
DRIFT = 15e-6

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """True time is this machine's clock plus `offset`, give or take `bound`; measured `age` ago. All in seconds."""

    offset: float
    bound: float
    age: float

    def is_within(self, limit: float) -> bool:
        """Whether the clock may be right to `limit` seconds; False only if it is surely wrong by more."""
        return abs(self.offset) - self.bound <= limit

    def __str__(self) -> str:
        side = "behind" if self.offset > 0 else "ahead"
        return f"{abs(self.offset):.6f} s {side} (± {self.bound:.6f} s)"


def of(sample: ntp.Sample) -> Accuracy:
    """How right the clock is now, by a measurement of this machine made before."""
    before, wall, after = time.monotonic(), time.time(), time.monotonic()
    # Whatever interrupted the three looks makes the answer that much less sure.
    doubt = (after - before) / 2
    age = before + doubt - sample.monotonic
    return Accuracy(sample.true + age - wall, sample.bound + doubt + DRIFT * age, age)


class ClockWatch:
    """Measures the clock of this machine each minute. `server` None: never, and everything says so."""

    def __init__(self, server: tuple[str, int] | None, max_offset_seconds: float) -> None:
        self.server = server
        self.max_offset_seconds = max_offset_seconds
        self._stopping = threading.Event()
        self._sample: ntp.Sample | None = None
        self._failure: str | None = None
        self._well: bool | None = None

    def reading(self) -> Accuracy | None:
        """How right the clock is now by the last measurement that succeeded; None before the first."""
        sample = self._sample
        return of(sample) if sample else None

    def start(self) -> None:
        """Begin to measure, if there is a server to measure against."""
        if self.server is None:
            return
        # The master of forked processes may have been told to stop before; its mark must not reach the children.
        self._stopping = threading.Event()
        arguments = (self.server, self._stopping)
        threading.Thread(target=self._watch, args=arguments, name="clock", daemon=True).start()

    def stop(self) -> None:
        """Ask the thread to end: at once, or when the server has answered or not."""
        self._stopping.set()

    def ready(self) -> Mapping[str, Any]:
        """Red only if the clock is surely wrong by more than the limit; an unknown one is told and is no fault."""
        found = self.reading()
        if found is None:
            return {"ok": True, "detail": f"not measured: {self._why_not()}"}
        well = found.is_within(self.max_offset_seconds)
        detail = "ok" if well else f"wrong by more than {self.max_offset_seconds:g} s"
        if self._failure:
            detail += f"; the last attempt failed: {self._failure}"
        figures = {name: round(getattr(found, name), 6) for name in ("offset", "bound", "age")}
        return {"ok": well, "detail": detail, **{f"{name}_seconds": value for name, value in figures.items()}}

    def gauges(self) -> Mapping[str, float]:
        """Offset, bound and age of the last measurement in seconds; nothing before the first."""
        found = self.reading()
        if found is None:
            return {}
        return {
            "clock_offset_seconds": found.offset,
            "clock_offset_bound_seconds": found.bound,
            "clock_measured_seconds_ago": found.age,
        }

    def _watch(self, server: tuple[str, int], stopping: threading.Event) -> None:
        pause = 0.0
        while not stopping.wait(pause):
            pause = self._measure(server, pause)

    def _measure(self, server: tuple[str, int], pause: float) -> float:
        """Measure once, after this pause; the seconds to wait before the next time."""
        try:
            self._note(ntp.measure(server))
        except ntp.Kiss as kiss:
            self._miss(kiss)
            return (
                LONGEST_PAUSE_SECONDS
                if kiss.forbidden
                else min(2 * max(pause, INTERVAL_SECONDS), LONGEST_PAUSE_SECONDS)
            )
        except ntp.Unusable as error:
            self._miss(error)
            return min(max(2 * pause, FIRST_PAUSE_SECONDS), INTERVAL_SECONDS)
        # Processes that were started together must not go on asking together.
        return INTERVAL_SECONDS * random.uniform(0.9, 1)  # noqa: S311

    def _note(self, sample: ntp.Sample) -> None:
        found, before = of(sample), (self._failure, self._well)
        self._sample, self._failure, self._well = sample, None, found.is_within(self.max_offset_seconds)
        if before != (None, self._well):
            log.log(logging.INFO if self._well else logging.WARNING, "the clock of this machine is %s", found)

    def _miss(self, error: ntp.Unusable) -> None:
        known, self._failure = self._failure, str(error)
        if known != self._failure:
            log.warning("the clock of this machine cannot be measured: %s", error)

    def _why_not(self) -> str:
        return "NTP_SERVER is off" if self.server is None else self._failure or "not yet"

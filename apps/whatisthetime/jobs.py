"""What the worker does: each minute it looks whether its wall clock kept pace with its monotonic one."""

import logging
import threading
import time
from dataclasses import dataclass, field

from apps.chassis.jobs import Jobs, Work

STEP_SECONDS = 0.1

jobs = Jobs()
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pace:
    """Notices when this process's wall clock was set. It knows nothing of true time: both clocks may drift together."""

    before: tuple[float, float] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def measure(self, wall: float, monotonic: float) -> float | None:
        """Seconds that the wall clock gained on the monotonic one since the last measurement; None for the first."""
        with self.lock:
            last, self.before = self.before, (wall, monotonic)
        return (wall - last[0]) - (monotonic - last[1]) if last else None


pace = Pace()


@jobs.cadence("/every/minute")
def measure_pace(work: Work) -> None:
    """Log a step of this process's wall clock; another process's ticks are not seen, and need not be."""
    gained = pace.measure(time.time(), time.monotonic())
    if gained is not None and abs(gained) >= STEP_SECONDS:
        log.warning("the wall clock was stepped by %+.3f s since the last measurement", gained)

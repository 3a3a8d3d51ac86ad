"""What the worker does: each minute it measures its own clock, and tells CloudWatch where it is asked to."""

import logging
import threading
import time
from dataclasses import dataclass, field

from apps.chassis.identity import Identity
from apps.chassis.jobs import Jobs, Work
from apps.whatisthetime import accuracy, cloudwatch, ntp
from apps.whatisthetime.accuracy import Accuracy

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


@jobs.cadence("/every/minute")
def measure_clock(work: Work) -> None:
    """Log how right this machine's clock is, and publish it; what cannot be had now is left to the next minute."""
    settings = work.settings
    if settings.ntp_server is None:
        return
    try:
        found = accuracy.of(ntp.measure(settings.ntp_server))
    except ntp.Unusable as error:
        log.warning("the clock of this machine cannot be measured: %s", error)
        return
    level = logging.INFO if found.is_within(settings.clock_max_offset_seconds) else logging.WARNING
    log.log(level, "the clock of this machine is %s", found)
    if settings.cloudwatch_namespace:
        publish(settings.cloudwatch_namespace, work.identity, found)


def publish(namespace: str, identity: Identity, found: Accuracy) -> None:
    """Tell CloudWatch, or log why it was not told."""
    try:
        cloudwatch.publish(namespace, identity, found)
    except cloudwatch.Unpublished as error:
        log.warning("CloudWatch was not told how right the clock is: %s", error)

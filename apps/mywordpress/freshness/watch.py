"""Which epoch stands, heard from the writer four times a second by each process."""

import logging
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from apps.chassis.epochs import standing
from apps.mywordpress import KEPT_SECONDS

if TYPE_CHECKING:
    from apps.chassis.database import Database

INTERVAL_SECONDS = 0.25
# What is left of the second is for the answer's own way.
TRUSTED_SECONDS = KEPT_SECONDS - 0.1
# nginx tells the time as it was when it woke up.
PROXY_SECONDS = 0.02

log = logging.getLogger(__name__)


class Known(NamedTuple):
    """The token that stood when the writer was asked for it at `asked` (monotonic), or later.

    Until the end of the second `until` of the wall's clock, what was made under it is younger than KEPT_SECONDS.
    """

    token: str
    asked: float
    until: int

    @classmethod
    def since(cls, token: str, asked: float) -> "Known":
        """Heard by who began to ask at that moment."""
        return cls(token, asked, int(time.time() - (time.monotonic() - asked) - PROXY_SECONDS))


class FreshnessWatch:
    """Listens in a thread of its own. What is known is trusted for less than a second since it was asked for.

    So a process that was stopped or starved, and one that cannot reach the writer, know nothing: they make each page
    anew from whatever the database lets them read.
    """

    def __init__(self, database: "Database") -> None:
        self.database = database
        self._known: Known | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._failure: str | None = None

    def known(self) -> Known | None:
        """What was heard last, if that was so lately that it may be trusted."""
        known = self._known
        return known if known is not None and time.monotonic() - known.asked < TRUSTED_SECONDS else None

    def hear(self, known: Known) -> None:
        """Know this from now on, unless somebody has asked later."""
        with self._lock:
            if self._known is None or self._known.asked <= known.asked:
                self._known = known

    def start(self) -> None:
        """Begin to listen."""
        # The master of forked processes may have been told to stop before; its mark must not reach the children.
        self._stopping, self._lock = threading.Event(), threading.Lock()
        threading.Thread(target=self._watch, args=(self._stopping,), name="freshness", daemon=True).start()

    def stop(self) -> None:
        """Ask the thread to end."""
        self._stopping.set()

    def ready(self) -> Mapping[str, Any]:
        """Never red: pages that are made anew are right, too."""
        return {"ok": True, "detail": f"pages are made anew: {self._failure}" if self._failure else "ok"}

    def gauges(self) -> Mapping[str, float]:
        """How long ago the epoch that is known was asked for."""
        return {"epoch_heard_seconds": time.monotonic() - self._known.asked} if self._known else {}

    def listen(self) -> None:
        """Ask the writer once."""
        asked = time.monotonic()
        try:
            self.hear(Known.since(standing(self.database), asked))
        except Exception as error:
            # Whatever it is, nothing is known now, and the writer is asked again.
            self._known = None
            self._note(type(error).__name__)
        else:
            self._note(None)

    def _watch(self, stopping: threading.Event) -> None:
        self.listen()
        while not stopping.wait(pause(time.time())):
            self.listen()

    def _note(self, failure: str | None) -> None:
        if failure != self._failure:
            log.warning("the epoch is unknown: %s", failure) if failure else log.info("the epoch is known again")
        self._failure = failure


def pause(now: float) -> float:
    """The seconds until the next look: four times a second, and once right after the wall's clock has begun another.

    What was heard then is good for nginx until that second's end; until it is heard, nginx keeps nothing.
    """
    # A little later than PROXY_SECONDS, or a clock that wakes us early would leave us in the second before.
    return INTERVAL_SECONDS - (now - 1.25 * PROXY_SECONDS) % INTERVAL_SECONDS

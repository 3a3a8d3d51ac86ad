"""Which readers may be read from: those whose lag, by the writer's clock, is known to be small enough.

Every second this process beats the heartbeat row on the writer and looks how far each reader has followed. A reader's
lag is the writer's time when the reader was asked, minus the beat that was found there: it holds every commit up to
that beat. While the writer cannot be reached, the lag counts up to when it was last seen, by whoever saw it last:
its heartbeat stops with it, so readers that had followed until then stay in rotation, and `stale_seconds` says how
old they may be.
"""

import itertools
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL

from apps.chassis import engines
from apps.chassis.forks import after_fork

if TYPE_CHECKING:
    from pymysql import Connection

BEAT_SECONDS = 1.0
WRITER = "writer"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one server said when it was asked at `taken` (monotonic): its clock and its beat, as Unix times."""

    taken: float
    clock: float
    beat: float


class Replicas:
    """The readers of this process, taken in turn from those in rotation. Each server is asked by its own thread."""

    _threads: list[threading.Thread]
    _samples: dict[str, Sample]
    _told: dict[str, bool]
    _writer_time: float

    def __init__(
        self, writer: URL, readers: Mapping[str, URL], max_lag_seconds: float, writer_moved: Callable[[], None]
    ) -> None:
        self.max_lag_seconds = max_lag_seconds
        self.interval = min(BEAT_SECONDS, max_lag_seconds / 2)
        self._urls = {WRITER: writer, **readers}
        self._names = tuple(readers)
        self._writer_moved = writer_moved
        self._turn = itertools.count()
        self._forget()
        after_fork(self._forget)

    @property
    def pin_seconds(self) -> float:
        """Longer than any commit may be missing from a reader in rotation; 0 without readers."""
        return self.max_lag_seconds + 2 * self.interval + 1 if self._names else 0.0

    def choose(self) -> str | None:
        """The next reader in rotation, or None."""
        if not self._names:
            return None
        self.start()
        first, count = next(self._turn), len(self._names)
        turns = (self._names[(first + i) % count] for i in range(count))
        return next((name for name in turns if self._is_in_rotation(name)), None)

    def suspect(self, name: str) -> None:
        """Take this reader out of rotation until it has been sampled again."""
        self._samples.pop(name, None)

    def stale_seconds(self) -> float | None:
        """How old the data of readers in rotation may be while the writer cannot be reached, else None."""
        now = time.monotonic()
        if self._writer_seen(now) is not None:
            return None
        samples = [self._samples.get(name) for name in self._names if self._is_in_rotation(name)]
        return max((s.clock - s.beat + now - s.taken for s in samples if s), default=None)

    def report(self) -> dict[str, dict[str, Any]]:
        """Each reader as it was last sampled; the lag is None when it is unknown."""
        return {name: self._report(name) for name in self._names}

    def _report(self, name: str) -> dict[str, Any]:
        lag = self._lag(name)
        return {"in_rotation": self._is_in_rotation(name), "lag_seconds": None if lag is None else round(lag, 3)}

    def _is_in_rotation(self, name: str) -> bool:
        lag = self._lag(name)
        # A beat from the future was made by a writer with another clock, before a failover; it proves nothing.
        return lag is not None and -self.interval / 2 < lag <= self.max_lag_seconds

    def _lag(self, name: str) -> float | None:
        now, sample = time.monotonic(), self._samples.get(name)
        if sample is None or now - sample.taken > 2 * self.interval or not self._asked_writer:
            return None
        writer = self._writer_seen(now)
        if writer is not None:
            return writer.clock + (sample.taken - writer.taken) - sample.beat
        return max(0.0, self._last_known_time() - sample.beat)

    def _writer_seen(self, now: float) -> Sample | None:
        writer = self._samples.get(WRITER)
        return writer if writer is not None and now - writer.taken <= 2 * self.interval else None

    def _last_known_time(self) -> float:
        # Other processes may have seen the writer after this one did; then their beats have reached some reader.
        beats = [sample.beat for sample in self._samples.copy().values()]
        return max([self._writer_time, *beats])

    def start(self) -> None:
        """Start sampling in this process, if there are readers; any further call does nothing."""
        if self._threads or not self._names:
            return
        with self._lock:
            if not self._threads:
                self._threads = [self._thread(name) for name in self._urls]

    def stop(self) -> None:
        """Stop sampling; the readers leave the rotation."""
        with self._lock:
            self._stopping.set()
            for thread in self._threads:
                thread.join(2 * self.interval)
            self._forget()

    def _thread(self, name: str) -> threading.Thread:
        thread = threading.Thread(target=self._watch, args=(name, self._stopping), name=f"lag-{name}", daemon=True)
        thread.start()
        return thread

    def _watch(self, name: str, stopping: threading.Event) -> None:
        # The readers are asked a little after the beat, when it has had time to reach them.
        pause = 0.0 if name == WRITER else self.interval / 5
        server = Server(self._urls[name], self.interval, is_writer=name == WRITER)
        while not stopping.wait(pause):
            # Processes that were started together must not go on asking together.
            pause = self.interval * random.uniform(0.9, 1)  # noqa: S311
            try:
                self._note(name, server.sample())
            except Exception as error:
                # Whatever it is, a server that cannot be asked is out of rotation, and is asked again.
                self._note(name, None, error)
                server.close()
        server.close()

    def _note(self, name: str, sample: Sample | None, error: Exception | None = None) -> None:
        if sample is None:
            self._samples.pop(name, None)
        else:
            self._samples[name] = sample
        if name == WRITER:
            self._asked_writer = True
            self._writer_time = sample.clock if sample else self._writer_time
            if engines.is_read_only(error):
                self._writer_moved()
        self._tell(name, sample is not None if name == WRITER else self._is_in_rotation(name), error)

    def _tell(self, name: str, well: bool, error: Exception | None) -> None:
        if self._told.get(name) == well:
            return
        self._told[name] = well
        level = logging.INFO if well else logging.WARNING
        state = (
            ("reachable" if well else "unreachable") if name == WRITER else ("in" if well else "out of") + " rotation"
        )
        logger.log(level, "database %s is %s%s", name, state, f": {error}" if error else "")

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads = []
        self._samples = {}
        self._asked_writer = False
        self._writer_time = 0.0
        self._told = {}


class Server:
    """One server as the sampler knows it: a connection that is kept, and answers soon or not at all."""

    def __init__(self, url: URL, interval: float, *, is_writer: bool) -> None:
        self.url = url
        self.interval = interval
        self.is_writer = is_writer
        self._connection: Connection[Any] | None = None

    def sample(self) -> Sample:
        """Ask the server, and beat if it is the writer; raises when it cannot be reached or does not answer soon."""
        if self._connection is None:
            self._connection = connect(self.url, 0.75 * self.interval)
        taken = time.monotonic()
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT beat_at, UTC_TIMESTAMP(6), @@global.read_only + @@global.innodb_read_only"
                " FROM chassis_heartbeat WHERE id = 1"
            )
            row = cursor.fetchone()
            if row is None:
                raise LookupError("the heartbeat row is missing")
            beat, clock, read_only = row
            if self.is_writer:
                # A demoted writer goes on answering; only its own word tells it from the new one.
                if read_only:
                    raise self._connection.OperationalError(1290, "the writer is read-only")
                self._beat(cursor, beat, clock)
        return Sample(taken, _unix(clock), _unix(beat))

    def _beat(self, cursor: Any, beat: datetime, clock: datetime) -> None:
        # However many processes beat, one of them wins each time and the others change nothing.
        if not 0 <= (clock - beat).total_seconds() < self.interval / 2:
            cursor.execute("UPDATE chassis_heartbeat SET beat_at = %s WHERE id = 1 AND beat_at = %s", (clock, beat))

    def close(self) -> None:
        """Close the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None and connection.open:
            connection.close()


def connect(url: URL, seconds: float) -> "Connection[Any]":
    """A connection in autocommit mode, each of whose waits ends after `seconds`. The address is asked for anew."""
    import pymysql

    _, options = url.get_dialect()().create_connect_args(url)
    timeouts = {"connect_timeout": seconds, "read_timeout": seconds, "write_timeout": seconds}
    everything: dict[str, Any] = {**options, **timeouts, "autocommit": True}
    return pymysql.connect(**everything)


def _unix(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()

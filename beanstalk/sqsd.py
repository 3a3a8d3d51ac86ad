"""The queue daemon of a worker: takes messages from a queue and posts each of them to the worker, as Beanstalk's does.

Only the answer 200 deletes a message. Any other answer makes it visible again after the error visibility timeout; no
answer within the inactivity timeout leaves it to the visibility timeout.
"""

from __future__ import annotations

import argparse
import http.client
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from apps.chassis.jobs import QueueUnavailable
from apps.chassis.jobs.received import Received
from beanstalk.sqsd_cron import CronError, Scheduler, read_tasks
from beanstalk.sqsd_delivery import Courier, Inactive
from beanstalk.sqsd_sources import open_source

BATCH = 10
LOOK_AGAIN_SECONDS = 0.25
QUEUE_AGAIN_SECONDS = 2.0
STOP_SECONDS = 1.0
log = logging.getLogger("beanstalk.sqsd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What Beanstalk's namespace aws:elasticbeanstalk:sqsd decides, with its defaults. Timeouts are in seconds.

    `max_retries` counts for a queue in a SQLite file only; an SQS queue has a redrive policy of its own. Periodic tasks
    of an SQS queue need a DynamoDB table, which is made if it does not exist.
    """

    queue: str
    target: str = "http://127.0.0.1:80"
    path: str = "/"
    mime_type: str = "application/json"
    connections: int = 50
    connect_timeout: float = 5
    inactivity_timeout: float = 299
    visibility_timeout: float = 300
    error_visibility_timeout: float = 2
    max_retries: int = 10
    cron: Path | None = None
    registry_table: str | None = None


class Daemon:
    """One daemon; several may share a queue, one process may run several. Raises ValueError for unusable options."""

    def __init__(self, options: Options) -> None:
        self.options = options
        if options.cron and not options.registry_table and not options.queue.startswith("sqlite:"):
            raise ValueError("periodic tasks of an SQS queue need a registry table")
        self.source = open_source(
            options.queue, options.visibility_timeout, options.max_retries, options.registry_table
        )
        self.courier = Courier(
            options.target,
            path=options.path,
            mime_type=options.mime_type,
            queue_name=self.source.name,
            connect_timeout=options.connect_timeout,
            inactivity_timeout=options.inactivity_timeout,
        )
        self._stopping = threading.Event()
        self._free = threading.BoundedSemaphore(options.connections)
        self._loops: list[threading.Thread] = []
        self._deliveries: set[threading.Thread] = set()
        self._target_was_up = True

    def start(self) -> None:
        """Begin to receive and to send periodic tasks, in threads of this process."""
        self._loops.append(threading.Thread(target=self._receive_all, daemon=True))
        if self.options.cron:
            self._loops.append(threading.Thread(target=self._send_ticks, args=(self.options.cron,), daemon=True))
        for thread in self._loops:
            thread.start()

    def stop(self) -> None:
        """Stop within a second. Requests that wait for an answer are cut, and their messages come back later."""
        self._stopping.set()
        deadline = time.monotonic() + STOP_SECONDS
        while (alive := self._delivering()) and time.monotonic() < deadline:
            self.courier.cut()
            alive[0].join(0.05)
        # What is in a long poll now cannot be called back; it ends by itself and gives back what it still receives.
        for thread in self._loops:
            thread.join(LOOK_AGAIN_SECONDS)

    def _delivering(self) -> list[threading.Thread]:
        return [thread for thread in list(self._deliveries) if thread.is_alive()]

    def _receive_all(self) -> None:
        while not self._stopping.is_set():
            with self._surviving():
                if self.source.wait(self._stopping) and self._is_target_up():
                    self._receive_some()

    @contextmanager
    def _surviving(self) -> Iterator[None]:
        """Nothing that goes wrong ends the daemon; it waits a moment and goes on."""
        try:
            yield
        except QueueUnavailable as error:
            if not self._stopping.is_set():
                log.warning("%s: cannot be reached: %s", self.source.name, error)
            self._stopping.wait(QUEUE_AGAIN_SECONDS)
        except Exception:
            log.exception("%s: failed", self.source.name)
            self._stopping.wait(QUEUE_AGAIN_SECONDS)

    def _is_target_up(self) -> bool:
        """A message received while the worker is away would lose one of its tries for nothing."""
        up = self.courier.is_up()
        if up != self._target_was_up:
            log.info("%s: the worker at %s is %s", self.source.name, self.options.target, "up" if up else "away")
        self._target_was_up = up
        if not up:
            self._stopping.wait(LOOK_AGAIN_SECONDS)
        return up

    def _receive_some(self) -> None:
        taken = self._take_connections()
        try:
            for message in self.source.receive(taken) if taken else ():
                # A request that nobody cuts must not keep the process from ending.
                thread = threading.Thread(target=self._deliver, args=(message,), daemon=True)
                self._deliveries.add(thread)
                thread.start()
                taken -= 1
        finally:
            self._give_back(taken)

    def _take_connections(self) -> int:
        taken = int(self._free.acquire(timeout=LOOK_AGAIN_SECONDS))
        while 0 < taken < BATCH and self._free.acquire(blocking=False):
            taken += 1
        return taken

    def _give_back(self, connections: int) -> None:
        if connections:
            self._free.release(connections)

    def _deliver(self, message: Received) -> None:
        began = time.monotonic()
        try:
            outcome = self._settle(message)
        except QueueUnavailable as error:
            outcome = f"the queue cannot be reached, so it comes back later: {error}"
        finally:
            self._give_back(1)
            self._deliveries.discard(threading.current_thread())
        where = f"{self.source.name} {message.id} to {self.courier.path_of(message)}"
        log.info("%s, try %d: %s (%.3f s)", where, message.receive_count, outcome, time.monotonic() - began)

    def _settle(self, message: Received) -> str:
        """Post the message, then delete or release it; answers what happened."""
        if self._stopping.is_set():
            self.source.release(message, 0, "the daemon stopped")
            return "given back, the daemon stops"
        try:
            status = self.courier.post(message)
        except Inactive:
            return f"no answer within {self.options.inactivity_timeout:g} s, comes back after the visibility timeout"
        except (OSError, http.client.HTTPException, ValueError) as error:
            return self._release(message, f"{type(error).__name__}: {error}")
        if status != 200:
            return self._release(message, str(status))
        self.source.delete(message)
        return "200"

    def _release(self, message: Received, error: str) -> str:
        self.source.release(message, self.options.error_visibility_timeout, error)
        return f"{error}, again in {self.options.error_visibility_timeout:g} s"

    def _send_ticks(self, path: Path) -> None:
        try:
            scheduler = Scheduler(read_tasks(path), self.source)
        except CronError as error:
            log.error("periodic tasks are off: %s", error)
            return
        while not self._stopping.is_set():
            with self._surviving():
                scheduler.run(time.time())
            self._stopping.wait(1.0 - time.time() % 1.0)


def parser() -> argparse.ArgumentParser:
    """The command line, one flag per option."""
    taken = argparse.ArgumentParser(prog="python -m beanstalk.sqsd", description=(__doc__ or "").partition("\n")[0])
    taken.add_argument("--queue", required=True, metavar="URL", help="sqlite:///path or the URL of an SQS queue")
    taken.add_argument("--target", default="http://127.0.0.1:80", metavar="URL", help="the worker (%(default)s)")
    taken.add_argument("--path", default="/", help="where messages are posted (%(default)s)")
    taken.add_argument("--mime-type", default="application/json", help="Content-Type (%(default)s)")
    for flag, default, least, most, text in (
        ("--connections", 50, 1, 100, "requests at once"),
        ("--connect-timeout", 5, 1, 60, "seconds to connect"),
        ("--inactivity-timeout", 299, 1, 36000, "seconds to wait for an answer"),
        ("--visibility-timeout", 300, 0, 43200, "seconds that a received message stays hidden"),
        ("--error-visibility-timeout", 2, 0, 43200, "seconds until a failed message is tried again"),
        ("--max-retries", 10, 1, 100, "tries before a message becomes a dead letter, for sqlite only"),
    ):
        help_text = f"{text}, {least} to {most} (%(default)s)"
        taken.add_argument(flag, type=_between(least, most), default=default, metavar="N", help=help_text)
    taken.add_argument("--cron", type=Path, metavar="FILE", help="cron.yaml with periodic tasks")
    taken.add_argument("--registry-table", metavar="NAME", help="DynamoDB table for the periodic tasks of an SQS queue")
    return taken


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"takes a whole number from {least} to {most}, got {text!r}")
        return int(text)

    return number


def main(argv: Sequence[str] | None = None) -> int:
    """Run one daemon until SIGTERM or SIGINT; answers the exit code."""
    taken = parser()
    options = Options(**vars(taken.parse_args(argv)))
    try:
        daemon = Daemon(options)
    except ValueError as error:
        taken.error(str(error))
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    daemon.start()
    with suppress(KeyboardInterrupt):
        ended.wait()
    daemon.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Somebody inside who writes all the time, to the writer or to the sessions' Redis, and knows what was acknowledged.

It runs beside a worker of the shop, so it goes the way that the sites go: by the endpoints of its zone.
"""

import itertools
import logging
import os
import time
from contextlib import ExitStack
from types import TracebackType

from compose.control import Control, until

HOME = "myclothes-worker-1"
# Lines that begin so tell a number, and when it was acknowledged, by the clock of this machine; others are failures.
# What Redis acknowledged without its replica is not confirmed, and may be lost with the primary.
CONFIRMED, UNCONFIRMED = "confirmed", "unconfirmed"
DATABASE = """
import os, time, pymysql
from urllib.parse import urlsplit
url, connection, number = urlsplit(os.environ["DATABASE_URL"]), None, 0
while True:
    number += 1
    try:
        connection = connection or pymysql.connect(
            host=url.hostname, port=url.port, user=url.username, password=url.password, database=url.path[1:],
            autocommit=True, connect_timeout=2, read_timeout=8)
        cursor = connection.cursor()
        if number == 1:
            cursor.execute("CREATE OR REPLACE TABLE acknowledged (n INT PRIMARY KEY)")
        cursor.execute("INSERT INTO acknowledged VALUES (%s)", (number,))
        print("confirmed", number, time.time(), flush=True)
    except pymysql.Error:
        connection = None
    time.sleep(0.02)
"""
SESSIONS = """
import logging, os, time
from apps.chassis.redis import RedisServer, RedisUnavailable, Script
# What is logged would come in between.
logging.disable()
server, number = RedisServer(os.environ["SESSION_URL"]), 0
script = Script("return redis.call('SADD', KEYS[1], ARGV[1])")
server.command("DEL", "acknowledged")
while True:
    number += 1
    try:
        _, confirmed = server.run_replicated(script, ["acknowledged"], [number])
        print("confirmed" if confirmed else "unconfirmed", number, time.time(), flush=True)
        # The next one goes wherever the endpoint leads then.
        server.close()
    except RedisUnavailable:
        pass
    time.sleep(0.02)
"""
log = logging.getLogger(__name__)


class Acknowledging:
    """A context manager, within which one of the two programs runs."""

    def __init__(self, control: Control, program: str) -> None:
        self._control = control
        self._program = program
        self._open_now = ExitStack()

    def __enter__(self) -> "Acknowledging":
        command = ["exec", self._control.name(HOME), "/opt/app/entrypoint", "python", "-c", self._program]
        self._output = self._open_now.enter_context(self._control.engine.started(*command)).output
        self.wait_for_more(20)
        return self

    def acknowledged_by_now(self) -> set[int]:
        """What nobody may lose any more, and what Redis acknowledged without its replica."""
        return set(self._read(CONFIRMED, UNCONFIRMED))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The program inside ends with its next line, which nobody takes any more.
        self.acknowledged = self._read(CONFIRMED)
        self._open_now.close()

    def wait_for_more(self, more: int, seconds: float = 40) -> None:
        """Wait until so many more were acknowledged; raises TimeoutError."""
        before = len(self._read(CONFIRMED))
        until(lambda: len(self._read(CONFIRMED)) >= before + more, seconds, f"{more} more than {before} acknowledged")

    def silence(self) -> float:
        """The longest time in which nothing was acknowledged, in seconds."""
        longest = max(later - earlier for earlier, later in itertools.pairwise(sorted(self.acknowledged.values())))
        log.info("acknowledged: %d, silent for %.1f s at most", len(self.acknowledged), longest)
        return longest

    def _read(self, *kinds: str) -> dict[int, float]:
        # Read by position: the file's own is where the program goes on writing.
        descriptor = self._output.fileno()
        text = os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode()
        whole, _, _ = text.rpartition("\n")
        told = [words for words in map(str.split, whole.splitlines()) if words and words[0] in kinds]
        return {int(number): float(moment) for _, number, moment in told}


def rows(control: Control, database: str) -> set[int]:
    """What one of the databases has, in spite of all that may be in front of it."""
    query = "SELECT n FROM myclothes.acknowledged"
    return set(map(int, ask_database(control, database, query).split()))


def ask_database(control: Control, database: str, query: str) -> str:
    """What a query shows, without the names of its columns."""
    socket = "--socket=/run/database.sock"
    return control.execute(database, "mariadb", "--no-defaults", socket, "--skip-column-names", "--execute", query)


def members(control: Control, cache: str) -> set[int]:
    """What one of the Redis servers has."""
    return set(map(int, ask_cache(control, cache, "SMEMBERS acknowledged").split()))


def ask_cache(control: Control, cache: str, command: str) -> str:
    """What a Redis server answers."""
    return control.execute(cache, "sh", "-c", f'exec /opt/cache/ask "$LISTEN" 6379 {command}')


def back_by_itself(control: Control, seconds: float = 60) -> float:
    """Wait until a loss of the writer would lose nothing again, and answer how long that took; raises TimeoutError."""
    began = time.monotonic()
    in_step = '"in_step": true, "unusable": []'
    until(
        lambda: in_step in control.execute("promoter", "cat", "/var/lib/promoter/state.json"),
        seconds,
        control.logs("promoter", 20),
    )
    log.info("in step after %.1f s", time.monotonic() - began)
    return time.monotonic() - began

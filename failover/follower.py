"""What a relay of its own process leads by: the word of a promoter, and the last one while the promoter is away.

What was heard last is the newest: there is one promoter, a relay has one connection to it at a time, and the promoter
saves a decision before it tells it, so that after a restart it knows no less than its relays. And no acknowledged
commit depends on relays: a former writer, though somebody were still led to it, cannot acknowledge any.
"""

import logging
import socket
import threading
from pathlib import Path

from failover.endpoints import Endpoint
from failover.settings import Address
from failover.state import keep

# A connection on which nothing comes, not even a beat, is dead, though nobody said so: a network can be cut.
SILENCE_SECONDS = 3.0
RETRY_SECONDS = 0.2

log = logging.getLogger(__name__)


class Follower:
    """Points an endpoint at the writer that a promoter names. `run` it in one thread."""

    def __init__(self, promoter: tuple[str, int], kept: Path, endpoint: Endpoint) -> None:
        """`kept` is the file of what was heard last: it outlives this process, and the endpoint leads there at once."""
        self._promoter = promoter
        self._kept = kept
        self._endpoint = endpoint
        self._known: str | None = None
        self._trouble = ""

    def run(self, stopping: threading.Event) -> None:
        """Listen until told to stop, which takes seconds."""
        if self._kept.exists():
            self._lead_to(self._kept.read_text("utf-8"))
        while not stopping.is_set():
            try:
                self._listen(stopping)
            except OSError as error:
                self._say(f"no promoter at {self._promoter[0]}:{self._promoter[1]}: {error}")
            stopping.wait(RETRY_SECONDS)

    def _listen(self, stopping: threading.Event) -> None:
        with socket.create_connection(self._promoter, SILENCE_SECONDS) as connection, connection.makefile() as lines:
            for line in lines:
                # The half of a line, which a promoter leaves that dies, would name another server.
                if stopping.is_set() or not line.endswith("\n"):
                    return
                self._trouble = ""
                self._hear(line.strip())

    def _hear(self, name: str) -> None:
        if name == self._known:
            return
        # Kept first: else a relay that dies here would lead to the former writer when it is back.
        keep(self._kept, name)
        self._lead_to(name)

    def _lead_to(self, name: str) -> None:
        self._known = name
        host, _, port = name.rpartition(":")
        self._endpoint.point_at(Address(host, int(port), "", "") if name else None)
        log.warning("leads to %s", name or "nobody")

    def _say(self, trouble: str) -> None:
        """Log it once, until it is otherwise."""
        if trouble != self._trouble:
            self._trouble = trouble
            log.warning("%s", trouble)

"""The balancer while it runs: what it sees, and what it is told by its socket."""

import csv
import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass

from compose.balancer import SOCKET
from compose.topology import Topology

DRAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Target:
    """An instance as the balancer sees it. `status` is HAProxy's word, such as UP, DOWN, DRAIN, MAINT or no check."""

    name: str
    status: str
    check: str
    requests: int
    sessions: int

    @property
    def serves(self) -> bool:
        """Whether visitors are sent there; one that is not checked counts as serving."""
        return self.status.startswith(("UP", "no check"))


class Balancer:
    """Asks HAProxy by its statistics page, and commands it by its socket, from inside its container."""

    def __init__(self, plan: Topology, execute: Callable[..., str]) -> None:
        self._plan = plan
        self._execute = execute

    def targets(self) -> dict[str, Target]:
        """All instances by name; raises OSError while the balancer does not answer."""
        rows = csv.DictReader(self._page("/;csv").lstrip("# ").splitlines())
        return {
            row["svname"]: Target(
                row["svname"], row["status"], row["check_status"].lstrip("* "), int(row["stot"]), int(row["scur"])
            )
            for row in rows
            if row["svname"] not in ("FRONTEND", "BACKEND")
        }

    def drain(self, instance: str, seconds: float = DRAIN_SECONDS) -> None:
        """Send nobody new there, and return when the last request is answered; raises TimeoutError.

        Visitors who stick to it by a cookie still go there.
        """
        self.command(f"set server {self._path(instance)} state drain")
        deadline = time.monotonic() + seconds
        while self.targets()[instance].sessions:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{instance} still answers requests after {seconds:g} s")
            time.sleep(0.05)

    def maintain(self, instance: str) -> None:
        """Send nobody there at all, not even whom a cookie sticks to it."""
        self.command(f"set server {self._path(instance)} state maint")

    def ready(self, instance: str) -> None:
        """Send visitors there again."""
        self.command(f"set server {self._path(instance)} state ready")

    def command(self, text: str) -> str:
        """HAProxy's answer to a command of its socket."""
        return self._execute("balancer", "socat", "-t", "5", "-", f"UNIX-CONNECT:{SOCKET}", content=text + "\n").strip()

    def _path(self, instance: str) -> str:
        return f"{self._plan.services[instance].app}/{instance}"

    def _page(self, path: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._plan.switches.statistics_port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

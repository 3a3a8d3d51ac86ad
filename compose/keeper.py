"""`python -m compose.keeper`: what an Auto Scaling group does, so that what dies comes back with nobody's help.

Started again is what was killed, which Docker's own restarts leave alone; restarted is an instance that the balancer
finds dead, and whatever its own health check has found ill for long. Left alone is what somebody stopped or paused, and
a zone in which nothing runs: that is a zone that is down.
"""

import csv
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

from compose.balancer import SOCKET as BALANCER
from compose.dockerapi import DockerApi, Listed, Refused

LOOK_SECONDS = 2.0
# How long something must be so before anything is done about it, by what it is.
PATIENCE_SECONDS = {"ended": 4.0, "dead to the balancer": 10.0, "ill": 60.0}
# A young container may still be at its first start.
GRACE_SECONDS = 60.0

log = logging.getLogger(__name__)


class Keeper:
    """Looks over the containers of a project. `balancer` is the path of HAProxy's socket."""

    def __init__(self, docker: DockerApi, balancer: str) -> None:
        self._docker = docker
        self._balancer = balancer
        self._looked_at: float | None = None
        self._left_alone: set[str] = set()
        self._ailing: dict[tuple[str, str], float] = {}

    def look(self, now: float) -> None:
        """Look at this time of the clock, and cure whatever has ailed for long enough; raises OSError or Refused."""
        containers = self._docker.containers()
        self._note_stops(containers, now)
        ailments = dict(self._ailments(containers))
        self._ailing = {(c.id, ailment): self._ailing.get((c.id, ailment), now) for c, ailment in ailments.items()}
        for container, ailment in ailments.items():
            if now - self._since(container, ailment, ailments) >= PATIENCE_SECONDS[ailment]:
                self._cure(container, ailment, now, [c for c in containers if c.beside == container.id])

    def _note_stops(self, containers: Sequence[Listed], now: float) -> None:
        if self._looked_at is None:
            # What had ended before is for whoever is starting everything just now, in an order that we do not know.
            self._left_alone = {container.id for container in containers if container.state == "exited"}
            self._looked_at = now
        for action, container in self._docker.starts_and_stops(self._looked_at, now):
            if action == "stop":
                self._left_alone.add(container)
            else:
                self._left_alone.discard(container)
        self._looked_at = now

    def _ailments(self, containers: Sequence[Listed]) -> Iterator[tuple[Listed, str]]:
        dead = dead_instances(self._balancer)
        zones = {container.zone for container in containers if container.state in ("running", "paused")}
        for container in containers:
            if container.role == "once" or container.id in self._left_alone or container.zone not in zones:
                continue
            if container.state == "exited":
                yield container, "ended"
            elif container.state == "running" and container.name in dead:
                yield container, "dead to the balancer"
            elif container.state == "running" and not container.healthy:
                yield container, "ill"

    def _since(self, container: Listed, ailment: str, ailments: Mapping[Listed, str]) -> float:
        if ailment != "ended":
            return self._ailing[container.id, ailment]
        # A zone that dies does so one by one: as long as another one ends there, it may turn out to be all of it.
        ended = (other for other, what in ailments.items() if what == ailment and other.zone == container.zone)
        return max(self._ailing[other.id, ailment] for other in ended)

    def _cure(self, container: Listed, ailment: str, now: float, beside: Sequence[Listed]) -> None:
        if ailment == "ended":
            self._docker.start(container.id)
        elif now - self._docker.started_at(container.id) >= GRACE_SECONDS:
            self._docker.restart(container.id)
        else:
            return
        log.warning("%s was %s: started anew", container.name, ailment)
        # They share a network that has just gone with the container's former life.
        for one in beside:
            if one.state == "running":
                self._docker.restart(one.id)


def dead_instances(balancer: str) -> set[str]:
    """The instances that HAProxy holds for down; none while it cannot be asked."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(balancer)
            connection.sendall(b"show stat\n")
            with connection.makefile() as lines:
                rows = list(csv.DictReader(line.removeprefix("# ") for line in lines))
    except OSError:
        return set()
    return {row["svname"] for row in rows if row["svname"] != "BACKEND" and row["status"].startswith("DOWN")}


def main() -> int:
    """Keep until SIGTERM or Ctrl-C; answers the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stdout)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    docker = DockerApi(os.environ.get("DOCKER_SOCKET", "/var/run/docker.sock"), os.environ["PROJECT"])
    keeper = Keeper(docker, os.environ.get("BALANCER_SOCKET", BALANCER))
    while not stopping.wait(LOOK_SECONDS):
        try:
            keeper.look(time.time())
        except (OSError, Refused) as error:
            log.warning("cannot look after the containers now: %s", error)
    return 0


if __name__ == "__main__":
    sys.exit(main())

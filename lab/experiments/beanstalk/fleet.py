"""Environments of two instances behind a balancer, and the name that visitors know them by."""

import http.client
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab.experiments.beanstalk import versions
from lab.experiments.beanstalk.balancer import Balancer
from lab.experiments.beanstalk.member import Member, finished
from lab.load.names import Resolver
from lab.load.openloop import Load, asking
from lab.load.visitor import Site
from lab.servers import free_port

HOST = "whatisthetime.test"
PATH = "/convert?from=Asia/Seoul&time=2026-11-29T09:00&to=Europe/London"
SIZE, RATE = 2, 40.0
# For how long visitors go to the old environment after the names were swapped.
TTL_SECONDS = 3
SETTLE_SECONDS = 1.0


class Environment:
    """Some instances and the balancer before them."""

    def __init__(self, fleet: "Fleet", address: str, members: Sequence[Member]) -> None:
        self._fleet = fleet
        self.members = list(members)
        folder = fleet.folder / f"balancer-{address}"
        self.balancer = Balancer(folder, address, fleet.port, [member.port for member in members])

    def serve_by(self, members: Sequence[Member]) -> None:
        """Send visitors to these only."""
        self.balancer.turn_to([member.port for member in members])

    def works(self) -> bool:
        """Whether the page that visitors want is answered as it should be, by whichever instance is asked."""
        return all(self._answers() for _ in range(2 * len(self.members)))

    def terminate(self) -> None:
        """End all of it."""
        self.balancer.stop()
        for member in self.members:
            member.terminate()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self.balancer.address, self.balancer.port, timeout=10)
        try:
            connection.request("GET", PATH, headers={"Host": HOST})
            return connection.getresponse().status == 200
        finally:
            connection.close()


class Fleet:
    """The environment that serves, one that may take its place, and three versions: good, good, and buggy."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.versions = {1: versions.first(folder)}
        self.versions |= {2: versions.numbered(folder / "plain.zip", 2)}
        self.versions |= {3: versions.numbered(folder / "plain.zip", 3, buggy=True)}
        self._launched: list[Member] = []
        self._environments: list[Environment] = []
        self.address = "127.0.0.1"

    def launch(self, version: int, count: int) -> list[Member]:
        """So many new instances that serve this version."""
        members = [self._member() for _ in range(count)]
        for member in members:
            member.launch(self.versions[version], self.url)
        for member in members:
            member.await_start()
        return members

    def environment(self, version: int) -> Environment:
        """A whole new environment, on an address of its own; nobody is sent there yet."""
        address = f"127.0.0.{len(self._environments) + 1}"
        self._environments.append(Environment(self, address, self.launch(version, SIZE)))
        return self._environments[-1]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def load(self) -> Load:
        """Visitors who convert times; each knows the address for as long as the name's time to live."""
        return Load(Site(HOST, self.port, lambda: Resolver(self._look_up)), RATE, asking(PATH, "convert"))

    def deploy(self, members: Sequence[Member], version: int) -> None:
        """On all of these at once; raises RuntimeError if one refuses it."""
        finished([member.deploying(self.versions[version]) for member in members])

    def terminate(self) -> None:
        """End whatever was ever begun."""
        for environment in self._environments:
            environment.balancer.stop()
        for member in self._launched:
            member.terminate()

    def _member(self) -> Member:
        self._launched.append(Member(f"i-{len(self._launched) + 1}", self.folder, self.folder / "environments"))
        return self._launched[-1]

    async def _look_up(self, host: str) -> tuple[list[str], int]:
        return [self.address], TTL_SECONDS


class Ground:
    """Two instances of version 1 that serve."""

    described: Mapping[str, str] = {"INSTANCES": str(SIZE), "TIER": "web", "APP": versions.APP}

    @contextmanager
    def standing(self) -> Iterator[tuple[Fleet, Environment]]:
        with tempfile.TemporaryDirectory(prefix="lab-fleet-") as folder:
            fleet = Fleet(Path(folder))
            try:
                # What all of them need is installed by the first.
                for member in fleet.launch(1, 1):
                    member.terminate()
                yield fleet, fleet.environment(1)
            finally:
                fleet.terminate()

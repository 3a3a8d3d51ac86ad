"""The running architecture: start it, break it, heal it, ask it.

People do so by `python -m compose`, tests and experiments by this:

    with running(Switches(instances=3)) as control:
        control.kill("myclothes-1")
        control.balancer.drain("myclothes-2")

Services are named as in compose.yaml. Whatever Docker refuses is DockerFailed.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from compose.engine import Container, DockerFailed, Engine
from compose.files import ROOT, files_of
from compose.runtime import Balancer
from compose.services import Service
from compose.switches import Switches
from compose.topology import Topology, topology
from compose.waiting import Silent, Watching, wait_until_healthy

START_SECONDS = 180.0
# While this file is there, the health checks of `docker/` ask seldom.
FOUND_HEALTHY = "/tmp/healthy"  # noqa: S108


class Control:
    """One architecture on this machine."""

    def __init__(self, plan: Topology, engine: Engine | None = None) -> None:
        self.plan = plan
        self.files = files_of(plan)
        engine = engine or Engine.of_this_machine()
        self.engine = replace(engine, environ={**engine.environ, "DOCKER_SOCKET": engine.socket})
        self.balancer = Balancer(plan, self.execute)

    # All of it

    def build(self) -> None:
        """Make the images, as far as they are out of date."""
        self.files.write(self.plan)
        self.compose("build", "--quiet")

    def up(self, *services: str, seconds: float = START_SECONDS, watching: Watching | None = None) -> None:
        """Start all services, or these and whatever they wait for; return when all of that is healthy.

        Raises TimeoutError, which names what is not, or DockerFailed.
        """
        self.files.write(self.plan)
        with self.engine.started(*self._words("up", "--detach", "--remove-orphans", *services)) as starting:
            wait_until_healthy(self, self._with_needed(services), seconds, watching or Silent(), starting)

    def wait(self, *services: str, seconds: float = START_SECONDS) -> None:
        """Return when all services are healthy, or these; raises TimeoutError, which names what is not."""
        wait_until_healthy(self, self._with_needed(services), seconds, Silent())

    def stop(self) -> None:
        """Stop everything and keep all data: the next start is a quick one."""
        self.compose("stop")

    def down(self) -> None:
        """Take everything down, data included, and leave nothing behind."""
        self.files.write(self.plan)
        # Nothing is to be kept, so nobody is waited for.
        running = [
            container.id for container in self.containers().values() if container.status in ("running", "paused")
        ]
        if running:
            self.engine.run("kill", *running)
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "0")
        # An architecture that was rendered otherwise may have had other networks and volumes.
        for kind, names in self.engine.leftovers(self.plan.switches.project).items():
            if names:
                self.engine.run(kind, "rm", *names)

    def containers(self) -> dict[str, Container]:
        """All containers by their service, whether they run or not."""
        return self.engine.containers(self.plan.switches.project)

    def leftovers(self) -> list[str]:
        """The containers, networks and volumes that exist."""
        return [name for names in self.engine.leftovers(self.plan.switches.project).values() for name in names]

    # Single containers

    def kill(self, *services: str) -> None:
        """End them at once, as a loss of power does. The keeper starts single ones again, after some seconds."""
        self.engine.run("kill", *map(self.name, services))

    def start(self, *services: str) -> None:
        """Start them again with the data they had, and the daemons beside them."""
        self.engine.run("start", *map(self.name, services))
        beside = self._beside(services)
        if beside:
            self.engine.run("restart", "--time", "1", *map(self.name, beside))

    def restart(self, *services: str) -> None:
        """Stop them as an operator would, and start them again, with the daemons beside them."""
        self.engine.run("restart", *map(self.name, [*services, *self._beside(services)]))

    def pause(self, *services: str) -> None:
        """Let them hang: they hold their connections and answer nothing. The keeper leaves them so."""
        self.engine.run("pause", *map(self.name, services))

    def unpause(self, *services: str) -> None:
        """Let them go on."""
        self.engine.run("unpause", *map(self.name, services))
        # Docker holds them for ill until it has asked again, which else would take a minute.
        for service in services:
            if self.plan.services[service].health:
                self.execute(service, "rm", "-f", FOUND_HEALTHY)

    def recreate(self, *services: str) -> None:
        """Replace them by new containers of the newest image; volumes stay."""
        self.compose("up", "--detach", "--no-deps", "--force-recreate", *services)

    def disconnect(self, service: str, network: str) -> None:
        """Take a service off a network; it goes on running."""
        self.engine.run("network", "disconnect", self._network(network), self.name(service))

    def connect(self, service: str, network: str) -> None:
        """Put it onto that network again, with the address it had."""
        address = self.plan.plan.address(self.plan.services[service], network)
        self.engine.run("network", "connect", "--ip", address, self._network(network), self.name(service))

    # Zones

    def zone(self, zone: str) -> list[str]:
        """The services of a zone, those first that others stand beside."""
        return [service.name for service in self.plan.of(zone=zone) if not service.once]

    def kill_zone(self, zone: str) -> None:
        """End everything in a zone at once. The keeper leaves a zone alone in which nothing runs."""
        found = self.containers()
        self.engine.run("kill", *[found[name].id for name in self.zone(zone) if name in found and found[name].runs])

    def heal(self) -> list[str]:
        """Undo every fault: start what is down, let go on what is paused, connect again; answers what was healed.

        What was never started stays so.
        """
        containers = self.containers()
        paused = [name for name, found in containers.items() if found.status == "paused"]
        if paused:
            self.unpause(*paused)
        cut = self._reconnect(containers)
        down = [name for name, found in containers.items() if not found.runs and name not in paused]
        ended = [service.name for service in self._services() if service.name in down]
        if ended:
            self.start(*ended)
        return [*paused, *cut, *ended]

    def _reconnect(self, containers: dict[str, Container]) -> list[str]:
        healed = []
        for document in self.engine.inspect(*[container.id for container in containers.values()]):
            service = self.plan.services[document["Config"]["Labels"]["com.docker.compose.service"]]
            for network in self.plan.plan.networks_of(service):
                if self._network(network) not in document["NetworkSettings"]["Networks"]:
                    self.connect(service.name, network)
                    healed.append(service.name)
        return healed

    # Looking inside

    def execute(self, service: str, *command: str, content: str = "", seconds: float = 60) -> str:
        """What a command printed that ran in a service's container."""
        return self.engine.run("exec", "--interactive", self.name(service), *command, content=content, seconds=seconds)

    def logs(self, service: str, lines: int = 100) -> str:
        """The last lines that a service logged."""
        return self.compose("logs", "--no-color", "--no-log-prefix", "--tail", str(lines), service)

    def memory(self) -> dict[str, float]:
        """MiB of memory by service, caches of files left out, as Docker counts."""
        return {name: _mebibytes(columns[0]) for name, columns in self._stats("{{.MemUsage}}").items()}

    def _stats(self, columns: str) -> dict[str, list[str]]:
        prefix = f"{self.plan.switches.project}-"
        lines = self.engine.run("stats", "--no-stream", "--format", "{{.Name}} " + columns).splitlines()
        return {name.removeprefix(prefix): rest for name, *rest in map(str.split, lines) if name.startswith(prefix)}

    # How Docker is spoken to

    def compose(self, *words: str) -> str:
        """What that command of Docker Compose printed."""
        return self.engine.run(*self._words(*words))

    def name(self, service: str) -> str:
        """The container's name."""
        return f"{self.plan.switches.project}-{service}"

    def _words(self, *words: str) -> list[str]:
        return ["compose", "--project-directory", str(ROOT), "--file", str(self.files.compose), *words]

    def _network(self, network: str) -> str:
        return f"{self.plan.switches.project}_{network}"

    def _services(self) -> list[Service]:
        return [service for service in self.plan.services.values() if not service.once]

    def _beside(self, services: Sequence[str]) -> list[str]:
        # Whoever shares the network of a container that starts anew is left with one that leads nowhere.
        there = self.containers()
        return [s.name for s in self._services() if s.beside in services and s.name not in services and s.name in there]

    def _with_needed(self, services: Sequence[str]) -> list[Service]:
        if not services:
            return list(self.plan.services.values())
        wanted = [self.plan.services[name] for name in services]
        for service in wanted:
            needed = [*service.after, *([service.beside] if service.beside else [])]
            wanted += [self.plan.services[name] for name in needed if self.plan.services[name] not in wanted]
        return wanted


@contextmanager
def running(switches: Switches, *services: str, watching: Watching | None = None) -> Iterator[Control]:
    """The architecture that these switches describe, healthy, for as long as the block lasts; nothing is left of it."""
    control = Control(topology(switches))
    try:
        control.build()
        control.up(*services, watching=watching)
        yield control
    finally:
        control.down()


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Return as soon as it holds; raises TimeoutError, which says `what` did not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}, within {seconds:g} s")
        time.sleep(0.1)


def _mebibytes(text: str) -> float:
    units = {"GiB": 1024.0, "MiB": 1.0, "KiB": 1 / 1024, "B": 1 / 1024 / 1024}
    return next(float(text.removesuffix(unit)) * size for unit, size in units.items() if text.endswith(unit))


__all__ = ["Control", "DockerFailed", "running", "until"]

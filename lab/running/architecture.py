"""The whole architecture as the ground of experiments: an instance of it that is the lab's own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import Any

from compose.control import Control
from compose.switches import Switches
from compose.topology import topology
from lab.load.names import Resolver, by_dns
from lab.load.visitor import Site

# Beside the architecture that a person may have running.
OWN = Switches(project="lab", subnet="10.212", port=8180, statistics_port=8504, names_port=8153)
CORE = ("balancer", "names", "keeper")


class Stage:
    """What an experiment may do to it. Every fault is a context manager that heals it."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.switches = control.plan.switches
        # What cannot be healed is taken down with all its data, for the next experiment to begin anew.
        self.spoiled = False

    def site(self, app: str, *, keeps: bool = True, timeout: float = 5.0) -> Site:
        """A site as its visitors reach it, by way of the balancer."""
        return Site(f"{app}.localhost", self.switches.port, timeout=timeout, keeps=keeps)

    def site_by_dns(self, app: str, record: str, port: int, *, timeout: float = 5.0) -> Site:
        """A site whose address each visitor asks the name server for, and remembers as long as that allows."""
        look_up = by_dns(port=self.switches.names_port)
        # Whatever name is typed, the site knows itself by one only.
        return replace(
            self.site(app, keeps=False, timeout=timeout),
            record=f"{record}.{app}.test",
            record_port=port,
            names=lambda: Resolver(look_up),
        )

    @contextmanager
    def killed(self, *services: str) -> Iterator[None]:
        """End them at once. Single ones the keeper starts again; at the end they run in any case."""
        try:
            self.control.kill(*services)
            yield
        finally:
            self.control.heal()

    @contextmanager
    def stopped(self, *services: str) -> Iterator[None]:
        """Stop them as an operator does, and nothing starts them again before the end."""
        with self.without_keeper():
            try:
                self.control.engine.run("stop", *map(self.control.name, services))
                yield
            finally:
                self.control.start(*services)

    @contextmanager
    def hanging(self, *services: str) -> Iterator[None]:
        """Let them hold their connections and answer nothing."""
        try:
            self.control.pause(*services)
            yield
        finally:
            self.control.heal()

    @contextmanager
    def zone_lost(self, zone: str) -> Iterator[None]:
        """End everything in a zone at once; nothing there starts again before the end."""
        try:
            self.control.kill_zone(zone)
            yield
        finally:
            self.control.heal()

    @contextmanager
    def cut_off(self, service: str, network: str) -> Iterator[None]:
        """Take a service off a network of compose.yaml, while it goes on running."""
        self.control.disconnect(service, network)
        try:
            yield
        finally:
            self.control.connect(service, network)

    @contextmanager
    def without_keeper(self) -> Iterator[None]:
        """Nobody replaces instances meanwhile."""
        try:
            self.control.pause("keeper")
            yield
        finally:
            # Whatever healed before has done so already.
            if self.control.containers()["keeper"].status == "paused":
                self.control.unpause("keeper")

    def serves(self, service: str) -> bool:
        """Whether the balancer sends visitors there."""
        return self.control.balancer.targets()[service].serves


@dataclass(frozen=True)
class Architecture:
    """The switches that make it this one, as they are written on the command line, and the services that are needed.

    Services are named by patterns, as files are. It stays up for the next experiment.
    """

    services: tuple[str, ...]
    switches: Mapping[str, Any]

    @property
    def described(self) -> dict[str, str]:
        return {
            name.upper(): str(int(value) if isinstance(value, bool) else value) for name, value in self.switches.items()
        }

    @contextmanager
    def standing(self) -> Iterator[Stage]:
        control = Control(topology(replace(OWN, **self.switches)))
        control.build()
        control.up(*self._wanted(control))
        stage = Stage(control)
        try:
            yield stage
        finally:
            if stage.spoiled:
                control.down()
            else:
                control.heal()

    def _wanted(self, control: Control) -> list[str]:
        names = [*CORE, *self.services]
        return [each for each in control.plan.services if any(fnmatch(each, name) for name in names)]


def architecture(*services: str, **switches: Any) -> Architecture:
    """`architecture("whatisthetime-?", instances=3)`."""
    return Architecture(services, switches)


def take_down() -> None:
    """Leave nothing of it behind."""
    Control(topology(OWN)).down()

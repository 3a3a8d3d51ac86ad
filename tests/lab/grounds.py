"""An experiment's ground for tests: a small site that can be stalled, and remembers that it was healed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from lab.load.openloop import Load, asking
from lab.load.visitor import Site
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text
from tests.lab.stalling import StallingSite


class Small:
    """The ground; what happened to it is noted in `events`."""

    described: Mapping[str, str] = {"INSTANCES": "1"}

    def __init__(self) -> None:
        self.events: list[str] = []

    @contextmanager
    def standing(self) -> Iterator["Small"]:
        with StallingSite() as self.site:
            self.events.append("up")
            try:
                yield self
            finally:
                self.events.append("down")

    @contextmanager
    def stalled(self) -> Iterator[None]:
        self.site.stall()
        self.events.append("stalled")
        try:
            yield
        finally:
            self.site.go_on()
            self.events.append("healed")

    def load(self, rate: float = 100) -> Load:
        return Load(Site("site.test", self.site.port), rate, asking("/page"))


def text(english: str) -> Text:
    return Text(english, f"{english} (한국어)")


def experiment(ground: Small, body: Callable[[Run[Small]], Text]) -> Experiment:
    return Experiment("whatisthetime/a-stall", text("A stall"), text("Nobody waits"), ground, body, fails=True)

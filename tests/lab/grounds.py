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

    def stalled(self) -> "Stall":
        return Stall(self)

    def load(self, rate: float = 100) -> Load:
        return Load(Site("site.test", self.site.port), rate, asking("/page"))


class Stall:
    """No generator, which would heal by itself when it is thrown away."""

    def __init__(self, small: Small) -> None:
        self.small = small

    def __enter__(self) -> None:
        self.small.site.stall()
        self.small.events.append("stalled")

    def __exit__(self, *_: object) -> None:
        self.small.site.go_on()
        self.small.events.append("healed")


def text(english: str) -> Text:
    return Text(english, f"{english} (한국어)")


def experiment(ground: Small, body: Callable[[Run[Small]], Text]) -> Experiment:
    return Experiment("whatisthetime/a-stall", text("A stall"), text("Nobody waits"), ground, body, fails=True)

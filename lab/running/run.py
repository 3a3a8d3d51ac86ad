"""What an experiment's body works with: load, time, faults, claims."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Generic, TypeVar

from lab.load.answers import Answers, Deed
from lab.load.openloop import Load
from lab.running.record import Claim, Mark, Number, Plot
from lab.running.signals import Signals
from lab.texts import Text

T = TypeVar("T")
TELL_SECONDS = 5.0
LOOK_SECONDS = 0.1
STEADY_LATENCY_SECONDS = 0.5


class TookTooLong(RuntimeError):
    """Something did not come about in its time."""


class Run(Generic[T]):
    """One run on its ground. All times are seconds from the beginning of the first load, or of its steady state."""

    def __init__(self, ground: T, tell: Callable[[str], None], signals: Signals, most_seconds: float = 120.0) -> None:
        self.ground = ground
        self.claims: list[Claim] = []
        self.numbers: list[Number] = []
        self.marks: list[Mark] = []
        self.plots: list[Plot] = []
        self._tell, self._signals, self._most_seconds = tell, signals, most_seconds
        self._loads: list[Load] = []
        self._began = time.monotonic()

    @property
    def now(self) -> float:
        return time.monotonic() - self._began

    @property
    def answers(self) -> Answers:
        """Those of all loads so far, in the order in which they were due."""
        found = [answer for load in self._loads for answer in load.answers if answer.due >= self._began]
        return Answers(replace(answer, due=answer.due - self._began) for answer in found)

    @property
    def deeds(self) -> list[Deed]:
        """What was acknowledged so far, in its order."""
        found = [replace(deed, at=deed.at - self._began) for load in self._loads for deed in load.deeds]
        return sorted(found, key=lambda deed: deed.at)

    @contextmanager
    def load(self, load: Load) -> Iterator[Load]:
        """Under this load; several may overlap. What is under way at its end is awaited."""
        with load:
            if not self._loads:
                self._began = load.began
            self._loads.append(load)
            yield load
        self.tell(f"load ends: {self._told()}")

    def wait(self, seconds: float) -> None:
        """Let time pass, and tell how it goes; raises TookTooLong where the run would get too long."""
        until = self.now + seconds
        if self._loads and until > self._most_seconds:
            raise TookTooLong(f"an experiment has {self._most_seconds:g} s")
        while (left := until - self.now) > 0:
            time.sleep(min(left, TELL_SECONDS))
            if left > TELL_SECONDS:
                self.tell(self._told())

    def steady(self, seconds: float = 6.0, within: float = 45.0) -> None:
        """Let time pass until for so long nothing failed and hardly anything was slow: the run counts from then on.

        What was answered before was warming up, and is left out. Raises TookTooLong where it does not come to that:
        then the machine has too much else to do to tell anything.
        """

        def is_steady() -> bool:
            recent = self.answers.between(self.now - seconds, self.now - LOOK_SECONDS)
            fine = len(recent) > 0 and not len(recent.failed) and recent.percentile(95) < STEADY_LATENCY_SECONDS
            return fine and self.now > seconds

        self.until(is_steady, within, f"{seconds:g} s without a failure")
        self._began += self.now - seconds
        self.tell(f"steady: {self._told()}")

    def until(self, is_so: Callable[[], object], seconds: float, what: str) -> float:
        """Wait for something to come about, and answer how long that took; raises TookTooLong."""
        began = self.now
        while not is_so():
            if self.now - began > seconds:
                raise TookTooLong(f"not within {seconds:g} s: {what}")
            time.sleep(LOOK_SECONDS)
        return self.now - began

    @contextmanager
    def fault(self, text: Text, breaking: AbstractContextManager[object]) -> Iterator[None]:
        """Break something; it heals at the end in any case, and nothing interrupts that. The plots show when."""
        since = self.now
        self.tell(f"fault: {text.en}")
        with self._signals.held():
            breaking.__enter__()
        try:
            yield
        except BaseException as error:
            with self._signals.held():
                breaking.__exit__(type(error), error, error.__traceback__)
            raise
        else:
            with self._signals.held():
                breaking.__exit__(None, None, None)
        finally:
            self.marks.append(Mark(text, since, self.now))
            self.tell("healed")

    @contextmanager
    def time_of(self, text: Text) -> Iterator[Mark]:
        """Mark what happens meanwhile, which is no fault."""
        since = self.now
        self.tell(text.en)
        yield Mark(text, since)
        self.marks.append(Mark(text, since, self.now))

    def mark(self, text: Text) -> float:
        """Mark this moment, and answer it."""
        self.marks.append(Mark(text, self.now))
        self.tell(text.en)
        return self.now

    def claim(
        self, text: Text, figure: float, unit: str = "", *, at_least: float | None = None, at_most: float | None = None
    ) -> None:
        """Hold that a figure is within these bounds, both included."""
        self.claims.append(Claim(text, figure, unit, at_least, at_most))

    def number(self, text: Text, figure: float, unit: str = "") -> None:
        """Tell a figure that is bound by nothing."""
        self.numbers.append(Number(text, figure, unit))

    def tell(self, what: str) -> None:
        """Say on the terminal how it goes."""
        self._tell(f"{self.now:7.1f} s  {what}")

    def _told(self) -> str:
        answers = self.answers
        return f"{len(answers)} answers, {len(answers.failed)} failed"

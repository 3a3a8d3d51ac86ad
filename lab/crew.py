"""Processes of threads that do one thing again and again, for as long as they are told to."""

import multiprocessing
import resource
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import TracebackType

# Made once in each process; called with the thread's number it gives what that thread repeats. What that answers is
# counted, and what it raises.
Trade = Callable[[], Callable[[int], Callable[[], str]]]


@dataclass
class Tally:
    """How often each answer came, how long each took in seconds, and what the crew's own processes used."""

    answers: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        """What another process did at the same time."""
        self.answers += other.answers
        self.errors += other.errors
        self.waits += other.waits
        self.seconds = max(self.seconds, other.seconds)
        self.cpu_seconds += other.cpu_seconds

    def per_second(self, answer: str) -> float:
        return self.answers[answer] / self.seconds


class Crew:
    """A context manager: so many processes with so many threads each, which wait for work."""

    def __init__(self, trade: Trade, *, processes: int = 2, threads: int = 4) -> None:
        context = multiprocessing.get_context("spawn")
        self._ends: list[Connection] = []
        self._processes = []
        for number in range(processes):
            ours, theirs = context.Pipe()
            self._ends.append(ours)
            self._processes.append(context.Process(target=_serve, args=(theirs, trade, number, threads), daemon=True))

    def work(self, seconds: float) -> Tally:
        """What all of them did in that time; whatever has begun is finished."""
        for end in self._ends:
            end.send(seconds)
        tally = Tally()
        for end in self._ends:
            tally.add(end.recv())
        return tally

    def __enter__(self) -> "Crew":
        for process in self._processes:
            process.start()
        for end in self._ends:
            end.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in self._ends:
            end.send(None)
        for process in self._processes:
            process.join(10)


def _serve(end: Connection, trade: Trade, number: int, threads: int) -> None:
    make = trade()
    acts = [make(number * threads + place) for place in range(threads)]
    end.send("ready")
    while (seconds := end.recv()) is not None:
        end.send(_tallied(acts, seconds))


def _tallied(acts: list[Callable[[], str]], seconds: float) -> Tally:
    whole, lock = Tally(), threading.Lock()
    before, began = _cpu_seconds(), time.perf_counter()

    def repeat(act: Callable[[], str]) -> None:
        mine = Tally()
        while (start := time.perf_counter()) < began + seconds:
            try:
                mine.answers[act()] += 1
            except Exception as error:
                mine.errors[f"{type(error).__name__}: {error}"[:200]] += 1
            mine.waits.append(time.perf_counter() - start)
        with lock:
            whole.add(mine)

    running = [threading.Thread(target=repeat, args=(act,)) for act in acts]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    whole.seconds, whole.cpu_seconds = time.perf_counter() - began, _cpu_seconds() - before
    return whole


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

"""What came back: each answer with when it was due, how long it took, and who gave it."""

import csv
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

REFUSED, TIMEOUT, RESET, UNREACHABLE, UNNAMED = "refused", "timeout", "reset", "unreachable", "no address"


@dataclass(slots=True)
class Answer:
    """One request. Times are seconds; `due` is when it was to be sent, and `latency` counts from then."""

    asked: str
    due: float
    latency: float = math.nan
    # The status, or how the request failed, or what was wrong with an answer whose status was right.
    outcome: str = ""
    instance: str = ""
    zone: str = ""
    # Which database it is from, and what the cache had to say.
    database: str = ""
    cache: str = ""
    visitor: int = 0

    @property
    def fine(self) -> bool:
        """Whether the visitor got what was asked for."""
        return self.outcome[:1] in ("2", "3")


@dataclass(frozen=True, slots=True)
class Deed:
    """What was confirmed to a visitor, and must therefore never be lost."""

    kind: str
    what: str
    at: float
    visitor: int


class Answers:
    """Answers in the order in which they were due."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self._all = sorted(answers, key=lambda answer: answer.due)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self._all)

    def __getitem__(self, place: int) -> Answer:
        return self._all[place]

    def where(self, condition: Callable[[Answer], object]) -> "Answers":
        return Answers(filter(condition, self._all))

    def between(self, since: float, until: float) -> "Answers":
        """Those that were due in this time."""
        return self.where(lambda answer: since <= answer.due < until)

    def asked(self, *names: str) -> "Answers":
        return self.where(lambda answer: answer.asked in names)

    @property
    def failed(self) -> "Answers":
        return self.where(lambda answer: not answer.fine)

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(answer.outcome for answer in self._all)

    @property
    def instances(self) -> Counter[str]:
        """How many answers each instance gave; those that no instance gave are left out."""
        return Counter(answer.instance for answer in self._all if answer.instance)

    @property
    def failing_seconds(self) -> float:
        """From when the first request that failed was due to when the last one was; 0 if none or one failed."""
        failed = self.failed
        return failed[-1].due - failed[0].due if failed else 0.0

    def percentile(self, part: float) -> float:
        """Seconds within which so many of a hundred came; not a number if there were none."""
        waits = sorted(answer.latency for answer in self._all)
        return waits[min(len(waits) - 1, int(len(waits) * part / 100))] if waits else math.nan

    def write(self, file: Path) -> None:
        """All of them as CSV."""
        with file.open("w", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(field.name for field in fields(Answer))
            rows.writerows(astuple(answer) for answer in self._all)

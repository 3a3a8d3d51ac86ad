"""What a run leaves behind, as it is written to `figures.json` and read again for the report."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lab.texts import Text


@dataclass(frozen=True)
class Claim:
    """A figure and the bounds that it is claimed to be within; what could not be measured is not a number."""

    text: Text
    figure: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        """False for what is not a number."""
        above = self.at_least is None or self.figure >= self.at_least
        return above and (self.at_most is None or self.figure <= self.at_most) and self.figure == self.figure


@dataclass(frozen=True)
class Number:
    """A figure that is worth telling, and bound by nothing."""

    text: Text
    figure: float
    unit: str = ""


@dataclass(frozen=True)
class Mark:
    """A moment or a time of the run, in seconds from its beginning."""

    text: Text
    since: float
    until: float | None = None


@dataclass(frozen=True)
class Series:
    """One line or one layer of a plot. What failed looks different from what was served."""

    name: str
    values: Sequence[float | None]
    failed: bool = False


@dataclass(frozen=True)
class Plot:
    """`stack`: layers over time. `lines`: curves over time, on a logarithmic scale. `bars`: a bar for each of `rows`.

    Over time, `step` is how many seconds there are from one value to the next.
    """

    kind: str
    title: Text
    unit: str
    series: Sequence[Series]
    step: float = 1.0
    rows: Sequence[str] = ()


@dataclass(frozen=True)
class Record:
    """All of one run."""

    name: str
    title: Text
    hypothesis: Text
    fails: bool
    cures: Sequence[str]
    topology: Mapping[str, str]
    verdict: Text
    seconds: float
    claims: Sequence[Claim]
    numbers: Sequence[Number] = ()
    marks: Sequence[Mark] = ()
    plots: Sequence[Plot] = ()
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def as_claimed(self) -> bool:
        """Whether everything that the course says was found."""
        return bool(self.claims) and all(claim.holds for claim in self.claims)

    def as_figures(self) -> dict[str, Any]:
        """In types that JSON knows; texts are told in both languages."""
        return {**_plain(asdict(self)), "as_claimed": self.as_claimed}

    @classmethod
    def read(cls, file: Path) -> "Record":
        """What was written there. Raises ValueError, KeyError or TypeError if that is no record."""
        told: dict[str, Any] = json.loads(file.read_text("utf-8"))
        texts: dict[str, Any] = {name: Text(**told[name]) for name in ("title", "hypothesis", "verdict")}
        return cls(
            **{name: told[name] for name in ("name", "fails", "cures", "topology", "seconds", "about")},
            **texts,
            claims=[Claim(**_texts(_figure(each))) for each in told["claims"]],
            numbers=[Number(**_texts(_figure(each))) for each in told["numbers"]],
            marks=[Mark(**_texts(each)) for each in told["marks"]],
            plots=[_plot(each) for each in told["plots"]],
        )


def _plot(told: Mapping[str, Any]) -> Plot:
    return Plot(**{**told, "title": Text(**told["title"]), "series": [Series(**each) for each in told["series"]]})


def _figure(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "figure": math.nan if told["figure"] is None else told["figure"]}


def _texts(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "text": Text(**told["text"])}


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return value._asdict()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    # JSON knows no such number.
    return None if isinstance(value, float) and math.isnan(value) else value

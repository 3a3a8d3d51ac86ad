"""A year of offsets as a drawing: where each line stands, in per cent of the width and in pixels of the height."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from apps.whatisthetime.clock import Transition
from apps.whatisthetime.rules import LocalType
from apps.whatisthetime.years import Span, Year

HEIGHT = 196
TOP, BOTTOM, MIDDLE = 72, 132, 104
# Labels that stand closer than this share of the year take turns in two rows.
ROOM = 0.16
EDGE = 0.06


@dataclass(frozen=True, slots=True)
class Line:
    """A level part of the step line: from `x1` to `x2` per cent, at `y` pixels."""

    x1: float
    x2: float
    y: float
    shows: LocalType


@dataclass(frozen=True, slots=True)
class Mark:
    """A change: its line from `y1` down or up to `y2`, and where its date is written."""

    x: float
    y1: float
    y2: float
    label_y: int
    anchor: str
    change: Transition


@dataclass(frozen=True, slots=True)
class Level:
    """An offset that the year has, in seconds east of UTC."""

    y: float
    offset: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month begins at `x` per cent, and its name stands in its `middle`."""

    x: float
    middle: float
    starts: datetime


@dataclass(frozen=True, slots=True)
class Plot:
    """All that is drawn. `now` is None in another year than the present."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    levels: tuple[Level, ...]
    months: tuple[Month, ...]
    now: float | None
    height: int = HEIGHT


def plot(year: Year, now: datetime) -> Plot:
    """The drawing of a year, with the present moment in it."""
    heights = _heights(year.offsets)
    lines = tuple(_line(span, heights) for span in year.spans)
    levels = tuple(Level(y, offset) for offset, y in heights.items())
    share = year.share(now)
    present = _percent(share) if 0 <= share < 1 else None
    return Plot(lines, tuple(_marks(year, lines)), levels, tuple(_months(year)), present)


def _heights(offsets: list[int]) -> dict[int, float]:
    """The further ahead of UTC, the higher; a single offset stands in the middle."""
    low, high = offsets[0], offsets[-1]
    if low == high:
        return {low: MIDDLE}
    return {each: round(BOTTOM - (each - low) / (high - low) * (BOTTOM - TOP), 1) for each in offsets}


def _line(span: Span, heights: dict[int, float]) -> Line:
    return Line(_percent(span.start), _percent(span.end), heights[span.shows.offset], span.shows)


def _marks(year: Year, lines: tuple[Line, ...]) -> Iterator[Mark]:
    last, raised = -1.0, False
    for change, (before, after) in zip(year.changes, pairwise(lines), strict=True):
        share = year.share(change.at)
        raised = not raised if share - last < ROOM else False
        last = share
        anchor = "start" if share < EDGE else "end" if share > 1 - EDGE else "middle"
        yield Mark(_percent(share), before.y, after.y, 22 if raised else 40, anchor, change)


def _months(year: Year) -> Iterator[Month]:
    starts = [datetime(year.number, month, 1, tzinfo=UTC) for month in range(1, 13)]
    shares = [*map(year.share, starts), 1.0]
    for start, (since, until) in zip(starts, pairwise(shares), strict=True):
        yield Month(_percent(since), _percent((since + until) / 2), start)


def _percent(share: float) -> float:
    return round(share * 100, 3)

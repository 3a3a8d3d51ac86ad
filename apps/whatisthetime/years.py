"""A zone's year of offsets, as shares of that year: what a plot draws, and nothing of how it looks."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from apps.whatisthetime import clock
from apps.whatisthetime.clock import Transition
from apps.whatisthetime.rules import LocalType
from apps.whatisthetime.zones import Zone


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the year, from 0 to 1, throughout which clocks show the same."""

    start: float
    end: float
    shows: LocalType


@dataclass(frozen=True, slots=True)
class Year:
    """The spans of a year (UTC) in order, and the changes between them."""

    number: int
    spans: tuple[Span, ...]
    changes: tuple[Transition, ...]

    @property
    def offsets(self) -> list[int]:
        """The different offsets of the year, ascending, in seconds east of UTC."""
        return sorted({span.shows.offset for span in self.spans})

    def share(self, moment: datetime) -> float:
        """How much of the year has passed at an aware moment: below 0 before it, above 1 after it."""
        start, end = _starts(self.number), _starts(self.number + 1)
        return (moment - start) / (end - start)


def year_of(zone: Zone, number: int) -> Year:
    """The year of a zone's clocks."""
    changes = tuple(clock.transitions(zone, number))
    bare = Year(number, (), changes)
    bounds = [0.0, *(bare.share(change.at) for change in changes), 1.0]
    timeline = zone.timeline(number)
    first = timeline.type_at(timeline.position(clock.unix_seconds(_starts(number))))
    types = [changes[0].before if changes else first, *(change.after for change in changes)]
    spans = (Span(start, end, shows) for (start, end), shows in zip(pairwise(bounds), types, strict=True))
    return Year(number, tuple(spans), changes)


def _starts(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)

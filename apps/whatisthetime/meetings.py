"""When people in several zones can meet: a day of one of them, and what it is for the others. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from math import ceil
from typing import TypeVar

from apps.whatisthetime import clock, walls
from apps.whatisthetime.clock import Transition
from apps.whatisthetime.walls import Kind
from apps.whatisthetime.zones import Zone

# Every offset of our days is a multiple of it.
STEP_MINUTES = 15
STEP = timedelta(minutes=STEP_MINUTES)
WAKES, SLEEPS = 7, 22
DAY = timedelta(days=1)

T = TypeVar("T")


class Part(StrEnum):
    """What people do at an hour of the day."""

    WORK = "work"
    FREE = "free"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of the day at which work begins and ends; night is from ten to seven."""

    begin: int = 9
    end: int = 17

    def part(self, local: datetime) -> Part:
        if self.begin <= local.hour < self.end:
            return Part.WORK
        return Part.FREE if WAKES <= local.hour < SLEEPS else Part.NIGHT


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day of a zone, as long as its clocks make it: 24 hours, or 23 or 25, or none where it was skipped."""

    zone: Zone
    date: date
    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """Its length."""
        return ceil((self.end - self.start) / timedelta(minutes=1))

    @property
    def slots(self) -> list[datetime]:
        """The moments that a meeting may begin at, each a quarter of an hour after the last."""
        return [self.start + index * STEP for index in range(ceil(self.minutes / STEP_MINUTES))]

    def minute(self, moment: datetime) -> int:
        """Minutes since the day began."""
        return (moment - self.start) // timedelta(minutes=1)

    def share(self, minutes: int) -> str:
        """So many minutes as a share of the day, such as `58.333%`."""
        return f"{100 * minutes / self.minutes:.3f}%"


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a day of which all is one part; in minutes since the day began."""

    start: int
    length: int
    part: Part


@dataclass(frozen=True, slots=True)
class Row:
    """What somebody's day is for a zone: what its clocks show in each slot, and what people there do."""

    zone: Zone
    day: Day
    locals: tuple[datetime, ...]
    parts: tuple[Part, ...]

    @property
    def bands(self) -> list[Band]:
        return [Band(at * STEP_MINUTES, length * STEP_MINUTES, part) for at, length, part in _runs(self.parts)]

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """From which minute which offset holds."""
        seconds = [int((local.utcoffset() or timedelta()).total_seconds()) for local in self.locals]
        return [(at * STEP_MINUTES, offset) for at, _, offset in _runs(seconds)]

    @property
    def dates(self) -> list[tuple[int, date]]:
        """From which minute which date holds."""
        return [(at * STEP_MINUTES, day) for at, _, day in _runs([local.date() for local in self.locals])]

    @property
    def hours(self) -> list[tuple[int, int]]:
        """At which minute which hour begins. An hour that clocks show twice begins twice."""
        return [(at * STEP_MINUTES, local.hour) for at, local in enumerate(self.locals) if local.minute == 0]

    @property
    def changes(self) -> list[Transition]:
        """The changes of the zone's clocks in the course of the day."""
        around = clock.transitions(self.zone, self.day.start.year, self.day.end.year)
        return [each for each in around if self.day.start <= each.at < self.day.end and each.shift]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when until when a meeting suits equally, and who would be asleep."""

    start: datetime
    end: datetime
    asleep: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The best that a day has: hours in which all work, else none sleeps, else the fewest do; in that order."""

    part: Part
    stretches: tuple[Stretch, ...]


def day_of(zone: Zone, day: date) -> Day:
    """A zone's day: from the first moment that its clocks show of it to the last.

    Where they go back across midnight from behind it, this day and the next share the hours between.
    """
    midnight = datetime.combine(day, datetime.min.time())
    return Day(zone, day, _midnights(zone, midnight)[0], _midnights(zone, midnight + DAY)[-1])


def _midnights(zone: Zone, midnight: datetime) -> tuple[datetime, ...]:
    """The moments at which a date begins: two if clocks go back across midnight; the jump itself if they skip it."""
    wall = walls.read(zone, midnight)
    return (wall.transition.at,) if wall.transition and wall.kind is Kind.NONEXISTENT else wall.moments


def row(zone: Zone, day: Day, hours: Hours) -> Row:
    """What the day is for a zone."""
    timeline = zone.between(day.start.year - 1, day.end.year + 1)
    seen = [
        slot.astimezone(clock.fixed(timeline.type_at(timeline.position(clock.unix_seconds(slot))).offset))
        for slot in day.slots
    ]
    return Row(zone, day, tuple(seen), tuple(hours.part(local) for local in seen))


def agree(rows: Sequence[Row]) -> Agreement:
    """When to meet, on the day that the rows share."""
    costs = [_cost(parts) for parts in zip(*(row.parts for row in rows), strict=True)]
    least = min(costs, default=(0, 0))
    part = Part.NIGHT if least[0] else Part.FREE if least[1] else Part.WORK
    return Agreement(part, tuple(_stretches(rows, [cost == least for cost in costs])))


def _cost(parts: Sequence[Part]) -> tuple[int, bool]:
    """How many sleep, and whether anybody else does not work."""
    return sum(part is Part.NIGHT for part in parts), Part.FREE in parts


def _stretches(rows: Sequence[Row], suits: Sequence[bool]) -> Iterator[Stretch]:
    # A stretch ends as well where others begin to sleep.
    sleeping = [tuple(row.zone for row in rows if row.parts[at] is Part.NIGHT) for at in range(len(suits))]
    day = rows[0].day
    for at, length, (suit, asleep) in _runs(list(zip(suits, sleeping, strict=True))):
        if suit:
            start = day.start + at * STEP
            yield Stretch(start, min(start + length * STEP, day.end), asleep)


def _runs(values: Sequence[T]) -> Iterator[tuple[int, int, T]]:
    """Where each run of equal values starts, how long it is, and the value."""
    at = 0
    for value, members in groupby(values):
        length = len(list(members))
        yield at, length, value
        at += length

"""The POSIX TZ string that ends a TZif file: the rule for all time after the last transition that the file lists."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime

NAME = r"(?:<([^>]+)>|([A-Za-z]+))"
TIME = r"([+-]?\d+(?::\d+){0,2})"
TZ = re.compile(rf"{NAME}{TIME}(?:{NAME}{TIME}?,([^,]+),([^,]+))?")
DAY = re.compile(rf"M(\d+)\.(\d)\.(\d)(?:/{TIME})?")


@dataclass(frozen=True, slots=True)
class LocalType:
    """What clocks show during a period: seconds east of UTC, whether that is daylight saving time, and its name."""

    offset: int
    dst: bool
    abbreviation: str


@dataclass(frozen=True, slots=True)
class Change:
    """At this moment (Unix seconds) clocks begin to show `to`."""

    at: int
    to: LocalType


@dataclass(frozen=True, slots=True)
class Day:
    """A yearly date such as the last Sunday of March, with a time of day that may lie outside of that day."""

    month: int
    week: int
    weekday: int
    seconds: int

    def at(self, year: int) -> int:
        """Unix seconds of that moment in `year`, read as if local time were UTC."""
        first, length = monthrange(year, self.month)
        day = 1 + (self.weekday - 1 - first) % 7 + 7 * (self.week - 1)
        if day > length:
            day -= 7
        return int(datetime(year, self.month, day, tzinfo=UTC).timestamp()) + self.seconds


@dataclass(frozen=True, slots=True)
class Rule:
    """Standard time, and when in each year another time holds instead."""

    standard: LocalType
    saving: LocalType | None = None
    starts: Day | None = None
    ends: Day | None = None

    def changes(self, year: int) -> list[Change]:
        """The changes of a year, in order; none where clocks never change."""
        if self.saving is None or self.starts is None or self.ends is None:
            return []
        forth = Change(self.starts.at(year) - self.standard.offset, self.saving)
        back = Change(self.ends.at(year) - self.saving.offset, self.standard)
        return sorted((forth, back), key=lambda change: change.at)


def parse(text: str) -> Rule:
    """Read a rule as the tz database writes it. Raises ValueError for anything else."""
    found = TZ.fullmatch(text)
    if not found:
        raise ValueError(f"not a time zone rule: {text!r}")
    quoted, plain, west, saving_quoted, saving_plain, saving_west, starts, ends = found.groups()
    standard = LocalType(-_seconds(west), False, quoted or plain)
    if starts is None:
        return Rule(standard)
    offset = -_seconds(saving_west) if saving_west else standard.offset + 3600
    return Rule(standard, LocalType(offset, True, saving_quoted or saving_plain), _day(starts), _day(ends))


def _day(text: str) -> Day:
    found = DAY.fullmatch(text)
    if not found:
        raise ValueError(f"not a yearly date of a time zone rule: {text!r}")
    month, week, weekday, time = found.groups()
    return Day(int(month), int(week), int(weekday), _seconds(time or "2"))


def _seconds(text: str) -> int:
    hours, minutes, seconds = [int(part) for part in (text.lstrip("+-") + ":0:0").split(":")[:3]]
    total = hours * 3600 + minutes * 60 + seconds
    return -total if text.startswith("-") else total

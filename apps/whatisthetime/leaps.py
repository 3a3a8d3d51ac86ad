"""Leap seconds, from the tz database's own table: how far International Atomic Time is ahead of UTC."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from apps.whatisthetime import clock, zones

LEAP = re.compile(r"^Leap\t(\d+)\t(\w+)\t(\d+)\t23:59:(60|59)\t([+-])\tS$", re.MULTILINE)
STAMP = re.compile(r"^#(updated|expires) (\d+)\b", re.MULTILINE)
# UTC in whole seconds began ten seconds behind TAI; before, its seconds had another length, and no table tells.
BEGINNING = datetime(1972, 1, 1, tzinfo=UTC)
FIRST_DIFFERENCE = 10


@dataclass(frozen=True, slots=True)
class Leap:
    """From this moment (UTC) on, TAI is so many seconds ahead of UTC."""

    at: datetime
    tai_minus_utc: int


@dataclass(frozen=True, slots=True)
class Table:
    """All leap seconds in order, first the beginning of UTC; when they were last updated, and until when they hold."""

    leaps: tuple[Leap, ...]
    updated: datetime
    expires: datetime

    def tai_minus_utc(self, utc: datetime) -> int | None:
        """Seconds by which TAI is ahead of UTC at a moment; None before 1972. Beyond `expires`, as far as is known."""
        position = bisect_right(self.leaps, utc, key=lambda leap: leap.at)
        return self.leaps[position - 1].tai_minus_utc if position else None


@cache
def table() -> Table:
    """The table of the installed edition."""
    return parse(zones.DATA.joinpath("zoneinfo", "leapseconds").read_text("ascii"))


def parse(text: str) -> Table:
    """Read a table as the tz database writes it. Raises ValueError for anything else."""
    stamps = {name: clock.moment(int(seconds)) for name, seconds in STAMP.findall(text)}
    if set(stamps) != {"updated", "expires"}:
        raise ValueError("not the tz database's table of leap seconds")
    leaps = [Leap(BEGINNING, FIRST_DIFFERENCE)]
    for year, month, day, _, sign in LEAP.findall(text):
        last = datetime.strptime(f"{year} {month} {day} +0000", "%Y %b %d %z")
        at = clock.moment(clock.unix_seconds(last) + 86_400)
        leaps.append(Leap(at, leaps[-1].tai_minus_utc + (1 if sign == "+" else -1)))
    return Table(tuple(leaps), stamps["updated"], stamps["expires"])

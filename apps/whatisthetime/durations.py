"""Durations in ISO 8601: their calendar part moves what the wall clock shows, their time part passes."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.whatisthetime import clock, walls
from apps.whatisthetime.walls import NotATime, Wall
from apps.whatisthetime.zones import Zone

PATTERN = (
    r"[+-]?P(?=[0-9T])(?:[0-9]{1,5}Y)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}W)?(?:[0-9]{1,7}D)?"
    r"(?:T(?=[0-9])(?:[0-9]{1,8}H)?(?:[0-9]{1,10}M)?(?:[0-9]{1,12}(?:\.[0-9]{1,6})?S)?)?"
)
DURATION = re.compile(PATTERN)
PART = re.compile(r"([0-9.]+)([A-Z])")
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar part, in months and days, and a time part. All signs agree."""

    months: int = 0
    days: int = 0
    time: timedelta = timedelta(0)

    def __str__(self) -> str:
        """In ISO 8601, with a minus sign before the whole where it is negative: `-P1Y2M3DT4H5M6.5S`."""
        sign = "-" if min(self.months, self.days) < 0 or self.time < timedelta(0) else ""
        years, months = divmod(abs(self.months), 12)
        calendar = f"{_part(years, 'Y')}{_part(months, 'M')}{_part(abs(self.days), 'D')}"
        time = _time(abs(self.time))
        return f"{sign}P{calendar}{f'T{time}' if time else ''}" if calendar or time else "PT0S"


@dataclass(frozen=True, slots=True)
class Step:
    """One way to add a duration: from a moment, by the calendar to a wall time read as `landed`, and in time to `end`.

    `wall` is the wall time that the calendar part led to; None where there was no calendar part.
    """

    start: datetime
    wall: Wall | None
    landed: datetime
    end: datetime


def parse(text: str) -> Duration:
    """Read a duration such as `P1M`, `-P1DT2H` or `PT90M`. Raises NotATime."""
    text = text.strip()
    if not DURATION.fullmatch(text):
        raise NotATime("takes a duration in ISO 8601 such as P1M, P1DT2H or -PT90M")
    calendar, _, time = text.lstrip("+-").partition("T")
    sign = -1 if text[0] == "-" else 1
    dates = {unit: int(amount) for amount, unit in PART.findall(calendar)}
    times = {unit: Decimal(amount) for amount, unit in PART.findall(time)}
    seconds = times.get("H", 0) * 3600 + times.get("M", 0) * 60 + times.get("S", Decimal(0))
    months, days = dates.get("Y", 0) * 12 + dates.get("M", 0), dates.get("W", 0) * 7 + dates.get("D", 0)
    return Duration(sign * months, sign * days, sign * int(seconds * 1_000_000) * MICROSECOND)


def add(start: Wall, duration: Duration) -> list[Step]:
    """Every way to add a duration to a wall time, more than one where it or what the calendar leads to is not ordinary.

    Raises NotATime beyond the years for which zones are read.
    """
    if not (duration.months or duration.days):
        return [Step(moment, None, moment, _passed(start.zone, moment, duration.time)) for moment in start.moments]
    wall = walls.read(start.zone, moved(start.local, duration))
    ends = [(landed, _passed(start.zone, landed, duration.time)) for landed in wall.moments]
    return [Step(moment, wall, landed, end) for moment in start.moments for landed, end in ends]


def moved(local: datetime, duration: Duration) -> datetime:
    """A wall time moved by the calendar part: months first, a day that a month lacks becoming its last, then days."""
    year, month = divmod(local.year * 12 + local.month - 1 + duration.months, 12)
    if not walls.FIRST_YEAR <= year <= walls.LAST_YEAR:
        raise NotATime(f"leads beyond the years {walls.FIRST_YEAR} to {walls.LAST_YEAR}")
    day = min(local.day, monthrange(year, month + 1)[1])
    return _later(local.replace(year=year, month=month + 1, day=day), timedelta(days=duration.days))


def between(start: datetime, end: datetime) -> Duration:
    """The calendar's way from one wall time to another: whole months, then whole days, then time.

    Moving `start` by its calendar part and letting its time pass leads to `end`.
    """
    sign = 1 if start <= end else -1
    months = (end.year - start.year) * 12 + end.month - start.month
    while months and (moved(start, Duration(months)) - end) * sign > timedelta(0):
        months -= sign
    rest = end - moved(start, Duration(months))
    days = abs(rest) // timedelta(days=1) * sign
    return Duration(months, days, rest - timedelta(days=days))


def elapsed(time: timedelta) -> str:
    """The time that passes between two moments, in hours, minutes and seconds: `PT25H`."""
    return str(Duration(time=time))


def _passed(zone: Zone, moment: datetime, time: timedelta) -> datetime:
    """The moment (UTC) after that time, if the zone's own clocks show one of the years for which zones are read."""
    later = _later(moment, time, spare=1)
    _later(clock.read(zone, later).local, timedelta(0))
    return later


def _later(moment: datetime, time: timedelta, spare: int = 0) -> datetime:
    try:
        later = moment + time
    except OverflowError:
        later = None
    if later is None or not walls.FIRST_YEAR - spare <= later.year <= walls.LAST_YEAR + spare:
        raise NotATime(f"leads beyond the years {walls.FIRST_YEAR} to {walls.LAST_YEAR}")
    return later


def _time(time: timedelta) -> str:
    seconds, fraction = divmod(time, timedelta(seconds=1))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    decimals = f".{fraction // MICROSECOND:06}".rstrip("0") if fraction else ""
    return f"{_part(hours, 'H')}{_part(minutes, 'M')}{f'{seconds}{decimals}S' if seconds or decimals else ''}"


def _part(amount: int, unit: str) -> str:
    return f"{amount}{unit}" if amount else ""

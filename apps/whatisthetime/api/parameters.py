"""What our own addresses are asked with. Whatever is wrong is 400 and names its parameter and what that takes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import ParamSpec, TypeVar

from flask import request
from werkzeug.exceptions import BadRequest

from apps.whatisthetime import clock, durations, walls, zones
from apps.whatisthetime.durations import Duration
from apps.whatisthetime.walls import NotATime, Wall
from apps.whatisthetime.zones import UnknownZone, Zone

P = ParamSpec("P")
T = TypeVar("T")
MOST_ZONES = 20
LONGEST = 2000
UNIX = r"(?:[0-9]{1,11}|-[0-9]{1,10})(?:\.[0-9]{1,6})?"
UNQUOTED_PLUS = re.compile(f"({walls.TIME}) ([0-9]{{2}}:[0-9]{{2}})$")


def zone(name: str, default: str | None = None) -> Zone:
    """The zone of exactly this name."""
    return _known(name, _given(name, default))


def several_zones(name: str) -> list[Zone]:
    """Up to twenty zones, by their names with commas between."""
    named = _given(name).split(",")
    if len(named) > MOST_ZONES:
        raise BadRequest(f"{name}: takes at most {MOST_ZONES} zones")
    return [_known(name, each) for each in named]


def wall(name: str, zone: Zone) -> Wall:
    """A wall time, read in a zone."""
    return walls.read(zone, attempt(name, walls.parse, _given(name)))


def moments(name: str, zone: Zone) -> tuple[Wall | None, tuple[datetime, ...]]:
    """The moment of a time with an offset; or else the wall time in a zone, with the moments that it may mean."""
    with_offset = UNQUOTED_PLUS.sub(r"\1+\2", _given(name))
    time = attempt(name, walls.parse_moment, with_offset)
    if time.tzinfo is not None:
        return None, (time.astimezone(UTC),)
    read = walls.read(zone, time)
    return read, read.moments


def duration(name: str) -> Duration:
    return attempt(name, durations.parse, _given(name))


def year(name: str, default: int | None = None) -> int:
    return attempt(name, _year, _given(name, None if default is None else f"{default:04}"))


def unix(name: str) -> datetime:
    """A moment by its seconds since 1970, which may have a fraction."""
    return attempt(name, _unix, _given(name))


def attempt(parameter: str, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """What this gives; or 400 in the parameter's name where it is no time, or leads too far."""
    try:
        return work(*arguments, **options)
    except NotATime as error:
        raise BadRequest(f"{parameter}: {error}") from None


def _given(name: str, default: str | None = None) -> str:
    text = request.args.get(name, default)
    if not text:
        raise BadRequest(f"{name}: is needed")
    if len(text) > LONGEST:
        raise BadRequest(f"{name}: takes at most {LONGEST} characters")
    return text


def _known(parameter: str, name: str) -> Zone:
    try:
        # A plus sign that nobody has quoted arrives as a space, and no name has one.
        return zones.load(name.replace(" ", "+"))
    except UnknownZone as unknown:
        raise BadRequest(f"{parameter}: {unknown}, takes a zone such as Europe/London") from None


def _year(text: str) -> int:
    if not re.fullmatch(walls.YEAR, text):
        raise NotATime(f"takes a year from {walls.FIRST_YEAR} to {walls.LAST_YEAR}")
    return int(text)


def _unix(text: str) -> datetime:
    if not re.fullmatch(UNIX, text):
        raise NotATime("takes seconds since 1970 such as 1795348800 or 1795348800.25")
    return clock.EPOCH + timedelta(microseconds=int(Decimal(text) * 1_000_000))

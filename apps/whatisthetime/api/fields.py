"""The parts that our own answers are put together from: a moment in a zone, a wall time, a change of clocks."""

from datetime import datetime

from apps.whatisthetime import clock
from apps.whatisthetime.answers import Value
from apps.whatisthetime.clock import Transition
from apps.whatisthetime.rules import LocalType
from apps.whatisthetime.walls import Kind, Wall
from apps.whatisthetime.zones import Zone

Fields = dict[str, Value]


def shown(zone: Zone, moment: datetime) -> Fields:
    """What a zone's clocks show at a moment."""
    reading = clock.read(zone, moment)
    return {"timezone": zone.name, "datetime": reading.local.isoformat(), **local_type(reading.local_type)}


def local_type(shown: LocalType) -> Fields:
    """Seconds east of UTC, the same as people write it, whether that is daylight saving time, and its name."""
    return {
        "offset": shown.offset,
        "utc_offset": clock.utc_offset(shown.offset),
        "dst": shown.dst,
        "abbreviation": shown.abbreviation,
    }


def wall(wall: Wall) -> Fields:
    """A wall time as it was asked for, and what is particular about it."""
    return {
        "timezone": wall.zone.name,
        "local": wall.local.isoformat(),
        "kind": wall.kind.value,
        "transition": transition(wall.transition) if wall.transition else None,
    }


def read_with(wall: Wall, moment: datetime) -> str | None:
    """Where a wall time means two moments: which offset reads it as this one. None for an ordinary time."""
    if wall.kind is Kind.ORDINARY:
        return None
    offset = wall.local - moment.replace(tzinfo=None)
    return clock.utc_offset(round(offset.total_seconds()))


def transition(change: Transition) -> Fields:
    """When clocks change, by how many seconds, and what they show before and after."""
    return {
        "at": utc(change.at),
        "unix": clock.unix_seconds(change.at),
        "kind": "gap" if change.shift > 0 else "overlap" if change.shift < 0 else "none",
        "shift": change.shift,
        "local_before": local(change.at, change.before),
        "local_after": local(change.at, change.after),
        "before": local_type(change.before),
        "after": local_type(change.after),
    }


def utc(moment: datetime) -> str:
    return moment.isoformat()


def local(moment: datetime, shown: LocalType) -> str:
    """What clocks of this kind show at a moment."""
    return moment.astimezone(clock.fixed(shown.offset)).isoformat()


def unix(moment: datetime) -> int | float:
    """Seconds since 1970, whole where the moment is."""
    return moment.timestamp() if moment.microsecond else clock.unix_seconds(moment)

"""Wall times: what a clock on a wall shows is one moment, or two, or none. Pure; the zone and the time are given."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from apps.whatisthetime import clock
from apps.whatisthetime.clock import Transition
from apps.whatisthetime.zones import Timeline, Zone

FIRST_YEAR = 1000
LAST_YEAR = 8999
YEAR = "[1-8][0-9]{3}"
DAY = f"{YEAR}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])|W(?:0[1-9]|[1-4][0-9]|5[0-3])-[1-7])"
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
OFFSET = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
WALL = f"{DAY}(?:[T ]{TIME})?"
MOMENT = f"{DAY}(?:[T ]{TIME}{OFFSET}?)?"
# No clock is, or was ever, further from UTC than this.
WINDOW_SECONDS = 2 * 86_400


class Kind(StrEnum):
    """How many moments a wall time means: one, two (clocks went back over it), or none (clocks jumped across it)."""

    ORDINARY = "ordinary"
    AMBIGUOUS = "ambiguous"
    NONEXISTENT = "nonexistent"


class NotATime(ValueError):
    """What is wrong with a text that should be a time."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall time in a zone, with the moments (UTC, ascending) it may mean.

    One moment for an ordinary time. Two for an ambiguous one: the earlier is read with the offset from before the
    change. Two for one that does not exist: the earlier is read with the offset from after the change and shows as a
    time before the gap, the later is read with the offset from before the change and shows as a time behind the gap.
    `transition` is the change that makes it ambiguous or skips it.
    """

    zone: Zone
    local: datetime
    kind: Kind
    moments: tuple[datetime, ...]
    transition: Transition | None


def read(zone: Zone, local: datetime) -> Wall:
    """The moments that a naive wall time means in a zone. Any year from FIRST_YEAR to LAST_YEAR."""
    timeline = zone.between(local.year - 1, local.year + 1)
    unix = clock.unix_seconds(local.replace(tzinfo=UTC))
    near = range(timeline.position(unix - WINDOW_SECONDS), timeline.position(unix + WINDOW_SECONDS) + 1)
    offsets = {timeline.type_at(each).offset for each in near}
    meant = sorted(unix - offset for offset in offsets if _offset_at(timeline, unix - offset) == offset)
    if len(meant) == 1:
        return Wall(zone, local, Kind.ORDINARY, _moments(meant, local), None)
    kind = Kind.AMBIGUOUS if meant else Kind.NONEXISTENT
    transition = next(each for each in _changes(timeline, near) if _covers(each, unix))
    around = (transition.before.offset, transition.after.offset)
    return Wall(zone, local, kind, _moments(meant or sorted(unix - offset for offset in around), local), transition)


def parse(text: str) -> datetime:
    """A naive wall time in ISO 8601, such as `2026-03-29T02:30` or `2026-03-29`. Raises NotATime."""
    return _parse(text, WALL, "a time on the wall such as 2026-03-29T02:30, without an offset")


def parse_moment(text: str) -> datetime:
    """The same, or a moment with its offset from UTC, such as `2026-03-29T02:30+01:00`. Raises NotATime."""
    return _parse(text, MOMENT, "a date and time such as 2026-03-29T02:30 or 2026-03-29T02:30+01:00")


def _parse(text: str, pattern: str, takes: str) -> datetime:
    years = f"of the years {FIRST_YEAR} to {LAST_YEAR}"
    # Python reads many more forms, each version its own.
    if not re.fullmatch(pattern, text.strip()):
        raise NotATime(f"takes {takes}, {years}")
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NotATime("takes a day that its month or year has") from None
    # The first week of a year may begin in the year before.
    if read.year < FIRST_YEAR:
        raise NotATime(f"takes a day {years}")
    return read


def _offset_at(timeline: Timeline, unix: int) -> int:
    return timeline.type_at(timeline.position(unix)).offset


def _moments(seconds: list[int], local: datetime) -> tuple[datetime, ...]:
    fraction = timedelta(microseconds=local.microsecond)
    return tuple(clock.moment(each) + fraction for each in seconds)


def _changes(timeline: Timeline, near: range) -> list[Transition]:
    return [clock.transition_at(timeline, each) for each in near if each < len(timeline.changes)]


def _covers(transition: Transition, unix: int) -> bool:
    """Whether a wall time lies in the gap or the overlap of a change."""
    at = clock.unix_seconds(transition.at)
    ends = sorted((at + transition.before.offset, at + transition.after.offset))
    return ends[0] <= unix < ends[1]

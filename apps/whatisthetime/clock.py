"""Reading a zone's clock: pure, the moment is given, and nothing here asks what time it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from apps.whatisthetime.rules import Change, LocalType
from apps.whatisthetime.zones import Timeline, Zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLAUSIBLE_SAVING_SECONDS = 3 * 3600


@dataclass(frozen=True, slots=True)
class Transition:
    """A moment (UTC) at which clocks change, and what they show before and after."""

    at: datetime
    before: LocalType
    after: LocalType

    @property
    def shift(self) -> int:
        """Seconds by which clocks jump: positive leaves a gap, negative an overlap."""
        return self.after.offset - self.before.offset


@dataclass(frozen=True, slots=True)
class Reading:
    """What a zone's clocks and calendar show at a moment. Offsets are seconds east of UTC."""

    zone: Zone
    utc: datetime
    local_type: LocalType
    standard_offset: int
    dst_from: datetime | None
    dst_until: datetime | None
    next_transition: Transition | None

    @property
    def offset(self) -> int:
        return self.local_type.offset

    @property
    def local(self) -> datetime:
        return self.utc.astimezone(timezone(timedelta(seconds=self.offset)))

    @property
    def unix(self) -> int:
        return unix_seconds(self.utc)

    @property
    def dst_offset(self) -> int:
        return self.offset - self.standard_offset

    @property
    def utc_offset(self) -> str:
        """Such as `+05:45`; with seconds only where local mean time has them."""
        return self.local.isoformat()[-6:] if self.offset % 60 == 0 else self.local.isoformat()[-9:]

    @property
    def week(self) -> int:
        return self.local.isocalendar().week

    @property
    def day_of_year(self) -> int:
        return self.local.timetuple().tm_yday


def read(zone: Zone, now: datetime) -> Reading:
    """Read a zone's clock at an aware moment."""
    utc = now.astimezone(UTC)
    timeline = zone.timeline(utc.year + 2)
    position = timeline.position(unix_seconds(utc))
    local_type = timeline.type_at(position)
    since, until = _saving(timeline, position)
    return Reading(zone, utc, local_type, _standard_offset(timeline, position), since, until, _next(timeline, position))


def transitions(zone: Zone, year: int) -> list[Transition]:
    """The moments of a year (UTC) at which a zone's clocks change."""
    timeline = zone.timeline(year)
    positions = range(len(timeline.changes))
    found = (_transition(timeline, each) for each in positions if moment(timeline.changes[each].at).year == year)
    return [transition for transition in found if transition.before != transition.after]


def unix_seconds(utc: datetime) -> int:
    """Whole seconds since 1970, rounded down."""
    return (utc - EPOCH) // timedelta(seconds=1)


def moment(unix: int) -> datetime:
    return EPOCH + timedelta(seconds=unix)


def _saving(timeline: Timeline, position: int) -> tuple[datetime | None, datetime | None]:
    """From when and until when: the present period of saving time, or the next one's start and the last one's end."""
    ahead = _first_unlike(timeline, position)
    behind = _start_of_run(timeline, position)
    if timeline.type_at(position).dst:
        return behind, ahead
    # A zone that has given up saving time tells nothing of its last period.
    return (ahead, behind) if ahead else (None, None)


def _first_unlike(timeline: Timeline, position: int) -> datetime | None:
    """The next change into or out of daylight saving time."""
    dst = timeline.type_at(position).dst
    return next((moment(change.at) for change in timeline.changes[position:] if change.to.dst != dst), None)


def _start_of_run(timeline: Timeline, position: int) -> datetime | None:
    """The last change into or out of daylight saving time."""
    dst = timeline.type_at(position).dst
    while position and timeline.type_at(position - 1).dst == dst:
        position -= 1
    return moment(timeline.changes[position - 1].at) if position else None


def _standard_offset(timeline: Timeline, position: int) -> int:
    """The offset without daylight saving time: that of the standard time before, or else of the one after."""
    current = timeline.type_at(position)
    if not current.dst:
        return current.offset
    before = (timeline.type_at(each) for each in range(position - 1, -1, -1))
    after = (change.to for change in timeline.changes[position:])
    neighbours = [next((each for each in side if not each.dst), None) for side in (before, after)]
    # Where a country crossed the date line meanwhile, the standard time before lies a day away.
    for standard in neighbours:
        if standard and abs(current.offset - standard.offset) <= PLAUSIBLE_SAVING_SECONDS:
            return standard.offset
    return current.offset


def _next(timeline: Timeline, position: int) -> Transition | None:
    upcoming = (_transition(timeline, each) for each in range(position, len(timeline.changes)))
    return next((transition for transition in upcoming if transition.before != transition.after), None)


def _transition(timeline: Timeline, position: int) -> Transition:
    change: Change = timeline.changes[position]
    return Transition(moment(change.at), timeline.type_at(position), change.to)

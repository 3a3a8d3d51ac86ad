"""Reading a zone's clock: pure, the moment is given, and nothing here asks what time it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from apps.whatisthetime.rules import Change, LocalType
from apps.whatisthetime.zones import Timeline, Zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3600
LARGEST_SAVING_SECONDS = 3 * HOUR


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
    """What a zone's clocks and calendar show at a moment. Offsets are seconds east of UTC.

    `saving` is what daylight saving time adds, in the present period or else in the next one; 0 if there is none.
    """

    zone: Zone
    utc: datetime
    local_type: LocalType
    standard_offset: int
    saving: int
    dst_from: datetime | None
    dst_until: datetime | None
    next_transition: Transition | None

    @property
    def offset(self) -> int:
        return self.local_type.offset

    @property
    def local(self) -> datetime:
        return self.utc.astimezone(fixed(self.offset))

    @property
    def unix(self) -> int:
        return unix_seconds(self.utc)

    @property
    def dst_offset(self) -> int:
        return self.offset - self.standard_offset

    @property
    def utc_offset(self) -> str:
        return utc_offset(self.offset)

    @property
    def week(self) -> int:
        return self.local.isocalendar().week

    @property
    def day_of_year(self) -> int:
        return self.local.timetuple().tm_yday


def read(zone: Zone, now: datetime) -> Reading:
    """Read a zone's clock at an aware moment."""
    utc = now.astimezone(UTC)
    timeline = zone.between(utc.year - 3, utc.year + 2)
    position = timeline.position(unix_seconds(utc))
    local_type = timeline.type_at(position)
    standard, saving = _standard_offset(timeline, position), _saving(timeline, position)
    since, until = _period(timeline, position)
    return Reading(zone, utc, local_type, standard, saving, since, until, _next(timeline, position))


def transitions(zone: Zone, first: int, last: int | None = None) -> list[Transition]:
    """The moments (UTC) from year `first` to the end of `last`, or of `first`, at which a zone's clocks change."""
    last = first if last is None else last
    timeline = zone.between(first, last)
    found = (transition_at(timeline, each) for each in range(len(timeline.changes)))
    return [each for each in found if first <= each.at.year <= last and each.before != each.after]


def transition_at(timeline: Timeline, position: int) -> Transition:
    """The change at a position of a timeline."""
    change: Change = timeline.changes[position]
    return Transition(moment(change.at), timeline.type_at(position), change.to)


def fixed(offset: int) -> timezone:
    """The zone in which clocks are always so many seconds ahead of UTC."""
    return timezone(timedelta(seconds=offset))


def utc_offset(offset: int) -> str:
    """Such as `+05:45`; with seconds only where local mean time has them."""
    return EPOCH.astimezone(fixed(offset)).isoformat()[19:]


def unix_seconds(utc: datetime) -> int:
    """Whole seconds since 1970, rounded down."""
    return (utc - EPOCH) // timedelta(seconds=1)


def moment(unix: int) -> datetime:
    return EPOCH + timedelta(seconds=unix)


def _saving(timeline: Timeline, position: int) -> int:
    """Seconds that the present period of saving time adds, or else the next one."""
    ahead = range(position, len(timeline.changes) + 1)
    within = next((each for each in ahead if timeline.type_at(each).dst), None)
    return 0 if within is None else timeline.type_at(within).offset - _standard_offset(timeline, within)


def _period(timeline: Timeline, position: int) -> tuple[datetime | None, datetime | None]:
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
    """The offset without daylight saving time.

    Compiled files do not tell it. It is that of the standard time before or after, whichever lies an hour away; where a
    country changed its standard time meanwhile, one of them or both are of no use. Against the tz database's source
    this fails for one period since 1970: Rarotonga's first summer, half an hour that began with another such change.
    """
    current = timeline.type_at(position)
    if not current.dst:
        return current.offset
    before = (timeline.type_at(each) for each in range(position - 1, -1, -1))
    after = (change.to for change in timeline.changes[position:])
    standards = [next((each for each in side if not each.dst), None) for side in (before, after)]
    savings = [current.offset - standard.offset for standard in standards if standard]
    plausible = [saving for saving in savings if 0 < abs(saving) <= LARGEST_SAVING_SECONDS]
    return current.offset - min(plausible, key=lambda saving: (saving != HOUR, abs(saving)), default=HOUR)


def _next(timeline: Timeline, position: int) -> Transition | None:
    upcoming = (transition_at(timeline, each) for each in range(position, len(timeline.changes)))
    return next((transition for transition in upcoming if transition.before != transition.after), None)

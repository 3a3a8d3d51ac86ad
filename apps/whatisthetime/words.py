"""A reading in words for people, in the language of the request: pure text, no markup."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from apps.chassis.formats import city_name, format_date, format_time
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later, ngettext
from apps.whatisthetime.clock import Reading, Transition
from apps.whatisthetime.rules import LocalType
from apps.whatisthetime.sun import Daylight, daylight

MINUS = "\N{MINUS SIGN}"
AREAS = {
    "Africa": later("Africa"),
    "America": later("America"),
    "Antarctica": later("Antarctica"),
    "Arctic": later("Arctic"),
    "Asia": later("Asia"),
    "Atlantic": later("Atlantic"),
    "Australia": later("Australia"),
    "Europe": later("Europe"),
    "Indian": later("Indian Ocean"),
    "Pacific": later("Pacific"),
}


class Fact(NamedTuple):
    """One entry of the list below the clock; `live` names what the browser keeps up to date."""

    label: str
    value: str
    note: str = ""
    live: str = ""


def facts(reading: Reading) -> Iterator[Fact]:
    """What an observer may want to know, the most asked first."""
    year, week, weekday = reading.local.isocalendar()
    left = days_left(reading.local)
    yield Fact(_("Offset from UTC"), offset(reading.offset), letters(reading.local_type))
    yield Fact(_("Daylight saving"), *saving(reading))
    yield Fact(_("Next change"), *next_change(reading))
    yield Fact(_("ISO week"), f"{year}-W{week:02}-{weekday}", _("week %(week)d, day %(day)d", week=week, day=weekday))
    yield Fact(_("Day of the year"), str(reading.day_of_year), ngettext("%(num)d day left", "%(num)d days left", left))
    yield from sunlight(reading)
    yield Fact(_("Unix time"), str(reading.unix), _("seconds since 1970"), "unix")
    yield Fact(_("Julian date"), f"{julian(reading):.4f}", _("days since noon, 1 January 4713 BC"), "julian")


def saving(reading: Reading) -> tuple[str, str]:
    """Whether daylight saving time is in effect, and until or from when."""
    if reading.local_type.dst:
        shift = duration(reading.dst_offset, sign=True)
        # Ireland and Morocco have it the other way round: their clocks go back from what is standard time by law.
        state = (
            _("In effect, %(shift)s", shift=shift) if reading.dst_offset >= 0 else _("Set back, %(shift)s", shift=shift)
        )
        until = reading.dst_until
        return state, _("until %(day)s", day=day(_local(reading, until))) if until else _("with no end known")
    if reading.dst_from:
        return _("Not now"), _("from %(day)s", day=day(_local(reading, reading.dst_from)))
    return _("Not observed"), _("clocks stay as they are")


def next_change(reading: Reading) -> tuple[str, str]:
    """When clocks change next, and how."""
    transition = reading.next_transition
    if transition is None:
        return _("None known"), _("by this edition of the tz database")
    return day(before(transition)), step(transition)


def step(transition: Transition) -> str:
    """How clocks jump: `02:00 to 03:00, 1 hour forward`."""
    if not transition.shift:
        return renaming(transition)
    told = {
        "before": format_time(before(transition)),
        "after": format_time(after(transition)),
        "length": duration(abs(transition.shift)),
    }
    if transition.shift > 0:
        return _("%(before)s to %(after)s, %(length)s forward", **told)
    return _("%(before)s to %(after)s, %(length)s back", **told)


def renaming(transition: Transition) -> str:
    """What the time is called before and after: `GMT becomes BST`."""
    before, after = (each.abbreviation.replace("-", MINUS) for each in (transition.before, transition.after))
    return _("%(before)s becomes %(after)s", before=before, after=after)


def letters(local_type: LocalType) -> str:
    """What clocks are called, such as CET; nothing where numbers stand for letters, as they say the offset again."""
    return local_type.abbreviation if local_type.abbreviation.isalpha() else ""


def before(transition: Transition) -> datetime:
    """What clocks would show at the change if they did not change."""
    return transition.at.astimezone(timezone(timedelta(seconds=transition.before.offset)))


def after(transition: Transition) -> datetime:
    """What clocks show from the change on."""
    return transition.at.astimezone(timezone(timedelta(seconds=transition.after.offset)))


def sunlight(reading: Reading) -> Iterator[Fact]:
    """When the sun is up at the zone's principal city, where the tz database says where that is."""
    if reading.zone.place is None:
        return
    light, city = light_of(reading), city_name(reading.zone.name)
    if light is None:
        yield Fact(_("Daylight"), _("All day or none"), _("beyond a polar circle, %(city)s", city=city))
    else:
        rises, sets = _clock(light.rises), _clock(light.sets)
        yield Fact(
            _("Daylight"), _("%(rises)s to %(sets)s", rises=rises, sets=sets), _("about, at %(city)s", city=city)
        )


def light_of(reading: Reading) -> Daylight | None:
    """The present day's light at the zone's principal city."""
    place = reading.zone.place
    return daylight(place, reading.local.date(), reading.offset) if place else None


def area(name: str) -> str:
    """An area of the tz database, such as `Europe`, as the language calls it."""
    return _(AREAS[name]) if name in AREAS else name


def offset(seconds: int) -> str:
    """`+05:45`, with a proper minus sign; with seconds only where local mean time has them."""
    minutes, rest = divmod(abs(seconds), 60)
    sign = MINUS if seconds < 0 else "+"
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")


def day(moment: datetime) -> str:
    """`Sunday 29 March 2026`."""
    return format_date(moment, "full")


def duration(seconds: int, *, sign: bool = False) -> str:
    """`1 hour`, `30 minutes`, `+5 h 45 min`."""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    prefix = (MINUS if seconds < 0 else "+") if sign else ""
    if hours and minutes:
        return prefix + _short(hours, minutes)
    if hours:
        return prefix + ngettext("%(num)d hour", "%(num)d hours", hours)
    if abs(seconds) < 60:
        return prefix + ngettext("%(num)d second", "%(num)d seconds", abs(seconds))
    return prefix + ngettext("%(num)d minute", "%(num)d minutes", minutes)


def difference(reading: Reading, other: Reading) -> str:
    """How far another zone's clocks are ahead, such as `+2 h` or `-3 h 30 min`; `same time` if they agree."""
    seconds = other.offset - reading.offset
    if not seconds:
        return _("same time")
    return f"{'+' if seconds > 0 else MINUS}{_short(*divmod(abs(seconds) // 60, 60))}"


def julian(reading: Reading) -> float:
    """The Julian date, as astronomers count days."""
    return reading.unix / 86_400 + 2_440_587.5


def days_left(moment: datetime) -> int:
    return (moment.replace(month=12, day=31).date() - moment.date()).days


def _local(reading: Reading, moment: datetime) -> datetime:
    return moment.astimezone(reading.local.tzinfo)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def _short(hours: int, minutes: int) -> str:
    if hours and minutes:
        return _("%(hours)d h %(minutes)d min", hours=hours, minutes=minutes)
    return _("%(hours)d h", hours=hours) if hours else _("%(minutes)d min", minutes=minutes)

"""A reading in words for people: pure text, no markup."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from apps.whatisthetime.clock import Reading, Transition
from apps.whatisthetime.sun import Daylight, daylight


class Fact(NamedTuple):
    """One entry of the list below the clock; `live` names what the browser keeps up to date."""

    label: str
    value: str
    note: str = ""
    live: str = ""


def facts(reading: Reading) -> Iterator[Fact]:
    """What an observer may want to know, the most asked first."""
    year, week, weekday = reading.local.isocalendar()
    yield Fact("Offset from UTC", reading.utc_offset, reading.local_type.abbreviation)
    yield Fact("Daylight saving", *saving(reading))
    yield Fact("Next change", *next_change(reading))
    yield Fact("ISO week", f"{year}-W{week:02}-{weekday}", f"week {week}, day {weekday}")
    yield Fact("Day of the year", str(reading.day_of_year), f"{days_left(reading.local)} days left")
    yield from sunlight(reading)
    yield Fact("Unix time", str(reading.unix), "seconds since 1970", "unix")
    yield Fact("Julian date", f"{julian(reading):.4f}", "days since noon, 1 January 4713 BC", "julian")


def saving(reading: Reading) -> tuple[str, str]:
    """Whether daylight saving time is in effect, and until or from when."""
    if reading.local_type.dst:
        until = f"until {day(_local(reading, reading.dst_until))}" if reading.dst_until else "with no end known"
        # Ireland and Morocco have it the other way round: their clocks go back from what is standard time by law.
        state = "In effect" if reading.dst_offset >= 0 else "Set back"
        return f"{state}, {duration(reading.dst_offset, sign=True)}", until
    if reading.dst_from:
        return "Not now", f"from {day(_local(reading, reading.dst_from))}"
    return "Not observed", "clocks stay as they are"


def next_change(reading: Reading) -> tuple[str, str]:
    """When clocks change next, and how."""
    transition = reading.next_transition
    if transition is None:
        return "None known", "by this edition of the tz database"
    return day(before(transition)), step(transition)


def step(transition: Transition) -> str:
    """How clocks jump: `02:00 to 03:00, 1 hour forward`."""
    jump = f"{before(transition):%H:%M} to {after(transition):%H:%M}"
    if not transition.shift:
        return f"{transition.before.abbreviation} becomes {transition.after.abbreviation}"
    return f"{jump}, {duration(abs(transition.shift))} {'forward' if transition.shift > 0 else 'back'}"


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
    light = light_of(reading)
    if light is None:
        yield Fact("Daylight", "All day or none", f"beyond a polar circle, {reading.zone.city}")
    else:
        yield Fact("Daylight", f"{_clock(light.rises)} to {_clock(light.sets)}", f"about, at {reading.zone.city}")


def light_of(reading: Reading) -> Daylight | None:
    """The present day's light at the zone's principal city."""
    place = reading.zone.place
    return daylight(place, reading.local.date(), reading.offset) if place else None


def day(moment: datetime) -> str:
    """`Sunday 29 March 2026`."""
    return f"{moment:%A} {moment.day} {moment:%B %Y}"


def duration(seconds: int, *, sign: bool = False) -> str:
    """`1 hour`, `30 minutes`, `+5 h 45 min`."""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    prefix = ("\N{MINUS SIGN}" if seconds < 0 else "+") if sign else ""
    if hours and minutes:
        return f"{prefix}{hours} h {minutes} min"
    amount, unit = (hours, "hour") if hours else (minutes, "minute")
    return f"{prefix}{amount} {unit}{'' if amount == 1 else 's'}"


def difference(reading: Reading, other: Reading) -> str:
    """How far another zone's clocks are ahead, such as `+2 h` or `-3 h 30 min`; `same time` if they agree."""
    seconds = other.offset - reading.offset
    hours, minutes = divmod(abs(seconds) // 60, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    text = " ".join(part for part in parts if part)
    return f"{'+' if seconds > 0 else chr(0x2212)}{text}" if text else "same time"


def julian(reading: Reading) -> float:
    """The Julian date, as astronomers count days."""
    return reading.unix / 86_400 + 2_440_587.5


def days_left(moment: datetime) -> int:
    return (moment.replace(month=12, day=31).date() - moment.date()).days


def _local(reading: Reading, moment: datetime) -> datetime:
    return moment.astimezone(reading.local.tzinfo)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"

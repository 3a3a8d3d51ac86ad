"""A day of several zones, and when people there can meet."""

from datetime import UTC, date, datetime

import pytest

from apps.whatisthetime import zones
from apps.whatisthetime.meetings import Agreement, Hours, Part, agree, day_of, row

HOURS = Hours()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def agreement(day: date, *names: str) -> Agreement:
    first = day_of(zones.load(names[0]), day)
    return agree([row(zones.load(name), first, HOURS) for name in names])


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("Europe/London", date(2026, 3, 28), 1440),
        ("Europe/London", date(2026, 3, 29), 1380),
        ("Europe/London", date(2026, 10, 25), 1500),
        ("Australia/Lord_Howe", date(2026, 4, 5), 1470),
        # Clocks jump at midnight, and the day has none.
        ("Africa/Cairo", date(2026, 4, 24), 1380),
        # Clocks go back at midnight, into the day before.
        ("America/Santiago", date(2026, 4, 4), 1500),
        # The day was left out, to the other side of the date line.
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(zone: str, day: date, minutes: int) -> None:
    found = day_of(zones.load(zone), day)
    assert found.minutes == minutes
    assert len(found.slots) * 15 == minutes


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        # At 00:01 back to 23:01, so that midnight came twice.
        ("America/St_Johns", date(2006, 10, 28), "2006-10-28T02:30", "2006-10-29T03:30"),
        ("America/St_Johns", date(2006, 10, 29), "2006-10-29T02:30", "2006-10-30T03:30"),
        # From 23:30 to 00:30.
        ("America/Toronto", date(1919, 3, 30), "1919-03-30T05:00", "1919-03-31T04:30"),
        ("America/Toronto", date(1919, 3, 31), "1919-03-31T04:30", "1919-04-01T04:00"),
    ],
)
def test_a_day_holds_all_that_clocks_show_of_it(zone: str, day: date, first: str, last: str) -> None:
    found = day_of(zones.load(zone), day)
    assert (found.start, found.end) == (at(first), at(last))


def test_a_day_is_parted_by_what_the_clocks_there_show() -> None:
    day = day_of(zones.load("Europe/London"), date(2026, 1, 15))
    bands = row(zones.load("Asia/Kathmandu"), day, HOURS).bands
    assert [(band.start, band.length, band.part) for band in bands] == [
        (0, 75, Part.NIGHT),
        (75, 120, Part.FREE),
        (195, 480, Part.WORK),
        (675, 300, Part.FREE),
        (975, 465, Part.NIGHT),
    ]


def test_an_hour_that_clocks_show_twice_begins_twice() -> None:
    london = zones.load("Europe/London")
    today = row(london, day_of(london, date(2026, 10, 25)), HOURS)
    assert [minute for minute, hour in today.hours if hour == 1] == [60, 120]
    assert today.offsets == [(0, 3600), (120, 0)]
    assert [today.day.minute(change.at) for change in today.changes] == [120]
    assert sum(band.length for band in today.bands) == 1500


def test_midnight_of_others_falls_into_the_day() -> None:
    day = day_of(zones.load("Europe/London"), date(2026, 1, 15))
    assert row(zones.load("Asia/Seoul"), day, HOURS).dates == [(0, date(2026, 1, 15)), (900, date(2026, 1, 16))]


def test_hours_in_which_all_work_are_found() -> None:
    found = agreement(date(2026, 1, 15), "Europe/London", "America/New_York")
    assert found.part is Part.WORK
    assert [(each.start, each.end, each.asleep) for each in found.stretches] == [
        (at("2026-01-15T14:00"), at("2026-01-15T17:00"), ())
    ]


def test_weeks_in_which_one_has_changed_its_clocks_and_the_other_has_not_are_right() -> None:
    found = agreement(date(2026, 3, 20), "Europe/London", "America/New_York")
    assert [(each.start, each.end) for each in found.stretches] == [(at("2026-03-20T13:00"), at("2026-03-20T17:00"))]


def test_where_nobody_works_at_once_hours_are_found_in_which_nobody_sleeps() -> None:
    found = agreement(date(2026, 1, 15), "Asia/Seoul", "America/New_York")
    assert found.part is Part.FREE
    assert [(each.start, each.end) for each in found.stretches] == [
        (at("2026-01-14T22:00"), at("2026-01-15T03:00")),
        (at("2026-01-15T12:00"), at("2026-01-15T13:00")),
    ]


def test_where_somebody_sleeps_always_it_is_the_fewest_and_they_are_named() -> None:
    names = ("Asia/Seoul", "Europe/London", "America/Los_Angeles")
    found = agreement(date(2026, 1, 15), *names)
    assert found.part is Part.NIGHT
    assert all(len(each.asleep) == 1 for each in found.stretches)
    assert {each.asleep[0].name for each in found.stretches} <= set(names)


def test_other_hours_of_work_are_kept_to() -> None:
    day = day_of(zones.load("Asia/Seoul"), date(2026, 1, 15))
    found = agree([row(zones.load("Asia/Seoul"), day, Hours(6, 23))])
    assert [(day.minute(each.start), day.minute(each.end)) for each in found.stretches] == [(360, 1380)]

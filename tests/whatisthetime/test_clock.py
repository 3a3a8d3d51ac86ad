"""Reading clocks at given moments."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.whatisthetime import clock, zones
from apps.whatisthetime.clock import Reading

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(2037, 12, 31, tzinfo=UTC)


def read(name: str, moment: str) -> Reading:
    return clock.read(zones.load(name), datetime.fromisoformat(moment))


def python_zone(name: str) -> ZoneInfo:
    with zones.DATA.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@pytest.mark.parametrize("area", zones.areas())
def test_every_zone_agrees_with_python_around_every_change(area: str) -> None:
    disagreements = []
    for name in zones.areas()[area]:
        zone, theirs = zones.load(name), python_zone(name)
        for change in zone.timeline(LAST.year).changes:
            for unix in (change.at - 1, change.at):
                moment = clock.moment(unix)
                ours = zone.timeline(LAST.year).type_at(zone.timeline(LAST.year).position(unix))
                local = moment.astimezone(theirs)
                offset = local.utcoffset()
                assert offset is not None
                if FIRST <= moment <= LAST and (ours.offset, ours.abbreviation) != (
                    offset.total_seconds(),
                    local.tzname(),
                ):
                    disagreements.append((name, moment))
    assert disagreements == []


@given(name=st.sampled_from(zones.names()), unix=st.integers(-2_000_000_000, 4_000_000_000))
def test_any_zone_agrees_with_python_at_any_moment(name: str, unix: int) -> None:
    reading = clock.read(zones.load(name), clock.moment(unix))
    theirs = clock.moment(unix).astimezone(python_zone(name))
    assert reading.local.replace(tzinfo=None) == theirs.replace(tzinfo=None)
    assert reading.local_type.abbreviation == theirs.tzname()


@given(name=st.sampled_from(zones.names()), unix=st.integers(0, 2_100_000_000))
def test_saving_time_lies_within_the_period_that_is_told(name: str, unix: int) -> None:
    reading = clock.read(zones.load(name), clock.moment(unix))
    if reading.local_type.dst:
        assert reading.dst_from is None or reading.dst_from <= reading.utc
        assert reading.dst_until is None or reading.utc < reading.dst_until
    else:
        assert reading.dst_from is None or reading.utc < reading.dst_from
        assert reading.dst_until is None or reading.dst_until <= reading.utc
    assert reading.standard_offset + reading.dst_offset == reading.offset


def test_the_second_of_a_change_belongs_to_the_new_time() -> None:
    assert read("Europe/London", "2026-03-29T00:59:59+00:00").local.isoformat() == "2026-03-29T00:59:59+00:00"
    assert read("Europe/London", "2026-03-29T01:00:00+00:00").local.isoformat() == "2026-03-29T02:00:00+01:00"


def test_both_readings_of_a_repeated_hour_differ_in_their_offset() -> None:
    first, second = (read("America/New_York", f"2026-11-01T0{hour}:30:00+00:00") for hour in (5, 6))
    assert first.local.replace(tzinfo=None) == second.local.replace(tzinfo=None)
    assert (first.utc_offset, second.utc_offset) == ("-04:00", "-05:00")


def test_irish_winter_is_saving_time_that_goes_back() -> None:
    reading = read("Europe/Dublin", "2026-01-15T12:00:00+00:00")
    assert (reading.local_type.dst, reading.standard_offset, reading.dst_offset) == (True, 3600, -3600)


def test_a_change_that_moves_no_clock_is_a_change_of_name_only() -> None:
    reading = read("Europe/Lisbon", "1992-09-27T00:59:59+00:00")
    assert reading.next_transition is not None
    assert reading.next_transition.shift == 0
    assert reading.next_transition.after.abbreviation == "CET"


def test_samoa_skipped_a_day() -> None:
    before, after = (read("Pacific/Apia", f"2011-12-30T{time}+00:00") for time in ("09:59:59", "10:00:00"))
    assert before.local.date().isoformat() == "2011-12-29"
    assert after.local.date().isoformat() == "2011-12-31"
    assert (before.dst_offset, after.dst_offset) == (3600, 3600)


@pytest.mark.parametrize(
    ("name", "moment", "standard"),
    [
        ("America/Cancun", "1998-09-01T00:00:00+00:00", -6),
        ("America/Argentina/Buenos_Aires", "2000-01-01T00:00:00+00:00", -4),
        ("America/Bahia_Banderas", "2010-07-01T00:00:00+00:00", -6),
        ("America/Indiana/Winamac", "2007-07-01T00:00:00+00:00", -5),
        ("Europe/Moscow", "1991-07-01T00:00:00+00:00", 2),
        ("Antarctica/Troll", "2026-07-01T00:00:00+00:00", 0),
        ("Asia/Tehran", "1977-07-01T00:00:00+00:00", 3.5),
        ("Europe/Tallinn", "1942-07-01T00:00:00+00:00", 1),
    ],
)
def test_saving_time_is_told_apart_from_a_change_of_standard_time(name: str, moment: str, standard: float) -> None:
    assert read(name, moment).standard_offset == standard * 3600


@pytest.mark.parametrize(
    ("name", "moment", "starts"),
    [
        ("Europe/Tallinn", "1999-12-01T00:00:00+00:00", "2002-03-31T01:00:00+00:00"),
        ("Pacific/Norfolk", "1980-01-01T00:00:00+00:00", "2019-10-05T15:00:00+00:00"),
        ("America/Scoresbysund", "2023-12-01T00:00:00+00:00", "2024-03-31T01:00:00+00:00"),
    ],
)
def test_saving_time_that_begins_years_later_is_told(name: str, moment: str, starts: str) -> None:
    reading = read(name, moment)
    assert (reading.dst_from, reading.saving) == (datetime.fromisoformat(starts), 3600)


def test_a_zone_that_gave_up_saving_time_tells_no_period() -> None:
    reading = read("Asia/Seoul", "2026-07-01T00:00:00+00:00")
    assert (reading.dst_from, reading.dst_until, reading.next_transition) == (None, None, None)


def test_the_last_days_of_a_year_may_belong_to_the_first_week_of_the_next() -> None:
    reading = read("UTC", "2024-12-30T00:00:00+00:00")
    assert (reading.week, reading.day_of_year) == (1, 365)


def test_a_year_has_its_own_changes_only() -> None:
    changes = clock.transitions(zones.load("Africa/Casablanca"), 2025)
    assert [(change.at.isoformat(), change.shift) for change in changes] == [
        ("2025-02-23T02:00:00+00:00", -3600),
        ("2025-04-06T02:00:00+00:00", 3600),
    ]


def test_a_range_of_years_has_the_changes_of_each() -> None:
    zone = zones.load("Europe/London")
    years = [change.at.year for change in clock.transitions(zone, 2025, 2027)]
    assert years == [2025, 2025, 2026, 2026, 2027, 2027]
    assert clock.transitions(zone, 2101, 2102) == clock.transitions(zone, 2101) + clock.transitions(zone, 2102)
    assert clock.transitions(zone, 1000, 1846) == []


def test_a_far_year_is_read_as_the_same_year_of_the_calendars_cycle() -> None:
    near, far = (read("America/New_York", f"{year}-07-01T12:00:00+00:00") for year in (2040, 8840))
    assert (near.local_type, near.standard_offset) == (far.local_type, far.standard_offset)
    for ours, theirs in ((near.dst_from, far.dst_from), (near.dst_until, far.dst_until)):
        assert ours is not None
        assert theirs == ours.replace(year=ours.year + 6800)


def test_rules_go_on_beyond_what_files_list() -> None:
    assert read("Australia/Sydney", "2400-01-01T00:00:00+00:00").utc_offset == "+11:00"

"""Durations: by the calendar, and as time that passes."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.whatisthetime import durations, walls, zones
from apps.whatisthetime.durations import Duration
from apps.whatisthetime.walls import NotATime

TIMES = st.datetimes(datetime.fromisoformat("1000-01-01"), datetime.fromisoformat("8999-12-31"))


def ends(zone: str, local: str, duration: str) -> list[str]:
    wall = walls.read(zones.load(zone), datetime.fromisoformat(local))
    return [f"{step.end:%Y-%m-%dT%H:%MZ}" for step in durations.add(wall, durations.parse(duration))]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("P1Y2M3W4DT5H6M7.5S", "P1Y2M25DT5H6M7.5S"),
        ("-P1D", "-P1D"),
        ("+PT90M", "PT1H30M"),
        ("P14M", "P1Y2M"),
        ("PT0.000001S", "PT0.000001S"),
        ("P0D", "PT0S"),
        ("-PT36H", "-PT36H"),
    ],
)
def test_durations_are_read_and_written(text: str, canonical: str) -> None:
    assert str(durations.parse(text)) == canonical
    assert durations.parse(canonical) == durations.parse(text)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "1D", "P1H", "P-1D", "P1DT", "P1.5D", "P123456Y", "PT1S1M", "p1d", "P١D"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(NotATime, match="takes a duration"):
        durations.parse(text)


def test_a_day_is_one_on_the_calendar_and_24_hours_are_not() -> None:
    assert ends("America/New_York", "2026-03-07T12:00", "P1D") == ["2026-03-08T16:00Z"]
    assert ends("America/New_York", "2026-03-07T12:00", "PT24H") == ["2026-03-08T17:00Z"]


def test_the_last_of_a_month_stays_within_the_next() -> None:
    assert ends("UTC", "2024-01-31T00:00", "P1M") == ["2024-02-29T00:00Z"]
    assert ends("UTC", "2024-02-29T00:00", "-P1Y") == ["2023-02-28T00:00Z"]


def test_a_day_that_leads_into_a_gap_or_an_overlap_is_told_both_ways() -> None:
    assert ends("America/New_York", "2026-03-07T02:30", "P1D") == ["2026-03-08T06:30Z", "2026-03-08T07:30Z"]
    assert ends("America/New_York", "2026-10-31T01:30", "P1DT1M") == ["2026-11-01T05:31Z", "2026-11-01T06:31Z"]


def test_time_passes_through_an_overlap_from_either_reading() -> None:
    assert ends("America/New_York", "2026-11-01T01:30", "PT1H") == ["2026-11-01T06:30Z", "2026-11-01T07:30Z"]


@pytest.mark.parametrize("duration", ["P99999Y", "-P99999Y", "P9999999D", "PT99999999H", "-P9999999D"])
def test_nothing_leads_beyond_the_years_that_are_read(duration: str) -> None:
    with pytest.raises(NotATime, match="leads beyond"):
        ends("Asia/Seoul", "2026-01-01T00:00", duration)


def test_it_is_the_zones_own_year_that_has_bounds() -> None:
    assert ends("America/New_York", "8999-12-30T23:00", "P1D") == ["9000-01-01T04:00Z"]
    seoul = walls.read(zones.load("Asia/Seoul"), datetime.fromisoformat("1000-01-01T05:00"))
    assert durations.add(seoul, durations.parse("PT1H"))[0].end.year == 999
    with pytest.raises(NotATime, match="leads beyond"):
        ends("Asia/Seoul", "8999-12-31T23:00", "PT1H")
    with pytest.raises(NotATime, match="leads beyond"):
        ends("America/New_York", "1000-01-01T00:00", "-PT1S")


@given(TIMES, TIMES)
def test_the_way_between_two_times_leads_from_one_to_the_other(start: datetime, end: datetime) -> None:
    way = durations.between(start, end)
    assert durations.moved(start, way) + way.time == end
    assert abs(way.time) < timedelta(days=1)
    signs = {way.months, way.days, way.time // timedelta(microseconds=1)}
    assert min(signs) >= 0 or max(signs) <= 0


def test_the_way_back_is_counted_from_the_later_time() -> None:
    march, february = datetime.fromisoformat("2026-03-30T10:00"), datetime.fromisoformat("2026-02-28T11:00")
    assert str(durations.between(march, february)) == "-P29DT23H"
    assert str(durations.between(february, march)) == "P1M1DT23H"
    assert str(Duration()) == "PT0S"

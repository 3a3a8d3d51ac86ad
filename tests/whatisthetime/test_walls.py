"""Wall times that mean one moment, two, or none."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.whatisthetime import clock, walls, zones
from apps.whatisthetime.walls import Kind, NotATime

FIRST, LAST = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2037-12-01")


def read(name: str, local: str) -> walls.Wall:
    return walls.read(zones.load(name), datetime.fromisoformat(local))


def moments(wall: walls.Wall) -> list[str]:
    return [moment.strftime("%Y-%m-%dT%H:%MZ") for moment in wall.moments]


def python_zone(name: str) -> ZoneInfo:
    with zones.DATA.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def test_an_ordinary_time_is_one_moment() -> None:
    wall = read("Asia/Seoul", "2026-11-22T21:00")
    assert (wall.kind, moments(wall), wall.transition) == (Kind.ORDINARY, ["2026-11-22T12:00Z"], None)


def test_a_repeated_time_is_two_moments_the_earlier_with_the_offset_from_before() -> None:
    wall = read("America/New_York", "2026-11-01T01:30")
    assert (wall.kind, moments(wall)) == (Kind.AMBIGUOUS, ["2026-11-01T05:30Z", "2026-11-01T06:30Z"])
    assert wall.transition is not None
    assert wall.transition.shift == -3600


def test_a_skipped_time_is_read_with_both_offsets() -> None:
    wall = read("America/New_York", "2026-03-08T02:30")
    assert (wall.kind, moments(wall)) == (Kind.NONEXISTENT, ["2026-03-08T06:30Z", "2026-03-08T07:30Z"])
    shown = [clock.read(wall.zone, moment).local.strftime("%H:%M") for moment in wall.moments]
    assert shown == ["01:30", "03:30"]


@pytest.mark.parametrize(
    ("local", "kind"),
    [
        ("2026-03-08T01:59:59.999999", Kind.ORDINARY),
        ("2026-03-08T02:00", Kind.NONEXISTENT),
        ("2026-03-08T02:59:59.999999", Kind.NONEXISTENT),
        ("2026-03-08T03:00", Kind.ORDINARY),
        ("2026-11-01T00:59:59.999999", Kind.ORDINARY),
        ("2026-11-01T01:00", Kind.AMBIGUOUS),
        ("2026-11-01T01:59:59.999999", Kind.AMBIGUOUS),
        ("2026-11-01T02:00", Kind.ORDINARY),
    ],
)
def test_gap_and_overlap_begin_and_end_on_the_second(local: str, kind: Kind) -> None:
    assert read("America/New_York", local).kind is kind


def test_samoa_had_no_30_december_2011() -> None:
    wall = read("Pacific/Apia", "2011-12-30T12:00")
    assert (wall.kind, moments(wall)) == (Kind.NONEXISTENT, ["2011-12-29T22:00Z", "2011-12-30T22:00Z"])


def test_half_an_hour_is_repeated_on_lord_howe_island() -> None:
    assert read("Australia/Lord_Howe", "2026-04-05T01:45").kind is Kind.AMBIGUOUS
    assert read("Australia/Lord_Howe", "2026-04-05T01:15").kind is Kind.ORDINARY


def test_far_years_are_read_by_the_rule() -> None:
    assert moments(read("America/New_York", "8999-07-01T12:00")) == ["8999-07-01T16:00Z"]
    assert read("Europe/London", "8826-03-29T01:30").kind is Kind.NONEXISTENT
    assert moments(read("Europe/London", "1000-07-01T12:00")) == ["1000-07-01T12:01Z"]


@pytest.mark.parametrize("area", zones.areas())
def test_around_every_change_of_every_zone_the_moments_are_pythons(area: str) -> None:
    for name in zones.areas()[area]:
        theirs = python_zone(name)
        for change in clock.transitions(zones.load(name), 1970, 2037):
            middle = change.at.replace(tzinfo=None) + timedelta(seconds=change.before.offset + change.shift // 2)
            assert_as_python(walls.read(zones.load(name), middle), theirs)


@given(name=st.sampled_from(zones.names()), local=st.datetimes(FIRST, LAST))
def test_any_wall_time_means_the_moments_that_python_says(name: str, local: datetime) -> None:
    assert_as_python(walls.read(zones.load(name), local), python_zone(name))


def assert_as_python(wall: walls.Wall, theirs: ZoneInfo) -> None:
    folds = {wall.local.replace(tzinfo=theirs, fold=fold).astimezone(UTC) for fold in (0, 1)}
    assert set(wall.moments) == folds
    back = {moment.astimezone(theirs).replace(tzinfo=None, fold=0) for moment in folds}
    assert (wall.local in back) == (wall.kind is not Kind.NONEXISTENT)


TIMES_OF_NONE = ["", "now", "2026-13-01", "2026-03-29T25:00", "2026-03-29T02:30Z", "0999-12-31", "2026-02-29"]
# A day of the year 999.
TIMES_OF_NONE.append("1000-W01-1")


@pytest.mark.parametrize("text", TIMES_OF_NONE)
def test_what_is_no_wall_time_is_refused(text: str) -> None:
    with pytest.raises(NotATime, match="takes a "):
        walls.parse(text)


def test_a_wall_time_may_be_a_day_or_have_a_fraction() -> None:
    assert walls.parse(" 2026-03-29 ") == datetime.fromisoformat("2026-03-29T00:00:00")
    assert walls.parse("2026-03-29 02:30:01.5") == datetime.fromisoformat("2026-03-29T02:30:01.500000")

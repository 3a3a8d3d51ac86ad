"""A zone's year, and its drawing."""

from datetime import UTC, datetime

import pytest

from apps.whatisthetime import clock, plots, present, zones
from apps.whatisthetime.years import year_of

NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)


def test_a_year_is_divided_by_its_changes() -> None:
    year = year_of(zones.load("Europe/Paris"), 2026)
    assert [span.shows.abbreviation for span in year.spans] == ["CET", "CEST", "CET"]
    assert year.spans[0].start == 0
    assert year.spans[0].end == year.spans[1].start == pytest.approx((31 + 28 + 28 + 1 / 24) / 365)
    assert year.spans[-1].end == 1
    assert year.offsets == [3600, 7200]


def test_a_year_without_changes_is_one_span() -> None:
    year = year_of(zones.load("Asia/Seoul"), 2026)
    assert [(span.start, span.end, span.shows.offset) for span in year.spans] == [(0, 1, 32400)]


def test_every_year_of_a_restless_zone_is_covered() -> None:
    for number in range(1900, 2101):
        spans = year_of(zones.load("Africa/Casablanca"), number).spans
        assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]
        assert (spans[0].start, spans[-1].end) == (0, 1)


def test_the_drawing_puts_what_is_ahead_of_utc_higher() -> None:
    plot = plots.plot(year_of(zones.load("Europe/Paris"), 2026), NOON)
    winter, summer, _ = plot.lines
    assert summer.y < winter.y
    assert [mark.label_y for mark in plot.marks] == [40, 40]
    assert plot.now == pytest.approx(50, abs=0.1)


def test_labels_that_would_meet_take_turns() -> None:
    plot = plots.plot(year_of(zones.load("Africa/Casablanca"), 2015), NOON)
    assert len(plot.marks) == 4
    assert len({mark.label_y for mark in plot.marks}) == 2
    assert plot.now is None


@pytest.mark.parametrize("year", [1930, 1985, 2026, 2055])
def test_a_glance_sees_what_a_reading_of_the_whole_file_sees(year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "_known", {})
    names = zones.names()[year % 7 :: 7]
    for month in (1, 5, 11):
        now = datetime(year, month, 20, 5, tzinfo=UTC)
        shown = present.showing(names, now)
        assert shown == {name: clock.read(zones.load(name), now).local_type for name in names}


def test_a_glance_is_good_until_the_next_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "_known", {})
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    for second, abbreviation in ((-1, "GMT"), (0, "BST")):
        now = clock.moment(clock.unix_seconds(change) + second)
        assert present.showing(["Europe/London"], now)["Europe/London"].abbreviation == abbreviation

"""Daylight beside published almanac times, within three minutes."""

from datetime import date

import pytest

from apps.whatisthetime.sun import Daylight, Place, daylight

LONDON = Place(51.5085, -0.1257)
SYDNEY = Place(-33.8678, 151.2073)
TROMSO = Place(69.6489, 18.9551)


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


@pytest.mark.parametrize(
    ("place", "day", "offset", "rises", "sets"),
    [
        (LONDON, date(2024, 6, 21), 3600, "04:43", "21:21"),
        (LONDON, date(2024, 12, 21), 0, "08:04", "15:53"),
        (SYDNEY, date(2024, 12, 21), 39600, "05:41", "20:05"),
    ],
)
def test_the_sun_rises_and_sets_as_almanacs_say(place: Place, day: date, offset: int, rises: str, sets: str) -> None:
    light = daylight(place, day, offset)
    assert light is not None
    assert abs(light.rises / 60 - minutes(rises)) <= 3
    assert abs(light.sets / 60 - minutes(sets)) <= 3


@pytest.mark.parametrize("day", [date(2024, 6, 21), date(2024, 12, 21)])
def test_beyond_the_polar_circle_the_sun_may_not_rise_or_not_set(day: date) -> None:
    assert daylight(TROMSO, day, 3600) is None


def test_light_that_lasts_beyond_midnight_lies_at_both_ends_of_the_day() -> None:
    assert Daylight(rises=3 * 3600, sets=600).spans() == [(0, 600), (10800, 75600)]
    assert Daylight(rises=21600, sets=64800).spans() == [(21600, 43200)]

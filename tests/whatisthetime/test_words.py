"""What people read."""

from datetime import datetime

import pytest

from apps.whatisthetime import clock, words, zones
from apps.whatisthetime.clock import Reading


def read(name: str, moment: str = "2026-11-22T12:00:00+00:00") -> Reading:
    return clock.read(zones.load(name), datetime.fromisoformat(moment))


@pytest.mark.parametrize(
    ("name", "moment", "said"),
    [
        ("Asia/Seoul", "2026-07-01", ("Not observed", "clocks stay as they are")),
        ("Europe/Paris", "2026-07-01", ("In effect, +1 hour", "until Sunday 25 October 2026")),
        ("Europe/Paris", "2026-12-01", ("Not now", "from Sunday 28 March 2027")),
        ("Australia/Lord_Howe", "2026-12-01", ("In effect, +30 minutes", "until Sunday 4 April 2027")),
        ("Europe/Dublin", "2026-12-01", ("Set back, −1 hour", "until Sunday 28 March 2027")),
    ],
)
def test_saving_time_is_told(name: str, moment: str, said: tuple[str, str]) -> None:
    assert words.saving(read(name, f"{moment}T00:00:00+00:00")) == said


def test_the_next_change_is_told_in_local_time() -> None:
    assert words.next_change(read("America/New_York")) == ("Sunday 14 March 2027", "02:00 to 03:00, 1 hour forward")
    assert words.next_change(read("Asia/Tokyo"))[0] == "None known"


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("Asia/Seoul", "Asia/Tokyo", "same time"),
        ("UTC", "Asia/Kathmandu", "+5 h 45 min"),
        ("Asia/Seoul", "America/New_York", "−14 h"),
        ("Australia/Adelaide", "Australia/Sydney", "+30 min"),
    ],
)
def test_a_difference_is_told(here: str, there: str, said: str) -> None:
    assert words.difference(read(here), read(there)) == said


def test_days_left_count_to_the_last_of_december() -> None:
    assert words.days_left(datetime.fromisoformat("2026-12-31T23:59:00+00:00")) == 0
    assert words.days_left(datetime.fromisoformat("2028-01-01T00:00:00+00:00")) == 365


def test_the_julian_date_turns_at_noon() -> None:
    assert words.julian(read("UTC", "2000-01-01T12:00:00+00:00")) == 2451545.0

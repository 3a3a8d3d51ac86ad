"""How far TAI is ahead of UTC."""

from datetime import datetime

import pytest

from apps.whatisthetime import leaps


def ahead(moment: str) -> int | None:
    return leaps.table().tai_minus_utc(datetime.fromisoformat(moment))


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        ("1971-12-31T23:59:59Z", None),
        ("1972-01-01T00:00:00Z", 10),
        ("1972-06-30T23:59:59Z", 10),
        ("1972-07-01T00:00:00Z", 11),
        ("1999-01-01T00:00:00Z", 32),
        ("2016-12-31T23:59:59Z", 36),
        ("2017-01-01T00:00:00Z", 37),
        ("2026-11-22T00:00:00Z", 37),
    ],
)
def test_each_leap_second_puts_tai_one_further_ahead(moment: str, seconds: int | None) -> None:
    assert ahead(moment) == seconds


def test_the_table_tells_its_own_age() -> None:
    table = leaps.table()
    assert len(table.leaps) == 28
    assert table.leaps[-1].at < table.updated < table.expires


def test_a_negative_leap_second_brings_tai_nearer() -> None:
    text = "Leap\t2030\tJun\t30\t23:59:59\t-\tS\n#updated 1783323897 (x)\n#expires 1814140800 (x)\n"
    assert [leap.tai_minus_utc for leap in leaps.parse(text).leaps] == [10, 9]


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="leap seconds"):
        leaps.parse("Zone\tUTC\n")

"""Hangul in Latin letters, by which a city's Korean name is chosen."""

import pytest

from tools.hangul import is_hangul, romanised


@pytest.mark.parametrize(
    ("name", "letters"), [("서울", "seoul"), ("부산", "busan"), ("베이징", "beijing"), ("북경", "bukgyeong")]
)
def test_a_name_is_written_as_it_sounds(name: str, letters: str) -> None:
    assert romanised(name) == letters


def test_only_hangul_counts_as_korean() -> None:
    assert is_hangul("로스 앤젤레스")
    assert not is_hangul("上海")
    assert not is_hangul("Seoul 서울")
    assert not is_hangul("")

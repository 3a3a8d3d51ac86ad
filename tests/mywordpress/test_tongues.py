"""Which posts tell their language, so that Korean breaks its lines between words and nothing else does."""

import pytest

from apps.mywordpress.front.tongues import is_korean
from tests.mywordpress.conftest import Journal


@pytest.mark.parametrize(
    ("text", "korean"),
    [
        ("서울의 시계", True),
        ("서울에서 GitHub 쓰기", True),
        ("A walk through Seoul (서울) in the rain", False),
        ("時計", False),
        ("2026 !", False),
        ("", False),
    ],
)
def test_hangul_is_known_from_other_scripts(text: str, korean: bool) -> None:
    assert is_korean(text) is korean


def test_a_post_tells_its_language_where_the_page_has_another(journal: Journal) -> None:
    korean, english = journal.post("서울의 시계", "시계가 둘이다."), journal.post("A clock", "There are two.")
    guest = journal.visitor()
    assert '<article class="wrap post" lang="ko">' in guest.get(korean.path).text
    assert '<article class="wrap post">' in guest.get(english.path).text
    assert '<article class="wrap post">' in guest.get(f"{korean.path}?lang=ko").text
    assert '<article class="wrap post" lang="">' in guest.get(f"{english.path}?lang=ko").text

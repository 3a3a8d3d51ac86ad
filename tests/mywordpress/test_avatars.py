"""Initials in place of pictures."""

import pytest

from apps.mywordpress.accounts.avatars import TINTS, initials, tint

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann", "A"),
        ("ann lee landers", "AL"),
        ("  Émile  Zola ", "ÉZ"),
        ("김 서연", "김"),
        ("김서연", "김"),
        ("“Bo” (the) Cat", "BC"),
        ("<script>", "S"),
        ("!!!", "?"),
        ("", "?"),
    ],
)
def test_initials_stand_for_a_name(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_a_tint_stays_the_same_for_the_same_person() -> None:
    assert (tint(9), tint("robin@example.com")) == (1, tint("robin@example.com"))
    assert {tint(f"{number}@example.com") for number in range(100)} == set(range(TINTS))

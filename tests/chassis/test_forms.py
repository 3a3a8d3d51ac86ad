"""What all forms do to what is typed."""

import pytest

from apps.chassis.forms import stripped

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ida \t\r\n Rhodes ", "Ida Rhodes"),
        ("I\0da\x1b[31m\x7f\x9b", "Ida[31m"),
        ("\0", ""),
        ("나\u200d은 👩\u200d💻", "나\u200d은 👩\u200d💻"),
        ("", ""),
        (None, None),
    ],
)
def test_a_line_is_kept_without_what_nobody_sees(typed: str | None, kept: str | None) -> None:
    assert stripped(typed) == kept

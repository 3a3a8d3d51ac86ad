"""The owner's rules about comments."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.mywordpress.comments.rules import APPROVED, HOLD, SPAM, Said, has_word, is_closed, verdict
from apps.mywordpress.options.models import Options

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("casino", "A CASINO, online.", True),
        ("casino", "casinos", False),
        ("casino", "occasionally", False),
        ("casino", "the ca\u200bsi\u00adno", True),
        ("casino", "ＣＡＳＩＮＯ and cásino", True),
        ("élan", "with elan", True),
        ("카지노", "온라인카지노에서", True),
        ("賭場", "這是賭場嗎", True),
        ("great deal", "a great\n deal of it", True),
        ("great deal", "a great big deal", False),
        ("192.0.2.7", "from 192.0.2.77", False),
        ("192.0.2.7", "192.0.2.7", True),
        ("a.b", "axb", False),
        ("\n \n", "anything", False),
        ("", "anything", False),
        ("one\r\ntwo", "two", True),
    ],
)
def test_a_word_is_found_as_a_whole_word_of_its_script(words: str, text: str, found: bool) -> None:
    assert has_word(words, [text]) is found


@pytest.mark.parametrize(
    ("said", "trusted", "outcome"),
    [
        (Said("Fine."), False, HOLD),
        (Said("Fine."), True, APPROVED),
        (Said("http://a.example http://b.example"), True, APPROVED),
        (Said("http://a.example http://b.example http://c.example"), True, HOLD),
        (Said("rather dull"), True, HOLD),
        (Said("buy pills"), True, SPAM),
        (Said("Fine.", name="Pills"), False, SPAM),
        (Said("Fine.", url="https://pills.example"), False, SPAM),
        (Said("Fine.", address="203.0.113.9"), False, SPAM),
        (Said("Fine.", user_agent="EvilBot/1.0"), False, SPAM),
        (Said("Fine.", seconds=1.0), True, SPAM),
        (Said("Fine.", seconds=30.0), True, APPROVED),
    ],
)
def test_the_rules_decide_in_their_order(said: Said, trusted: bool, outcome: str) -> None:
    options = Options(moderation_words="dull\npills", blocked_words="pills\n203.0.113.9\nevilbot")
    assert verdict(options, said, trusted=trusted) == outcome


def test_without_approval_a_stranger_is_shown() -> None:
    assert verdict(Options(comments_need_approval=False), Said("Fine."), trusted=False) == APPROVED


def test_a_post_is_closed_after_its_days_and_never_without() -> None:
    then = datetime(2026, 3, 1, tzinfo=UTC)
    later = then + timedelta(days=14, seconds=1)
    assert is_closed(Options(comments_close_after_days=14), then, later)
    assert not is_closed(Options(comments_close_after_days=14), then, then + timedelta(days=14))
    assert not is_closed(Options(), then, later.replace(year=2090))
    assert not is_closed(Options(comments_close_after_days=14), None, later)

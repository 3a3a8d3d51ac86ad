"""What becomes of a comment that somebody wants to leave: shown, held for a moderator, or taken for spam."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.chassis.words import folded
from apps.mywordpress.comments.text import links_in
from apps.mywordpress.options.models import Options

APPROVED, HOLD, SPAM = "approved", "hold", "spam"
# Nobody reads a post and writes about it in less.
FASTEST_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wants to say, and what is known of them. Nothing of it is trusted."""

    text: str
    name: str = ""
    email: str = ""
    url: str = ""
    address: str = ""
    user_agent: str = ""
    wants_replies: bool = False
    # Of the page that it was written on.
    language: str = ""
    # As the visitor's browser has measured it; None if it did not.
    seconds: float | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """All in which a word could stand."""
        return self.text, self.name, self.email, self.url, self.address, self.user_agent


def verdict(options: Options, said: Said, *, trusted: bool) -> str:
    """`approved`, `hold` or `spam`. `trusted` needs no approval, but for what names a blocked or moderated word."""
    if has_word(options.blocked_words, said.parts) or is_hasty(said):
        return SPAM
    if has_word(options.moderation_words, said.parts) or links_in(said.text) > options.most_comment_links:
        return HOLD
    return APPROVED if trusted or not options.comments_need_approval else HOLD


def is_hasty(said: Said) -> bool:
    """Whether it was written faster than a person could."""
    return said.seconds is not None and said.seconds < FASTEST_SECONDS


def is_closed(options: Options, published_at: datetime | None, moment: datetime) -> bool:
    """Whether a post of then is too old for comments by now."""
    days = options.comments_close_after_days
    return days > 0 and published_at is not None and moment - published_at > timedelta(days=days)


def has_word(words: str, parts: Iterable[str]) -> bool:
    """Whether one of the words, each in a line of its own, stands in one of the texts.

    As a whole word, whatever its case, accents and widths, and whatever unseen letters are put into it. Hangul and Han,
    which are written without gaps or with endings, are found within words, too.
    """
    patterns = [_pattern(plain(word)) for word in words.splitlines() if plain(word)]
    texts = [plain(part) for part in parts]
    return any(re.search(pattern, text) for pattern in patterns for text in texts)


def plain(text: str) -> str:
    """The text as words are looked for in it: folded, and without letters that nobody sees."""
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(folded(seen).split())


def _pattern(word: str) -> str:
    before = "" if _is_wide(word[0]) else r"(?<!\w)"
    after = "" if _is_wide(word[-1]) else r"(?!\w)"
    return f"{before}{re.escape(word)}{after}"


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in ("W", "F")

"""Whether all that a site says is said in Korean: what is left of its pages and mails when Korean is taken away."""

import re
from collections.abc import Iterable
from html import unescape

UNSAID = re.compile(r"<(script|style|code)\b.*?</\1>", re.DOTALL)
ATTRIBUTES = re.compile(r'(?:aria-label|alt|title|placeholder)="([^"]*)"')
DATA = re.compile(r"\S+@\S+|https?://\S+|\b[0-9a-f]{16}\b|\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b")
WORD = re.compile(r"[A-Za-z]{3,}")


def korean(path: str) -> str:
    """The address of the page in Korean."""
    return f"{path}{'&' if '?' in path else '?'}lang=ko"


def english(text: str, stored: Iterable[str]) -> list[str]:
    """The lines in which a word is left that is neither Korean nor stored: a name, or what programs call things."""
    text = DATA.sub("", text)
    for name in stored:
        text = re.sub(rf"\b{re.escape(name.rstrip('.'))}", "", text, flags=re.IGNORECASE)
    return [line.strip() for line in text.splitlines() if WORD.search(line)]


def shown(page: str) -> str:
    """What a page says to those who see it, and to those who hear it."""
    said = re.sub(r"</?(em|span)\b[^>]*>", "", UNSAID.sub("", page))
    return unescape("\n".join([*ATTRIBUTES.findall(said), re.sub(r"<[^>]*>", "\n", said)]))

"""Addresses made of titles, in any script."""

import unicodedata

LONGEST_SLUG = 120
UNNAMED = "post"
APOSTROPHES = str.maketrans("", "", "'’ʼ")


def slug_of(title: str) -> str:
    """The words of `title` in lower case, joined by hyphens; letters of every script are kept, composed (NFC)."""
    text = unicodedata.normalize("NFC", title).lower().translate(APOSTROPHES)
    kept = "".join(c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in text)
    return _cut("-".join(kept.split())) or UNNAMED


def _cut(slug: str) -> str:
    if len(slug) <= LONGEST_SLUG:
        return slug
    whole_words, _, rest = slug[: LONGEST_SLUG + 1].rpartition("-")
    return whole_words or rest[:LONGEST_SLUG]


def numbered(slug: str, number: int) -> str:
    """The slug that is tried when `number - 1` others are taken."""
    return slug if number == 1 else f"{slug[: LONGEST_SLUG - 7]}-{number}"

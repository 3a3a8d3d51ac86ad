"""Addresses made of names, in any script."""

import unicodedata

APOSTROPHES = str.maketrans("", "", "'’ʼ")


def slug_of(name: str, longest: int) -> str:
    """The words of `name` in lower case, joined by hyphens; letters of every script are kept, composed (NFC).

    Empty if there is no word in it.
    """
    text = unicodedata.normalize("NFC", name).lower().translate(APOSTROPHES)
    kept = "".join(c if c.isalnum() or c == "_" or unicodedata.category(c).startswith("M") else " " for c in text)
    return _cut("-".join(kept.split()), longest)


def _cut(slug: str, longest: int) -> str:
    if len(slug) <= longest:
        return slug
    whole_words, _, rest = slug[: longest + 1].rpartition("-")
    return whole_words or rest[:longest]

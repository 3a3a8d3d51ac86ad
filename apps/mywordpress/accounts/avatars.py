"""Pictures of people who sent none: their initials on a tint that stays theirs. Nothing is asked of a foreign host."""

import unicodedata
from zlib import crc32

TINTS = 8
# Scripts whose one letter stands for a whole syllable or word.
WIDE = ("W", "F")


def initials(name: str) -> str:
    """The first letters of the first and the last word; one letter where each is a syllable or a word; "?" for none."""
    words = [word for word in ("".join(filter(str.isalnum, part)) for part in name.split()) if word]
    if not words:
        return "?"
    if len(words) == 1 or unicodedata.east_asian_width(words[0][0]) in WIDE:
        return words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()


def tint(key: int | str) -> int:
    """One of the tints, the same for the same key on every server."""
    return (key if isinstance(key, int) else crc32(key.encode())) % TINTS

"""Hangul in Latin letters, roughly: enough to tell which of a city's Korean names sounds like its own."""

import re

INITIALS = re.split(r" ", "g kk n d tt r m b pp s ss  j jj ch k t p h")
VOWELS = re.split(r" ", "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
FINALS = re.split(r" ", " k k k n n n t l k m l l l p l m p p t t ng t t k t p t")
FIRST, LAST = 0xAC00, 0xD7A3


def is_hangul(text: str) -> bool:
    """Whether the text is written in Hangul and spaces alone."""
    letters = text.replace(" ", "")
    return bool(letters) and all(FIRST <= ord(letter) <= LAST for letter in letters)


def romanised(text: str) -> str:
    """`서울` as `seoul`."""
    return "".join(syllable(letter) for letter in text)


def syllable(letter: str) -> str:
    code = ord(letter) - FIRST
    if not 0 <= code <= LAST - FIRST:
        return letter
    return INITIALS[code // 588] + VOWELS[code % 588 // 28] + FINALS[code % 28]

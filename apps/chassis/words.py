"""Words to search by, cut alike from what is kept and from what is asked, so that any database finds them by equality.

Letters are folded (NFKC, case, accents); English plurals are kept beside their singular. Korean, Japanese and Chinese
write endings and compounds without spaces, so of their runs every pair of neighbouring letters is a word, and the last
letter alone: whatever part of a run is asked for, it is there.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

LONGEST_WORD = 40
MOST_TERMS = 12
WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
RUNS = re.compile(f"(?P<wide>[{WIDE}]+)|[^\\W_{WIDE}]+")
ACCENTS = re.compile("[\u0300-\u036f]")
HISSING = ("sses", "shes", "ches", "xes", "zes")
LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question: found where `word` or `stem` is kept, or with `is_open` any word that begins so."""

    word: str
    stem: str
    is_open: bool = False

    @property
    def exact(self) -> tuple[str, ...]:
        """What is kept of a text that has the very word."""
        return (self.word,) if self.word == self.stem else (self.word, self.stem)

    @property
    def end(self) -> str:
        """Above each word that begins so and below all others behind it, where words are compared by code point."""
        return self.word + LAST_LETTER


def folded(text: str) -> str:
    """The text without what people leave out when they search: case, accents, widths and ligatures."""
    if text.isascii():
        return text.lower()
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFKC", plain)


def words_of(text: str) -> set[str]:
    """All words under which the text is kept, each of at most 40 letters."""
    found: set[str] = set()
    for run, is_wide in _runs(text):
        found |= set(_pairs(run)) if is_wide else {run[:LONGEST_WORD], stem(run[:LONGEST_WORD])}
    return found


def terms_of(text: str) -> list[Term]:
    """What a text has to have, all of it, to be an answer to this question; its last word may be unfinished."""
    terms: list[Term] = []
    for run, is_wide in _runs(text):
        terms += _asked(run) if is_wide else [Term(run[:LONGEST_WORD], stem(run[:LONGEST_WORD]))]
    if terms:
        terms[-1] = replace(terms[-1], is_open=True)
    return list(dict.fromkeys(terms))[-MOST_TERMS:]


def stem(word: str) -> str:
    """An English word without the ending of its plural; other words may lose an "s", alike on both sides."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-2] if word.endswith(HISSING) else word[:-1]


def is_wide(letter: str) -> bool:
    """Whether it is one of those that are written without spaces between words."""
    found = RUNS.match(letter)
    return found is not None and found["wide"] is not None


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    for match in RUNS.finditer(folded(text)):
        yield match[0], match["wide"] is not None


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run)))


def _asked(run: str) -> list[Term]:
    if len(run) == 1:
        # A letter alone is the beginning of a pair wherever it is not the last of its run.
        return [Term(run, run, is_open=True)]
    return [Term(run[at : at + 2], run[at : at + 2]) for at in range(len(run) - 1)]

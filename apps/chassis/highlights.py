"""Where a text has the words of a question, to be shown to whoever asked it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from apps.chassis.words import RUNS, Term, folded, is_wide, stem, terms_of

ELLIPSIS = "…"
OPENING, CLOSING = Markup("<mark>"), Markup("</mark>")
# Beyond this a text is not looked through: what stands there is no reason to wait.
MOST_LOOKED_AT = 20_000


def excerpt(text: str, query: str, length: int) -> Markup:
    """About `length` letters of the text, as HTML, around the rarest word of the query, each of which is marked.

    Its beginning if it has none of them.
    """
    found = spans(text[:MOST_LOOKED_AT], _terms(query))
    at = _rarest(text, found)
    begin = _word_begin(text, at - length // 3) if at > length // 2 else 0
    end = _word_end(text, begin + length)
    shown = marked(text[begin:end], [(a - begin, b - begin) for a, b in found if begin <= a and b <= end])
    return Markup(ELLIPSIS if begin else "") + shown + (ELLIPSIS if end < len(text) else "")  # noqa: S704


def marked(text: str, found: list[tuple[int, int]]) -> Markup:
    """The text as HTML, with each of these places in a `mark`."""
    parts, at = [], 0
    for begin, end in found:
        parts += [escape(text[at:begin]), OPENING, escape(text[begin:end]), CLOSING]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


@lru_cache(maxsize=64)
def _terms(query: str) -> tuple[Term, ...]:
    """A page of answers asks for the same ones with each of them."""
    return tuple(terms_of(query))


def spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """The places of the terms in the text, in order, none within another."""
    found: list[tuple[int, int]] = []
    for begin, end in _places(text, terms):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def _places(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    # A text says most of its words again and again, and each is looked at once.
    known: dict[str, list[tuple[int, int]]] = {}
    for run in _candidates(text, terms):
        within = known.get(run[0])
        if within is None:
            within = known[run[0]] = list(_within(run[0], terms))
        for begin, end in within:
            yield run.start() + begin, run.start() + end


def _candidates(text: str, terms: Sequence[Term]) -> Iterator[re.Match[str]]:
    """The runs that may meet a term: of a plain text those that begin as one does, which costs next to nothing."""
    if not text.isascii():
        return RUNS.finditer(text)
    begun = _begun(tuple(terms))
    return begun.finditer(text) if begun else iter(())


@lru_cache(maxsize=64)
def _begun(terms: tuple[Term, ...]) -> "re.Pattern[str] | None":
    begins = "|".join(re.escape(form) for term in terms for form in term.exact if form.isascii())
    return re.compile(rf"(?<![^\W_])(?:{begins})[^\W_]*", re.IGNORECASE | re.ASCII) if begins else None


def _within(run: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    word = folded(run)
    if is_wide(word[:1]):
        # Folding keeps the number of these letters, but for a few signs that nobody searches for.
        yield from _pairs(word, terms) if len(word) == len(run) else ()
    elif any(_is_met(term, word) for term in terms):
        yield 0, len(run)


def _pairs(word: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    for at in range(len(word)):
        longest = max((len(term.word) for term in terms if word.startswith(term.word, at)), default=0)
        if longest:
            yield at, at + longest


def _is_met(term: Term, word: str) -> bool:
    return word in term.exact or stem(word) in term.exact or (term.is_open and word.startswith(term.word))


def _rarest(text: str, found: list[tuple[int, int]]) -> int:
    written = [text[begin:end] for begin, end in found]
    each = {word: folded(word) for word in set(written)}
    words = [each[word] for word in written]
    often = Counter(words)
    rarest = min(range(len(words)), key=lambda at: often[words[at]], default=None)
    return 0 if rarest is None else found[rarest][0]


def _word_begin(text: str, at: int) -> int:
    space = text.find(" ", max(at, 0))
    return space + 1 if 0 <= space < at + 30 else max(at, 0)


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", 0, at)
    return space if space > at - 30 else at

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
# Texts that are asked for again and again, and whoever does so keeps them.
MOST_KNOWN = 200
# Of a text without these, Hangul is folded already, and of all other letters only the case is.
OTHER_LETTERS = re.compile("[^\\W\x00-\x7f\uac00-\ud7a3]")
PLAIN_RUN = re.compile("(?<![a-z0-9])[a-z0-9]+")


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
    return iter(sorted(_found(text, terms))) if _is_plain(text) else _in_runs(text, terms)


@lru_cache(maxsize=MOST_KNOWN)
def _is_plain(text: str) -> bool:
    """Whether each letter that folding changes is one of ASCII, so that what is asked for can be found as it stands."""
    return text.isascii() or OTHER_LETTERS.search(text) is None


def _found(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    # No other sign becomes longer by this.
    lower = text.lower()
    for term in terms:
        # Every word that meets a term begins with its stem.
        begins = _all_of(lower, term.stem)
        if is_wide(term.stem[:1]):
            yield from ((begin, begin + len(term.word)) for begin in begins)
        else:
            yield from _words_at(lower, begins, term)


def _all_of(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _words_at(lower: str, begins: Iterator[int], term: Term) -> Iterator[tuple[int, int]]:
    for begin in begins:
        run = PLAIN_RUN.match(lower, begin)
        if run and _is_met(term, run[0]):
            yield run.span()


def _in_runs(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    # A text says most of its words again and again, and each is looked at once.
    known: dict[str, list[tuple[int, int]]] = {}
    for run in RUNS.finditer(text):
        within = known.get(run[0])
        if within is None:
            within = known[run[0]] = list(_within(run[0], terms))
        for begin, end in within:
            yield run.start() + begin, run.start() + end


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

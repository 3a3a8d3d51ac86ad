"""What changed between two texts: paragraph by paragraph, and word by word where a paragraph was changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Comparing takes time that grows with the product of what differs; beyond this the old is shown, then the new.
MOST_LINES = 2_000
MOST_WORDS = 1_500
AROUND = 2
WORDS = re.compile(r"\s+|\w+|[^\w\s]")

SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that are in both, or were removed, or were added."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of either text, or of both with what differs in it; `skipped` lines that are the same stand before it."""

    kind: str
    pieces: tuple[Piece, ...]
    skipped: int = 0


def difference(old: str, new: str) -> list[Line]:
    """The lines that differ with a little of what surrounds them; none if nothing does."""
    if old == new:
        return []
    return list(_shortened(list(_lines(old.split("\n"), new.split("\n")))))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for kind, before, after in _blocks(old, new, MOST_LINES):
        if kind == SAME:
            yield from (_whole(SAME, line) for line in before)
            continue
        pairs = min(len(before), len(after)) if len(before) == len(after) else 0
        yield from (_changed(*pair) for pair in zip(before[:pairs], after[:pairs], strict=True))
        yield from (_whole(REMOVED, line) for line in before[pairs:])
        yield from (_whole(ADDED, line) for line in after[pairs:])


def _changed(old: str, new: str) -> Line:
    pieces: list[Piece] = []
    for kind, before, after in _blocks(WORDS.findall(old), WORDS.findall(new), MOST_WORDS):
        if kind == SAME:
            pieces.append(Piece(SAME, "".join(before)))
            continue
        pieces += [Piece(REMOVED, "".join(before))] if before else []
        pieces += [Piece(ADDED, "".join(after))] if after else []
    return Line("changed", tuple(pieces))


def _blocks(old: Sequence[str], new: Sequence[str], most: int) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Parts of both in their order: the same, or one in place of the other."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    yield SAME, old[:head], new[:head]
    if max(len(middle_old), len(middle_new)) > most:
        yield "other", middle_old, middle_new
    else:
        for tag, a, b, c, d in SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes():
            yield SAME if tag == "equal" else "other", middle_old[a:b], middle_new[c:d]
    yield SAME, old[len(old) - tail :], new[len(new) - tail :]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        count += 1
    return count


def _whole(kind: str, text: str) -> Line:
    return Line(kind, (Piece(kind, text),))


def _shortened(lines: list[Line]) -> Iterator[Line]:
    changes = [at for at, line in enumerate(lines) if line.kind != SAME]
    near = {at + step for at in changes for step in range(-AROUND, AROUND + 1)}
    skipped = 0
    for at, line in enumerate(lines):
        if at in near:
            yield Line(line.kind, line.pieces, skipped)
            skipped = 0
        else:
            skipped += 1

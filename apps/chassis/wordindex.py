"""An index of words in a table, the same on every database: who has all words of a question, the best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from apps.chassis.words import terms_of, words_of

LONGEST_QUERY = 100
# A row of its own, which no question meets, tells what was indexed from what waits for it, words or none.
INDEXED = ""


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The three columns of such a table: the word, whose it is, and how much it says about them."""

    word: InstrumentedAttribute[str]
    owner: InstrumentedAttribute[int]
    weight: InstrumentedAttribute[int]

    def store(self, db: Session, owner: int, texts: Mapping[int, list[str]]) -> None:
        """Let the owner be found by these texts, by the weight of each, and by nothing else.

        The caller holds a lock on the owner's row: two at once would both insert a word that is new.
        """
        wanted = weights(texts)
        found = db.execute(select(self.word, self.weight).where(self.owner == owner))
        known: dict[str, int] = {row[0]: row[1] for row in found}
        gone = [word for word, weight in known.items() if wanted.get(word) != weight]
        if gone:
            db.execute(delete(self.word.class_).where(self.owner == owner, self.word.in_(gone)))
        fresh = sorted(word for word, weight in wanted.items() if known.get(word) != weight)
        rows = [{self.word.key: word, self.owner.key: owner, self.weight.key: wanted[word]} for word in fresh]
        if rows:
            db.execute(insert(self.word.class_), rows)

    def doubt(self, db: Session, owners: Select[int]) -> None:
        """Have these indexed again by whoever looks for what was not; until then they are found by what they said."""
        db.execute(delete(self.word.class_).where(self.owner.in_(owners), self.word == INDEXED))

    def meeting(self, text: str) -> Select[int, int] | None:
        """`owner` and `weight` of each that has every word of the text, its last one perhaps unfinished.

        None for a text without a word.
        """
        asked = Question.of(text)
        return self.answering(asked.are_open, asked.values) if asked else None

    def answering(self, are_open: Sequence[bool], values: Mapping[str, str] | None = None) -> Select[int, int]:
        """As `meeting`, for all questions of this shape; without `values`, they are given when it is executed."""
        given = values or {}
        each = union_all(*(self._meeting(at, is_open, given) for at, is_open in enumerate(are_open))).subquery()
        found = select(each.c.owner, func.sum(each.c.weight).label("weight")).group_by(each.c.owner)
        return found.having(func.count() == len(are_open))

    def has(self, owner: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Whether the owner of this id was indexed."""
        return select(self.owner).where(self.owner == owner, self.word == INDEXED).exists()

    def _meeting(self, at: int, is_open: bool, given: Mapping[str, str]) -> Select[int, int]:
        word, stem, end = (bindparam(name, given.get(name), String) for name in _names(at))
        # The very word counts twice what its beginning does.
        is_word = or_(self.word == word, self.word == stem)
        begins_so = and_(self.word >= word, self.word < end)
        weight = func.max(case((is_word, 2 * self.weight), else_=self.weight)).label("weight")
        found = select(self.owner.label("owner"), weight).group_by(self.owner)
        return found.where(or_(is_word, begins_so) if is_open else is_word)


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: of each word whether it may be unfinished, and what `WordIndex.answering` takes."""

    are_open: tuple[bool, ...]
    values: dict[str, str]

    @classmethod
    def of(cls, text: str) -> "Question | None":
        """The question of this text; None for one without a word."""
        terms = terms_of(text[:LONGEST_QUERY])
        named = (zip(_names(at), (term.word, term.stem, term.end), strict=True) for at, term in enumerate(terms))
        return cls(tuple(term.is_open for term in terms), dict(chain(*named))) if terms else None


def _names(at: int) -> tuple[str, str, str]:
    return f"word{at}", f"stem{at}", f"end{at}"


def weights(texts: Mapping[int, list[str]]) -> dict[str, int]:
    """Each word of the texts with the greatest weight that it has in one of them, and the mark of what is indexed."""
    found = {INDEXED: 0}
    for weight in sorted(texts):
        found |= dict.fromkeys((word for text in texts[weight] for word in words_of(text)), weight)
    return found

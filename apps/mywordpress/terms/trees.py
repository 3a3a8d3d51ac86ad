"""Categories as a tree: plain data, read by one query, and the ways through it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.mywordpress.terms.models import BASES, FORMAT_PREFIX, Taxonomy, Term


class Named(Protocol):
    """A term as it is stored, or as it was read."""

    @property
    def id(self) -> int: ...
    @property
    def taxonomy(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def parent_id(self) -> int | None: ...


class Node(NamedTuple):
    """A term in its place: how deep it stands, and where readers find its posts."""

    id: int
    taxonomy: str
    name: str
    slug: str
    parent_id: int | None
    depth: int
    path: str


class Tree:
    """The terms of a taxonomy. A circle, which nothing of ours makes, is cut where it closes."""

    def __init__(self, terms: Iterable[Named]) -> None:
        self._terms = {term.id: term for term in terms}
        self._by_slug = {term.slug: term for term in self._terms.values()}

    @classmethod
    def load(cls, db: Session, taxonomy: str = Taxonomy.CATEGORY) -> "Tree":
        """As it is now; in one query, without the descriptions."""
        columns = (Term.id, Term.taxonomy, Term.name, Term.slug, Term.parent_id)
        return cls(db.execute(select(*columns).where(Term.taxonomy == taxonomy)))

    def node(self, term_id: int) -> Node:
        """One term in its place; KeyError for what is none of this tree."""
        above = self._above(self._terms[term_id])
        term = above[-1]
        return Node(term.id, term.taxonomy, term.name, term.slug, term.parent_id, len(above) - 1, path_of(*above))

    def __contains__(self, term_id: int) -> bool:
        return term_id in self._terms

    def named(self, slug: str) -> Node | None:
        """The term of this slug."""
        return self.node(self._by_slug[slug].id) if slug in self._by_slug else None

    def trail(self, term_id: int) -> list[Node]:
        """The terms that lead to this one from the top, and this one."""
        return [self.node(term.id) for term in self._above(self._terms[term_id])]

    def within(self, term_id: int) -> list[int]:
        """The ids of this term and of all below it."""
        return [term.id for term in self._terms.values() if any(one.id == term_id for one in self._above(term))]

    def below(self, term_id: int) -> list[Node]:
        """The terms that stand right below this one, by name."""
        return [node for node in self if node.parent_id == term_id]

    def __iter__(self) -> Iterator[Node]:
        """All terms, each behind its parent, by name."""
        lines = sorted(self._terms.values(), key=lambda term: [_key(one) for one in self._above(term)])
        return (self.node(term.id) for term in lines)

    def _above(self, term: Named) -> list[Named]:
        found = [term]
        while (parent := self._terms.get(found[0].parent_id or 0)) is not None and parent not in found:
            found.insert(0, parent)
        return found


def path_of(*trail: Named) -> str:
    """Where readers find the posts of the last of these, which lead to it from the top."""
    kind = Taxonomy(trail[-1].taxonomy)
    return f"/{BASES[kind]}/{'/'.join(term.slug.removeprefix(FORMAT_PREFIX) for term in trail)}/"


def _key(term: Named) -> tuple[str, int]:
    return term.name.casefold(), term.id

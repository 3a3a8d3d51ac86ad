"""The terms by which posts are sorted, with the places of categories: one query for all posts of a page."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, bindparam, null, select, union_all
from sqlalchemy.orm import Session

from apps.chassis.statements import rows_of
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.terms.models import FORMAT_PREFIX, Taxonomy, Term
from apps.mywordpress.terms.trees import Node, Tree, path_of

# What stands at the foot of a page is read at a glance.
MOST_TOPICS = 8


class Row(NamedTuple):
    """A term, as one of a post's or, without `post_id`, as a place in the tree of categories."""

    id: int
    taxonomy: str
    name: str
    slug: str
    parent_id: int | None
    post_id: int | None


class Sorting:
    """All categories, and of some posts their categories, tags and formats."""

    def __init__(self, rows: Iterable[Row]) -> None:
        in_order = sorted(rows, key=lambda row: (row.name.casefold(), row.id))
        self.categories = Tree(row for row in in_order if row.post_id is None)
        self._of: dict[tuple[int, str], list[Row]] = {}
        for row in in_order:
            if row.post_id is not None:
                self._of.setdefault((row.post_id, row.taxonomy), []).append(row)

    @classmethod
    def of(cls, db: Session, post_ids: Collection[int]) -> "Sorting":
        """Those of these posts; in one query."""
        found: Any = rows_of(db, _terms_of_posts(), {"ids": list(post_ids)})
        return cls(Row(*row) for row in found)

    def top(self) -> tuple[Node, ...]:
        """The first few categories that stand below no other, by name."""
        return tuple(node for node in self.categories if node.depth == 0)[:MOST_TOPICS]

    def of_post(self, post_id: int) -> tuple[Node, ...]:
        """The categories of a post, by name, each in its place."""
        return tuple(self.categories.node(row.id) for row in self._of.get((post_id, Taxonomy.CATEGORY), ()))

    def tags_of(self, post_id: int) -> tuple[Node, ...]:
        """The tags of a post, by name."""
        return tuple(_flat(row) for row in self._of.get((post_id, Taxonomy.TAG), ()))

    def format_of(self, post_id: int) -> Node | None:
        """What a post is, such as a quote, if it is anything but a plain post."""
        found = self._of.get((post_id, Taxonomy.FORMAT))
        return _flat(found[0])._replace(slug=found[0].slug.removeprefix(FORMAT_PREFIX)) if found else None


@cache
def _terms_of_posts() -> CompoundSelect[Any]:
    """The query, made once: to write it takes longer than a database takes to answer it."""
    columns = Term.id, Term.taxonomy, Term.name, Term.slug, Term.parent_id
    tree = select(*columns, null().label("post_id")).where(Term.taxonomy == Taxonomy.CATEGORY)
    own = select(*columns, PostTerm.post_id).join(PostTerm, PostTerm.term_id == Term.id)
    return union_all(tree, own.where(PostTerm.post_id.in_(bindparam("ids", expanding=True))))


def _flat(row: Row) -> Node:
    return Node(row.id, row.taxonomy, row.name, row.slug, None, 0, path_of(row))

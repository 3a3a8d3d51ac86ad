"""The terms by which posts are sorted, with the places of categories: one query for all posts of a page."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, outerjoin, select, true
from sqlalchemy.orm import Session

from apps.chassis.statements import rows_of
from apps.chassis.tables import EPOCH
from apps.mywordpress.freshness.shared import see, shared
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.terms.models import FORMAT_PREFIX, Taxonomy, Term
from apps.mywordpress.terms.trees import Node, Tree, path_of

# What stands at the foot of a page is read at a glance.
MOST_TOPICS = 8


class Row(NamedTuple):
    """A term of a post."""

    id: int
    taxonomy: str
    name: str
    slug: str
    parent_id: int | None
    post_id: int


class Sorting:
    """All categories, and of some posts their categories, tags and formats."""

    def __init__(self, categories: Tree, rows: Iterable[Row]) -> None:
        self.categories = categories
        self._of: dict[tuple[int, str], list[Row]] = {}
        for row in sorted(rows, key=lambda row: (row.name.casefold(), row.id)):
            self._of.setdefault((row.post_id, row.taxonomy), []).append(row)

    @classmethod
    def of(cls, db: Session, post_ids: Collection[int]) -> "Sorting":
        """Those of these posts; in one query, and one more where categories are not kept."""
        categories = shared(db, Tree.load)
        found = rows_of(db, _terms_of_posts(), {"ids": list(post_ids)}).all()
        see(db, found[0].token)
        return cls(categories, (Row(*row[1:]) for row in found if row.id is not None))

    def top(self) -> tuple[Node, ...]:
        """The first few categories that stand below no other, by name."""
        return tuple(node for node in self.categories if node.depth == 0)[:MOST_TOPICS]

    def of_post(self, post_id: int) -> tuple[Node, ...]:
        """The categories of a post, by name, each in its place."""
        rows = self._of.get((post_id, Taxonomy.CATEGORY), ())
        # One that was made since the categories were read has no place yet.
        return tuple(self.categories.node(row.id) for row in rows if row.id in self.categories)

    def tags_of(self, post_id: int) -> tuple[Node, ...]:
        """The tags of a post, by name."""
        return tuple(_flat(row) for row in self._of.get((post_id, Taxonomy.TAG), ()))

    def format_of(self, post_id: int) -> Node | None:
        """What a post is, such as a quote, if it is anything but a plain post."""
        found = self._of.get((post_id, Taxonomy.FORMAT))
        return _flat(found[0])._replace(slug=found[0].slug.removeprefix(FORMAT_PREFIX)) if found else None


@cache
def _terms_of_posts() -> Select[Any]:
    """The query, made once: to write it takes longer than a database takes to answer it.

    It shows the token of the epoch too, also where it finds nothing else.
    """
    columns = Term.id, Term.taxonomy, Term.name, Term.slug, Term.parent_id, PostTerm.post_id
    own = select(*columns).join(PostTerm, PostTerm.term_id == Term.id)
    of_posts = own.where(PostTerm.post_id.in_(bindparam("ids", expanding=True))).subquery()
    return select(EPOCH.c.token, of_posts).select_from(outerjoin(EPOCH, of_posts, true())).where(EPOCH.c.id == 1)


def _flat(row: Row) -> Node:
    return Node(row.id, row.taxonomy, row.name, row.slug, None, 0, path_of(row))

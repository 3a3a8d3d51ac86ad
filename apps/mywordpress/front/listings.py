"""Lists of published posts, a page at a time, with what a page shows of each: two queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists
from sqlalchemy.orm import Session

from apps.chassis.statements import rows_of
from apps.mywordpress.accounts.models import User
from apps.mywordpress.front.cards import Card, cards, cards_of
from apps.mywordpress.front.sorting import Sorting
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.trees import Tree

# Counted to by nobody, and far below what a database can skip.
MOST_PAGES = 1_000_000
NEWEST = (Post.published_at.desc(), Post.id.desc())
STICKY_FIRST = (Post.sticky.desc(), *NEWEST)


class NoSuchPage(LookupError):
    """The list has no page of this number."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, counted from 1, and the terms of its posts."""

    posts: Sequence[Card]
    number: int
    has_next: bool
    sorting: Sorting = field(default_factory=lambda: Sorting(Tree([]), []))


def listing(
    db: Session, number: int, most: int, *where: ColumnElement[bool], order: Sequence[ColumnElement[Any]] = NEWEST
) -> Listing:
    """The page of this number of the published posts that meet the conditions; raises NoSuchPage beyond the end.

    Of an empty list there is a first page.
    """
    query = _in_order(tuple(order))
    rows, has_next = page_of(db, query.where(*where) if where else query, number, most)
    return Listing(cards_of(db, rows), number, has_next, Sorting.of(db, [row.id for row in rows]))


@cache
def _in_order(order: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    """The query, made once: to write it takes longer than a database takes to answer it."""
    return a_page(cards().where(Post.kind == Kind.POST).order_by(*order))


def a_page(query: Select[Any]) -> Select[Any]:
    """The query for `page_of`."""
    return query.offset(bindparam("start")).limit(bindparam("most"))


def page_of(db: Session, query: Select[Any], number: int, most: int, **asked: Any) -> tuple[Sequence[Any], bool]:
    """That page of what the query finds, one of `a_page`, and whether there is another; raises NoSuchPage."""
    if number > MOST_PAGES:
        raise NoSuchPage(number)
    # One more than is shown tells whether there is a next page.
    found = rows_of(db, query, {"start": (number - 1) * most, "most": most + 1, **asked}).all()
    if number > 1 and not found:
        raise NoSuchPage(number)
    return found[:most], len(found) > most


def in_time(first: datetime, end: datetime) -> ColumnElement[bool]:
    """Published from the one moment to right before the other."""
    return (Post.published_at >= first) & (Post.published_at < end)


def of_year(year: int) -> ColumnElement[bool]:
    """Published in that year, which is one of 1 to 9998."""
    return in_time(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))


def of_month(year: int, month: int) -> ColumnElement[bool]:
    """Published in that month; the year is one of 1 to 9998."""
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return in_time(datetime(year, month, 1, tzinfo=UTC), after)


def of_terms(term_ids: Sequence[int]) -> ColumnElement[bool]:
    """Has one of these terms."""
    return exists().where(PostTerm.post_id == Post.id, PostTerm.term_id.in_(term_ids))


def of_author(user: User) -> ColumnElement[bool]:
    """Written by this user."""
    return Post.author_id == user.id


def children(db: Session, page: Post) -> list[Card]:
    """The published pages right below this one, in their order."""
    below = cards().where(Post.parent_id == page.id, Post.kind == Kind.PAGE)
    rows = db.execute(below.order_by(Post.position, Post.title, Post.id)).all()
    return cards_of(db, rows, {page.id: page.path})

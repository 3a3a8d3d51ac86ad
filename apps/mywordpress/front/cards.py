"""What lists show of posts and pages, as plain columns: most of a list's time would go to whatever else was read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, case, cast, func, select, true
from sqlalchemy.orm import Session, aliased

from apps.mywordpress.accounts.models import User, nicename_of
from apps.mywordpress.media.models import Attachment, Rendition
from apps.mywordpress.media.shown import Shown, Size
from apps.mywordpress.posts.addresses import MOST_LEVELS, path_of_post
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.parts import more_text, teaser_of

NOWHERE: Mapping[int, str] = {}


class Author(NamedTuple):
    """Who wrote it, and how addresses call them."""

    name: str
    nicename: str


class Card(NamedTuple):
    """A post or page of a list. `divided` is its HTML if that is what tells lists how far to show it, else empty."""

    id: int
    kind: str
    title: str
    published_at: datetime
    password: str
    sticky: bool
    minutes: int
    summary: str
    divided: str
    author: Author
    cover: Shown | None
    path: str

    @property
    def teaser(self) -> str:
        """The HTML that lists show instead of the summary; empty unless the author said how far that goes."""
        return teaser_of(self.divided)

    @property
    def more_text(self) -> str:
        """What the author wrote for the link that leads on; empty where nothing was said."""
        return more_text(self.divided)


@cache
def cards(*more: Any) -> Select[Any]:
    """Published posts and pages, for `cards_of`, with these columns behind what a card needs."""
    chosen, first, cover = covers("key", "width", "height")
    is_divided = and_(Post.excerpt == "", Post.html.contains("<!--more"))
    told = Post.password, Post.sticky, Post.minutes, Post.summary, case((is_divided, Post.html), else_="")
    columns = (
        *(Post.id, Post.kind, Post.title, Post.slug, Post.parent_id, Post.published_at, *told),
        *(User.id, User.name, User.slug, *cover),
    )
    # Each post has an author. But if the query said so, a database might begin with the authors, and make the cards of
    # all posts so as to show ten.
    query = select(*columns, *more).select_from(Post).outerjoin(User, User.id == Post.author_id)
    return with_covers(query, chosen, first).where(Post.published == true())


def covers(*names: str) -> tuple[Any, Any, list[ColumnElement[Any]]]:
    """The picture that was chosen for a post, the first of its text, and columns of the one that is shown.

    They are those of these names, and all copies for `sizes_of`.
    """
    chosen, first = aliased(Attachment), aliased(Attachment)
    shown = [func.coalesce(getattr(chosen, name), getattr(first, name)) for name in names]
    return chosen, first, [*shown, sizes_column(chosen.id, first.id)]


def with_covers(query: Select[Any], chosen: Any, first: Any) -> Select[Any]:
    """The query for posts with those pictures."""
    # A picture that was chosen but never fetched has no file to show.
    query = query.outerjoin(chosen, and_(chosen.id == Post.picture_id, chosen.key != ""))
    return query.outerjoin(first, first.id == Post.first_picture_id)


def cards_of(db: Session, rows: Sequence[Any], above: Mapping[int, str] | None = None) -> list[Card]:
    """The cards of such rows. `above` are the paths of the pages that they stand below, read now if not given."""
    if above is None:
        above = paths_of(db, {row.parent_id for row in rows if row.parent_id is not None and row.kind == Kind.PAGE})
    return [card_of(row, above) for row in rows]


def paths_of(db: Session, page_ids: Collection[int]) -> dict[int, str]:
    """Where these pages are; a query for each level that they stand on."""
    found: dict[int, tuple[str, int | None]] = {}
    wanted = set(page_ids)
    for _ in range(MOST_LEVELS):
        if not wanted:
            break
        found |= {number: (slug, parent) for number, slug, parent in db.execute(_slugs(), {"ids": list(wanted)})}
        wanted = {parent for _, parent in found.values() if parent is not None} - found.keys()
    return {number: _path(found, number) for number in page_ids}


@cache
def _slugs() -> Select[int, str, int | None]:
    return select(Post.id, Post.slug, Post.parent_id).where(Post.id.in_(bindparam("ids", expanding=True)))


def _path(found: Mapping[int, tuple[str, int | None]], number: int | None) -> str:
    slugs: list[str] = []
    while number is not None and number in found and len(slugs) < MOST_LEVELS:
        slug, number = found[number]
        slugs.insert(0, slug)
    return "".join(f"/{slug}" for slug in slugs) + "/"


def card_of(row: Sequence[Any], above: Mapping[int, str] = NOWHERE) -> Card:
    """The card of such a row; `above` as in `cards_of`, which posts need not."""
    number, kind, title, slug, parent_id, published_at, password, sticky, minutes, summary, divided = row[:11]
    user_id, name, nicename, key, width, height, sizes = row[11:18]
    path = f"{above.get(parent_id, '/')}{slug}/" if kind == Kind.PAGE else path_of_post(published_at, slug)
    author = Author(name, nicename_of(user_id, nicename))
    cover = Shown(key, width, height, sizes_of(sizes)) if key else None
    told = password, sticky, minutes, summary, divided
    return Card(number, kind, title, published_at, *told, author, cover, path)


def sizes_column(*picture_ids: Any) -> ColumnElement[str]:
    """The copies of the first of these pictures that is not NULL, for `sizes_of`."""
    # Separated by commas on each database, unless told otherwise, which SQLAlchemy would write anew for each page.
    listed = func.group_concat(Rendition.key + " " + cast(Rendition.width, String), type_=String)
    return select(listed).where(Rendition.picture_id == func.coalesce(*picture_ids)).scalar_subquery()


def sizes_of(listed: str | None) -> tuple[Size, ...]:
    """The copies of a cover, as a column lists them; a query of their own would cost every list a round trip."""
    parts: Iterable[list[str]] = (one.split(" ") for one in (listed or "").split(",") if one)
    return tuple(sorted((Size(key, int(width)) for key, width in parts), key=lambda one: one.width))

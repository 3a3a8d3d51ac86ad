"""What stands at an address: posts by their slugs, pages by those of all that they stand below."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select, true
from sqlalchemy.orm import Session, defer, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from apps.chassis.statements import rows_of
from apps.mywordpress.accounts.models import User
from apps.mywordpress.front.cards import covers, sizes_column, sizes_of, with_covers
from apps.mywordpress.front.listings import NEWEST
from apps.mywordpress.media.models import Attachment, Rendition
from apps.mywordpress.posts.addresses import path_of_post
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.history import OldSlug
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.slugs import LONGEST_STORED

NICENAME = "user-"
DATED = re.compile(r"\d{4}/\d{2}/[^/]+", re.ASCII)
OLDEST = (Post.published_at, Post.id)
# What the page of a post shows of it, or decides by.
OWN_COLUMNS = (
    *("id", "author_id", "kind", "title", "slug", "format", "html", "summary", "minutes", "published", "state"),
    *("trashed_from", "password", "sticky", "comments_open", "published_at", "updated_at"),
)


class Near(NamedTuple):
    """A published post next to another one."""

    title: str
    path: str


class Place(NamedTuple):
    """A post in time, between the published ones next to it."""

    post: Post
    before: Near | None
    after: Near | None


def with_slug(db: Session, slug: str) -> Post | None:
    """The page of this slug, in whatever state."""
    found = loaded(db, whole().where(Post.slug == normal(slug), Post.kind == Kind.PAGE))
    return found[0] if found else None


def in_time(db: Session, slug: str) -> Place | None:
    """The post of this slug, in whatever state, and its neighbours; in one query."""
    row = rows_of(db, _in_time(), {"slug": normal(slug)}).first()
    if row is None:
        return None
    own, others = row[: len(OWN_COLUMNS)], row[len(OWN_COLUMNS) :]
    name, nicename, biography, key, width, height, alt, sizes, *near = others
    # By hand: what a session does to load the same objects takes longer than the query.
    post = Post(**dict(zip(OWN_COLUMNS, own, strict=True)))
    set_committed_value(post, "author", User(id=post.author_id, name=name, slug=nicename, biography=biography))
    cover = Attachment(key=key, width=width, height=height, alt=alt) if key else None
    set_committed_value(post, "picture", cover)
    return Place(with_sizes(post, sizes), _neighbour(near[:3]), _neighbour(near[3:]))


@cache
def _in_time() -> Select[Any]:
    """The query, made once: to write it takes longer than a database takes to answer it."""
    is_it = Post.slug == bindparam("slug"), Post.kind == Kind.POST
    at, number = (select(column).where(*is_it).scalar_subquery() for column in (Post.published_at, Post.id))
    others = select(Post.title, Post.slug, Post.published_at).where(Post.published == true(), Post.kind == Kind.POST)
    # Said in two ways, of which a database finds the first in its index.
    older = others.where(Post.published_at <= at, or_(Post.published_at < at, Post.id < number)).order_by(*NEWEST)
    newer = others.where(Post.published_at >= at, or_(Post.published_at > at, Post.id > number)).order_by(*OLDEST)
    before, after = older.limit(1).subquery(), newer.limit(1).subquery()
    chosen, first, cover = covers("key", "width", "height", "alt")
    columns = *(getattr(Post, name) for name in OWN_COLUMNS), User.name, User.slug, User.biography
    found = select(*columns, *cover, *before.c, *after.c).join(User, User.id == Post.author_id)
    found = with_covers(found, chosen, first).outerjoin(before, before.c.published_at <= Post.published_at)
    return found.outerjoin(after, after.c.published_at >= Post.published_at).where(*is_it)


def normal(slug: str) -> str:
    """A slug of an address as it would be stored."""
    return unicodedata.normalize("NFC", slug)[: LONGEST_STORED + 1]


def at(db: Session, path: str) -> Post | None:
    """The post or page in whatever state that has this very path, with or without slashes around it."""
    slug = path.strip("/").rpartition("/")[2]
    place = in_time(db, slug) if DATED.fullmatch(path.strip("/")) else None
    post = place.post if place else with_slug(db, slug)
    return post if post is not None and post.path.strip("/") == path.strip("/") else None


def with_id(db: Session, post_id: int) -> Post | None:
    """The published post or page of this number."""
    found = loaded(db, whole().where(Post.id == post_id, Post.published == true()))
    return found[0] if found else None


def moved(db: Session, slug: str) -> Post | None:
    """The published post or page that had this slug once."""
    had = (
        select(Post)
        .join(OldSlug, OldSlug.post_id == Post.id)
        .where(OldSlug.slug == normal(slug), Post.published == true())
    )
    return db.scalar(had)


def author(db: Session, nicename: str) -> User | None:
    """Whose name in addresses this is."""
    found = db.scalar(select(User).where(User.slug == nicename))
    if found is None and nicename.startswith(NICENAME) and nicename[len(NICENAME) :].isdecimal():
        number = int(nicename[len(NICENAME) :][:18])
        found = db.scalar(select(User).where(User.id == number, User.slug.is_(None)))
    return found


@cache
def whole() -> Select[Post, Any]:
    """Posts and pages in any state, each with all that its own page shows; for `loaded`."""
    query: Select[Post, Any] = select(Post, sizes_column(Post.picture_id, Post.first_picture_id))
    author = joinedload(Post.author).load_only(User.name, User.slug, User.biography)
    shown = Attachment.key, Attachment.width, Attachment.height, Attachment.alt
    pictures = (joinedload(one).load_only(*shown) for one in (Post.picture, Post.first_picture))
    place = Post.title, Post.slug, Post.parent_id, Post.kind, Post.published, Post.published_at
    above = joinedload(Post.parent).load_only(*place)
    return query.options(author, *pictures, above, defer(Post.body, raiseload=True))


def loaded(db: Session, query: Select[Post, Any]) -> list[Post]:
    """The posts of such a query, each with its cover in all sizes."""
    return [with_sizes(post, sizes) for post, sizes in db.execute(query)]


def with_sizes(post: Post, sizes: str | None) -> Post:
    """The post with its cover in these sizes."""
    if post.cover is not None:
        made = [Rendition(picture_id=post.cover.id, key=one.key, width=one.width) for one in sizes_of(sizes)]
        set_committed_value(post.cover, "renditions", made)
    return post


def _neighbour(row: Sequence[Any]) -> Near | None:
    title, slug, published_at = row
    return Near(title, path_of_post(published_at, slug)) if published_at else None

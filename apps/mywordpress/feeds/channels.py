"""What a feed holds, before it is RSS, Atom or JSON: posts or comments as their readers take them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Select, bindparam, select, true
from sqlalchemy.orm import Session, contains_eager

from apps.chassis.languages import gettext as _
from apps.chassis.statements import rows_of
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.front.cards import card_of, cards
from apps.mywordpress.front.listings import NEWEST
from apps.mywordpress.front.sorting import Sorting
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.parts import DIVIDER, teaser_of

OWN_ADDRESS = re.compile(r'(?<= )(src|href)="/(?!/)')
SRCSET = re.compile(r' srcset="[^"]*"(?: sizes="[^"]*")?')
# Some feeds of the usual length; each item holds a whole post.
MOST_KEPT = 100
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sound:
    """A file to listen to."""

    url: str
    mime_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a feed tells; `id` stays whatever becomes of its address, so that no reader gets it twice."""

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    author: str
    summary: str
    html: str
    categories: tuple[str, ...] = ()
    sounds: tuple[Sound, ...] = ()
    replies: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: what it is of, where that is on the web, and where it is itself without a format."""

    title: str
    description: str
    url: str
    base: str
    items: Sequence[Item]

    @property
    def updated(self) -> datetime:
        """When something of it changed last."""
        return max((item.updated for item in self.items), default=NEVER)


def posts(db: Session, origin: str, decided: Options, *where: ColumnElement[bool]) -> list[Item]:
    """The newest posts that meet the conditions. What is behind a password is in no feed."""
    query = _newest().where(*where) if where else _newest()
    rows = rows_of(db, query, {"most": decided.posts_per_feed}).all()
    ids = [row.id for row in rows]
    sorting, sounds = Sorting.of(db, ids), _sounds(db, origin, ids)
    return [
        _post(origin, decided.feed_excerpts, tuple(row), _names(sorting, row.id), sounds.get(row.id, ()))
        for row in rows
    ]


@cache
def _newest() -> Select[Any]:
    """The query, made once: to write it takes longer than a database takes to answer it."""
    shown = Post.kind == Kind.POST, Post.password == ""
    query = cards(Post.html, Post.guid, Post.updated_at).where(*shown).order_by(*NEWEST)
    return query.limit(bindparam("most"))


def comments(db: Session, origin: str, decided: Options, post: Post | None = None) -> list[Item]:
    """The newest comments that everybody may read, on all posts or on one."""
    shown = Comment.approved == true(), Post.published == true(), Post.password == ""
    query = select(Comment).join(Comment.post).options(contains_eager(Comment.post)).where(*shown)
    query = query if post is None else query.where(Comment.post_id == post.id)
    found = db.scalars(query.order_by(Comment.created_at.desc(), Comment.id.desc()).limit(decided.posts_per_feed))
    return [_comment(origin, comment) for comment in found]


def absolute(html: str, origin: str) -> str:
    """A feed is read elsewhere, so its links and pictures need our address; few readers know `srcset`."""
    text = SRCSET.sub("", DIVIDER.sub("", html))
    return OWN_ADDRESS.sub(rf'\1="{origin}/', text) if '="/' in text else text


def address(origin: str, path: str) -> str:
    """The whole address of a path of ours, as programs want it."""
    return origin + quote(path, safe="/#")


def _names(sorting: Sorting, post_id: int) -> tuple[str, ...]:
    return tuple(term.name for term in (*sorting.of_post(post_id), *sorting.tags_of(post_id)))


@lru_cache(maxsize=MOST_KEPT)
def _post(origin: str, excerpts: bool, row: tuple[Any, ...], names: tuple[str, ...], sounds: tuple[Sound, ...]) -> Item:
    """The item of such a row, made once for as long as everything that it is made of stays the same."""
    card, (html, guid, updated_at) = card_of(row), row[-3:]
    url = address(origin, card.path)
    return Item(
        id=guid or f"{origin}/?p={card.id}",
        title=card.title,
        url=url,
        published=card.published_at,
        # Its text may be older than its publication, which is what readers wait for.
        updated=max(updated_at, card.published_at),
        author=card.author.name,
        summary=card.summary,
        html=absolute(teaser_of(html) if excerpts else html, origin),
        categories=names,
        sounds=sounds,
        replies=f"{url}feed/",
    )


def _comment(origin: str, comment: Comment) -> Item:
    url = address(origin, f"{comment.post.path}#comment-{comment.id}")
    return Item(
        id=f"{origin}/?p={comment.post_id}#comment-{comment.id}",
        title=_("%(name)s on “%(title)s”", name=comment.name, title=comment.post.title),
        url=url,
        published=comment.created_at,
        updated=comment.created_at,
        author=comment.name,
        summary=comment.text,
        html=absolute(comment.html, origin),
    )


def _sounds(db: Session, origin: str, post_ids: Sequence[int]) -> dict[int, tuple[Sound, ...]]:
    """What can be listened to of these posts; files that were never fetched are left out."""
    found: dict[int, tuple[Sound, ...]] = {}
    for post_id, key, mime_type, size in rows_of(db, _attached(), {"ids": post_ids}):
        found[post_id or 0] = (*found.get(post_id or 0, ()), Sound(f"{origin}/media/{key}", mime_type, size))
    return found


@cache
def _attached() -> Select[int | None, str, str, int]:
    columns = Attachment.post_id, Attachment.key, Attachment.mime_type, Attachment.size
    of_posts = Attachment.post_id.in_(bindparam("ids", expanding=True))
    sounds = Attachment.mime_type.startswith("audio/"), Attachment.key != ""
    return select(*columns).where(of_posts, *sounds).order_by(Attachment.id)

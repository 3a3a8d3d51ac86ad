"""What of a post is kept in the cache, under which keys, and what a change of it makes stale."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from sqlalchemy.orm import Session

from apps.chassis.identifiers import number
from apps.mywordpress.media.models import Picture
from apps.mywordpress.posts.models import Post

if TYPE_CHECKING:
    from apps.chassis.cache import Cache

HOME_KEY = "home"
FEED_KEY = "feed"
POSTS_PER_PAGE = 9
POSTS_PER_FEED = 20


class Cover(TypedDict):
    """A picture as a page shows it."""

    src: str
    srcset: str
    alt: str
    width: int
    height: int


class Card(TypedDict):
    """A post in a list."""

    id: int
    title: str
    path: str
    summary: str
    author: str
    author_id: int
    minutes: int
    published_at: str
    cover: Cover | None


class Entry(Card):
    """A post with all that a feed or its own page needs."""

    html: str
    updated_at: str


class Listing(TypedDict):
    """One page of the list; `before` leads to the next one."""

    cards: list[Card]
    before: str | None


def page_key(slug: str) -> str:
    """The cache key of a post's own page."""
    return f"post:{slug}"


def forget(cache: "Cache", *slugs: str) -> None:
    """Make every cached page stale that shows a post of these slugs, now and once more after the commit."""
    cache.invalidate_with_commit(HOME_KEY, FEED_KEY, *(page_key(slug) for slug in dict.fromkeys(slugs)))


def listing(db: Session, before: str | None = None) -> Listing:
    """Published posts below the mark `before`; an unreadable mark raises ValueError or OverflowError.

    Pages end at a mark and not at a number, so that a post published meanwhile shifts nothing.
    """
    posts = Post.latest(db, before=None if before is None else read_mark(before), limit=POSTS_PER_PAGE + 1)
    shown, more = posts[:POSTS_PER_PAGE], len(posts) > POSTS_PER_PAGE
    return {"cards": [card(post) for post in shown], "before": mark(shown[-1]) if more else None}


def mark(post: Post) -> str:
    """The place of a post in the list."""
    assert post.published_at is not None
    return f"{post.published_at.timestamp():.6f}-{post.id}"


def read_mark(text: str) -> tuple[datetime, int]:
    """The moment and the number that `mark` wrote; ValueError or OverflowError for what it did not."""
    moment, _, post_id = text.partition("-")
    # A sum of moments fails by OverflowError alone, whatever the system's own calendar can tell.
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(moment)), number(post_id)


def entries(db: Session) -> list[Entry]:
    """What a feed holds."""
    return [entry(post) for post in Post.latest(db, limit=POSTS_PER_FEED)]


def card(post: Post) -> Card:
    """The post as lists show it."""
    assert post.published_at is not None
    return {
        "id": post.id,
        "title": post.title,
        "path": post.path,
        "summary": post.summary,
        "author": post.author.name,
        "author_id": post.author_id,
        "minutes": post.minutes,
        "published_at": post.published_at.isoformat(),
        "cover": cover(post.picture) if post.picture else None,
    }


def entry(post: Post) -> Entry:
    """The post as its own page and the feeds show it."""
    return {**card(post), "html": post.html, "updated_at": post.updated_at.isoformat()}


def cover(picture: Picture) -> Cover:
    """The picture as lists show it."""
    return {
        "src": picture.src,
        "srcset": picture.srcset,
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
    }

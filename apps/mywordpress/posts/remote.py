"""What programs read and write of posts, whatever they speak: WordPress's REST and its XML-RPC mean the same."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from apps.mywordpress.accounts.models import User
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import PUBLISHED, Kind, State
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import FORMAT_PREFIX, Taxonomy, Term

STANDARD = "standard"
FORMATS = {
    STANDARD: "Standard",
    "aside": "Aside",
    "chat": "Chat",
    "gallery": "Gallery",
    "link": "Link",
    "image": "Image",
    "quote": "Quote",
    "status": "Status",
    "video": "Video",
    "audio": "Audio",
}
# Readers see these, or are about to, so it takes the right to publish.
IN_PUBLIC = (PUBLISHED, State.FUTURE, State.PRIVATE)
WORDS = ("title", "body", "excerpt", "slug")


def dated(post: Post) -> datetime:
    """When readers saw it first, or shall; of what nobody saw, when it was made."""
    return post.published_at or post.created_at


def path_of(post: Post) -> str:
    """Where those who may read it find it, or would."""
    name = "page_id" if post.kind == Kind.PAGE else "p"
    is_there = post.published or post.state == State.PRIVATE
    return post.path if is_there and post.path else f"/?{name}={post.id}"


def format_of(post: Post) -> str:
    """What the post is, as a quote, in WordPress's words."""
    return next((term.slug.removeprefix(FORMAT_PREFIX) for term in post.terms_of(Taxonomy.FORMAT)), STANDARD)


def set_format(db: Session, post: Post, format: str) -> None:
    """Let it be of this one of FORMATS."""
    named = [] if format == STANDARD else [Term.named(db, Taxonomy.FORMAT, FORMAT_PREFIX + format).id]
    post.set_terms(db, Taxonomy.FORMAT, named)


def default_categories(db: Session, options: Options) -> list[int]:
    """The category of whatever has no other, if there is one."""
    default = options.default_category_id
    return [default] if default and db.get(Term, default) else []


def replaced(before: Content, sent: Mapping[str, Any]) -> Content:
    """The content before, with what was sent in place of some of its fields; cleaned as what people type is."""
    words = [sent.get(name, getattr(before, name)) for name in WORDS]
    others = {name: sent.get(name, getattr(before, name)) for name in Content.names().difference(WORDS)}
    return Content.of(*words, **others)


def revise(db: Session, post: Post, content: Content, by: User) -> None:
    """Save what differs, under the first free address made of the slug that was sent; raises as the post does."""
    slug = content.slug
    if replace(content, slug=post.slug) != post.content:
        post.revise(db, replace(content, slug=post.slug), post.version, by)
    if slug and slug != post.slug:
        post.store_under_free_slug(db, slug)


def settle(db: Session, post: Post, status: str | None, at: datetime | None) -> None:
    """Bring it to this status and date. Programs send both back as they got them, which then changes nothing."""
    if at is not None and at.replace(microsecond=0) == dated(post).replace(microsecond=0):
        at = None
    # What is scheduled is published, at a date to come.
    is_planned = status == PUBLISHED and post.state == State.FUTURE and not post.published
    if status and status != post.status and not is_planned:
        post.become(db, status, at or _planned(post))
        if at and status not in (PUBLISHED, State.FUTURE, State.TRASH):
            post.date(db, at)
    elif at:
        post.date(db, at)


def _planned(post: Post) -> datetime | None:
    """The date that a draft was given, if it was."""
    return None if post.published or post.state == State.PRIVATE else post.published_at

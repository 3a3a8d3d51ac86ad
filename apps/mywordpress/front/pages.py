"""The pages of readers, as JSON that the cache can hold."""

from typing import TypedDict

from sqlalchemy.orm import Session

from apps.mywordpress.comments.models import Comment
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.pages import Entry, entry


class PostNotFound(LookupError):
    """No published post has this slug. Raised rather than cached, so that made-up addresses fill no cache."""


class Remark(TypedDict):
    """A comment as readers see it: without the address of its writer."""

    id: int
    name: str
    html: str
    by_writer: bool
    created_at: str


class Page(TypedDict):
    """A post with its comments."""

    post: Entry
    comments: list[Remark]


def page(db: Session, slug: str) -> Page:
    """The published post of this slug; raises PostNotFound."""
    post = Post.with_slug(db, slug)
    if post is None:
        raise PostNotFound(slug)
    return {"post": entry(post), "comments": [remark(comment) for comment in Comment.shown_on(db, post.id)]}


def remark(comment: Comment) -> Remark:
    """The comment as readers see it."""
    return {
        "id": comment.id,
        "name": comment.name,
        "html": comment.html,
        "by_writer": comment.user_id is not None,
        "created_at": comment.created_at.isoformat(),
    }

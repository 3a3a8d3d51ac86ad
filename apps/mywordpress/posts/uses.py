"""Where the library's files are used, so that none goes while something would break without it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, not_, select, update
from sqlalchemy.orm import Session

from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.history import Autosave, Revision
from apps.mywordpress.posts.models import Post, PostPicture

MOST_NAMED = 50


class How(StrEnum):
    """What a post does with a file."""

    TEXT = "text"
    FEATURED = "featured"
    EARLIER = "earlier"
    UNSAVED = "unsaved"


@dataclass(frozen=True, slots=True)
class Use:
    """A post and what it does with a file; a text would break without it, all else can be told and go on."""

    post: Post
    how: How

    @property
    def breaks(self) -> bool:
        return self.how is How.TEXT


def uses_of(db: Session, one: Attachment) -> Sequence[Use]:
    """The posts that show it or lead to it: in their text, as featured picture, in earlier or in unsaved words."""
    return [Use(post, how) for how, condition in _conditions(one) for post in _posts(db, condition)]


def unused() -> "ColumnElement[bool]":
    """Whether an attachment was added to no post, and none shows it."""
    shown = exists().where(PostPicture.picture_id == Attachment.id)
    featured = exists().where(Post.picture_id == Attachment.id)
    return and_(Attachment.post_id.is_(None), not_(shown), not_(featured))


def let_go(db: Session, picture_id: int) -> bool:
    """Let no post have it as its featured picture any more; answers whether one had."""
    featured = update(Post).where(Post.picture_id == picture_id).values(picture_id=None)
    return bool(db.execute(featured).rowcount)  # type: ignore[attr-defined]


def show_anew(db: Session, picture_id: int) -> bool:
    """Have the posts that show it rendered again, since what is told about it has changed; whether there are any."""
    outdated = update(PostPicture).where(PostPicture.picture_id == picture_id).values(complete=False)
    return bool(db.execute(outdated).rowcount)  # type: ignore[attr-defined]


def _conditions(one: Attachment) -> "Iterator[tuple[How, ColumnElement[bool]]]":
    yield How.TEXT, Post.id.in_(select(PostPicture.post_id).where(PostPicture.picture_id == one.id))
    yield How.FEATURED, Post.picture_id == one.id
    if one.key:
        earlier = select(Revision.post_id).where(Revision.body.contains(one.key, autoescape=True))
        unsaved = select(Autosave.post_id).where(Autosave.body.contains(one.key, autoescape=True))
        yield How.EARLIER, and_(Post.id.in_(earlier), not_(Post.body.contains(one.key, autoescape=True)))
        yield How.UNSAVED, Post.id.in_(unsaved)


def _posts(db: Session, condition: "ColumnElement[bool]") -> Sequence[Post]:
    return db.scalars(select(Post).where(condition).order_by(Post.id.desc()).limit(MOST_NAMED)).all()

"""Comments as moderators see them: by status and kind, searched, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager

from apps.chassis.paging import Page, newest
from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.models import MENTIONS, Comment, State
from apps.mywordpress.comments.rules import APPROVED
from apps.mywordpress.posts.models import Post

ALL = "all"
STATUSES = (State.HOLD, APPROVED, State.SPAM, State.TRASH)
PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of the queue."""

    status: str = State.HOLD
    text: str = ""
    mentions: bool = False
    post_id: int | None = None
    before: int | None = None


def queue(db: Session, user: User, asked: Asked) -> Page[Comment]:
    """A page of the comments that this user may moderate."""
    found = _posted().where(_moderated_by(user), *_narrowed(asked))
    return newest(db, found, Comment.id, asked.before, PER_PAGE)


def counts(db: Session, user: User) -> Mapping[str, int]:
    """How many of them have each status."""
    status = case((Comment.approved == true(), APPROVED), else_=Comment.state)
    counted = select(status, func.count()).join(Comment.post).where(_moderated_by(user)).group_by(status)
    return dict(db.execute(counted).all())


def chosen(db: Session, user: User, numbers: Sequence[int]) -> list[Comment]:
    """Those of these comments that this user may moderate, in a lasting order."""
    found = _posted().where(_moderated_by(user), Comment.id.in_(numbers))
    return list(db.scalars(found.order_by(Comment.id)))


def all_of(db: Session, user: User, status: str, most: int) -> list[Comment]:
    """As many of this status that this user may moderate."""
    found = _posted().where(_moderated_by(user), Comment.has_status(status))
    return list(db.scalars(found.order_by(Comment.id).limit(most)))


def _posted() -> Select[Comment]:
    return select(Comment).join(Comment.post).options(contains_eager(Comment.post))


def _moderated_by(user: User) -> ColumnElement[bool]:
    if user.can("moderate_comments"):
        return true()
    # As for one comment: whoever may change a published post of their own looks after what is said about it.
    return and_(Post.author_id == user.id, true() if user.can("edit_published_posts") else false())


def _narrowed(asked: Asked) -> Sequence[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if asked.status in STATUSES:
        narrowed.append(Comment.has_status(asked.status))
    else:
        narrowed.append(or_(Comment.has_status(APPROVED), Comment.has_status(State.HOLD)))
    if asked.text:
        places = (Comment.name, Comment.email, Comment.url, Comment.address, Comment.text)
        narrowed.append(or_(*(place.icontains(asked.text, autoescape=True) for place in places)))
    if asked.mentions:
        narrowed.append(Comment.kind.in_(MENTIONS))
    if asked.post_id is not None:
        narrowed.append(Comment.post_id == asked.post_id)
    return narrowed

"""Saying something about a post: who may, what becomes of it, and who hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.people import normal_email
from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.letters import owe_for_new, owe_for_shown
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.rules import APPROVED, Said, is_closed, verdict
from apps.mywordpress.freshness import changed
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Post


class CommentsClosed(Exception):
    """This post takes no comments, or none any more."""


@dataclass(frozen=True, slots=True)
class Left:
    """A comment that was left; `is_new` unless the same was said before."""

    comment: Comment
    is_new: bool


def takes_comments(post: Post, options: Options) -> bool:
    """Whether something may be said about the post now."""
    too_old = post.kind == Kind.POST and is_closed(options, post.published_at, now())
    return post.comments_open and not too_old


def say(
    db: Session,
    post: Post,
    said: Said,
    *,
    options: Options,
    user: User | None = None,
    parent: Comment | None = None,
    origin: str = "",
) -> Left:
    """Leave a comment: shown, held or taken for spam by the owner's rules, and told to whom it concerns.

    Raises CommentsClosed. `origin` is where links in mails lead if no setting says so.
    """
    if not takes_comments(post, options) and not post.may_be_edited_by(user):
        raise CommentsClosed(post.id)
    status = decided(db, post, said, options, user)
    comment, is_new = Comment.leave(db, post, said, user=user, status=status, parent=parent)
    if is_new:
        owe_for_new(db, comment, options, origin)
        if comment.approved:
            changed()
    return Left(comment, is_new)


def decided(db: Session, post: Post, said: Said, options: Options, user: User | None) -> str:
    """What becomes of it. Whoever moderates here needs nobody's approval."""
    if user is not None and (user.can("moderate_comments") or post.may_be_edited_by(user)):
        return APPROVED
    return verdict(options, said, trusted=is_trusted(db, said, options, user))


def is_trusted(db: Session, said: Said, options: Options, user: User | None) -> bool:
    """Whether this person's comments need no approval: who writes here, and who has spoken well before.

    A stranger may have borrowed the address of somebody who has, so for them the owner decides.
    """
    if user is not None:
        return user.can("edit_posts") or Comment.speaks_well(db, user.email)
    return options.comments_trust_known and Comment.speaks_well(db, normal_email(said.email))


def edit(db: Session, comment: Comment, said: Said) -> None:
    """Have a comment say this instead, by a moderator; who it is and what is asked of mail stays."""
    comment.name, comment.email, comment.url = said.name, normal_email(said.email), said.url
    comment.say(said.text)
    db.flush()
    changed()


def remove(db: Session, comments: Sequence[Comment]) -> None:
    """Delete comments for good."""
    for comment in comments:
        comment.remove(db)
    if comments:
        changed()


def moderate(
    db: Session, comments: Sequence[Comment], status: str, *, options: Options, moderator: User, origin: str = ""
) -> int:
    """Give comments this status; answers how many had another. Who is to hear of one that is shown now is told."""
    moved = [comment for comment in comments if comment.become(db, status)]
    for comment in moved:
        if comment.approved:
            owe_for_shown(db, comment, options, origin, moderator)
    if moved:
        changed()
    return len(moved)

"""What is kept of one commenter: told and forgotten by their e-mail address; and what is forgotten by itself."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.people import normal_email
from apps.mywordpress.comments.letters import REPLY
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.freshness import changed
from apps.mywordpress.letters.models import Letter

ANONYMOUS = "Anonymous"
FORGOTTEN = "forgotten@nobody.invalid"
# For as long it may matter from where a comment came.
ADDRESSES_KEPT = timedelta(days=30)
AT_ONCE = 500


def everything_about(db: Session, email: str) -> dict[str, Any]:
    """All that came with this address, as JSON values."""
    said = db.scalars(select(Comment).where(Comment.email == normal_email(email)).order_by(Comment.id))
    return {"email": normal_email(email), "comments": [_told(comment) for comment in said]}


def erase(db: Session, email: str) -> int:
    """Forget whose comments these were, and send nothing there any more; answers how many stay, without a name.

    What somebody said with an account of theirs is forgotten with the account.
    """
    address = normal_email(email)
    strangers = update(Comment).where(Comment.email == address, Comment.user_id.is_(None))
    nobody = {"name": ANONYMOUS, "email": "", "url": "", "address": "", "user_agent": "", "wants_replies": False}
    erased: int = db.execute(strangers.values(**nobody)).rowcount  # type: ignore[attr-defined]
    replies = Letter.kind == REPLY, Letter.recipient == address
    db.execute(
        update(Letter)
        .where(*replies, Letter.sent_at.is_(None))
        .values(refused_at=func.coalesce(Letter.refused_at, now()))
    )
    db.execute(update(Letter).where(*replies).values(recipient=FORGOTTEN))
    if erased:
        changed()
    return erased


def stop_replies(db: Session, email: str) -> None:
    """Tell nobody at this address of answers any more."""
    wanted = update(Comment).where(Comment.email == email, Comment.wants_replies.is_(True))
    db.execute(wanted.values(wants_replies=False))


def forget_addresses(db: Session) -> bool:
    """Forget from where some old comments came; whether there may be more of them."""
    known = or_(Comment.address != "", Comment.user_agent != "")
    old = select(Comment.id).where(known, Comment.created_at < now() - ADDRESSES_KEPT).limit(AT_ONCE)
    numbers = db.scalars(old).all()
    db.execute(update(Comment).where(Comment.id.in_(numbers)).values(address="", user_agent=""))
    return len(numbers) == AT_ONCE


def _told(comment: Comment) -> dict[str, Any]:
    return {
        "at": comment.created_at.isoformat(),
        "post": comment.post.path,
        "name": comment.name,
        "url": comment.url,
        "text": comment.text,
        "status": comment.status,
        "network_address": comment.address,
        "browser": comment.user_agent,
        "wants_replies": comment.wants_replies,
    }

"""Comments: plain text from readers, held until an author approves it."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape

from sqlalchemy import ForeignKey, Index, String, Text, false, select, true, update
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.people import LONGEST_EMAIL, normal_email
from apps.mywordpress.accounts.models import User
from apps.mywordpress.models import Base
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.rendering import clean_text

LONGEST_TEXT = 5_000
MOST_SHOWN = 500
LINK = re.compile(r"https?://[^\s<>\"']{1,500}")
TRAILING = ".,;:!?)"


class Comment(Base):
    """What somebody said about a post. Only approved ones are shown; the address of its writer never is."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_post_id", "post_id", "approved", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(exact(LONGEST_EMAIL))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    approved: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    post: Mapped[Post] = relationship()

    @classmethod
    def leave(cls, db: Session, post: Post, *, name: str, email: str, text: str, user: User | None) -> "Comment":
        """Store a comment: a signed-in user's appears at once, any other is held.

        The same words of the same person on the same post are the comment that is already there.
        """
        words, address = clean_text(text).strip(), normal_email(user.email if user else email)
        said = select(cls).where(cls.post_id == post.id, cls.email == address, cls.text == words)
        known = db.scalar(said.limit(1))
        if known:
            return known
        comment = cls(
            post_id=post.id,
            user_id=user.id if user else None,
            name=user.name if user else " ".join(clean_text(name).split()),
            email=address,
            text=words,
            html=html_of(words),
            approved=user is not None,
            created_at=now(),
        )
        db.add(comment)
        db.flush()
        return comment

    def approve(self, db: Session) -> None:
        """Show it."""
        db.execute(update(Comment).where(Comment.id == self.id).values(approved=True))
        db.refresh(self)

    def remove(self, db: Session) -> None:
        """Delete it."""
        db.delete(self)
        db.flush()

    @classmethod
    def shown_on(cls, db: Session, post_id: int) -> Sequence["Comment"]:
        """The approved comments of a post, oldest first."""
        query = select(cls).where(cls.post_id == post_id, cls.approved == true()).order_by(cls.id).limit(MOST_SHOWN)
        return db.scalars(query).all()

    @classmethod
    def of_writer(cls, db: Session, user: User, *, held: bool, before: int | None, limit: int) -> Sequence["Comment"]:
        """Comments on the posts that this user may change, held or shown, newest first, from below the id `before`."""
        query = (
            select(cls)
            .join(cls.post)
            .options(contains_eager(cls.post))
            .where(cls.approved == (false() if held else true()))
        )
        query = query if user.administers else query.where(Post.author_id == user.id)
        query = query if before is None else query.where(cls.id < before)
        return db.scalars(query.order_by(cls.id.desc()).limit(limit)).all()


def html_of(text: str) -> str:
    """Paragraphs, line breaks and links of plain text; nothing in it is taken for HTML."""
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{_linked(part)}</p>" for part in paragraphs if part)


def _linked(text: str) -> str:
    parts: list[str] = []
    at = 0
    for found in LINK.finditer(text):
        url = found.group().rstrip(TRAILING)
        link = f'<a href="{escape(url)}" rel="nofollow ugc noopener">{escape(url)}</a>'
        parts += [_escaped(text[at : found.start()]), link]
        at = found.start() + len(url)
    return "".join(parts) + _escaped(text[at:])


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")

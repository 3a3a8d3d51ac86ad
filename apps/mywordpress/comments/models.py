"""Comments: what readers say about posts, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, and_, false, not_, select, true, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.people import LONGEST_EMAIL, normal_email
from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.rules import APPROVED, Said
from apps.mywordpress.comments.text import html_of as html_of
from apps.mywordpress.comments.text import rendered
from apps.mywordpress.models import Base
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.rendering import clean_text
from apps.mywordpress.posts.states import KEPT_IN_TRASH

LONGEST_TEXT = 5_000
LONGEST_NAME = 80
LONGEST_URL = 500
MOST_SHOWN = 500
COMMENT = "comment"
# What other sites say by themselves: that they link here.
MENTIONS = ("pingback", "trackback")


class State(StrEnum):
    """Why a comment is not shown."""

    HOLD = "hold"
    SPAM = "spam"
    TRASH = "trash"


class Comment(Base):
    """What somebody said about a post. Only approved ones are shown; the address of its writer never is."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_post_id", "post_id", "approved", "id"),
        Index("ix_comments_approved", "approved", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(exact(LONGEST_EMAIL), index=True)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    approved: Mapped[bool]
    # What `approved` does not tell: why one is not shown.
    state: Mapped[str] = mapped_column(exact(10), server_default=State.HOLD)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(exact(20), server_default=COMMENT)
    url: Mapped[str] = mapped_column(String(LONGEST_URL), server_default="")
    address: Mapped[str] = mapped_column(exact(45), server_default="")
    user_agent: Mapped[str] = mapped_column(String(255), server_default="")
    # Whether its writer asked to be told of replies by mail.
    wants_replies: Mapped[bool] = mapped_column(server_default=false())
    # In which language it was written, so that its writer hears of answers in it; empty for what came otherwise.
    language: Mapped[str] = mapped_column(exact(10), server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    trashed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    post: Mapped[Post] = relationship()

    @classmethod
    def leave(
        cls,
        db: Session,
        post: Post,
        said: Said,
        *,
        user: User | None = None,
        status: str = State.HOLD,
        parent: "Comment | None" = None,
    ) -> "tuple[Comment, bool]":
        """Store a comment, and whether it is new.

        The same words of the same person on the same post are the comment that is already there.
        """
        # Who sends a form twice is not heard twice, not even at once: one post's comments come one after another.
        db.execute(select(Post.id).where(Post.id == post.id).with_for_update())
        words, email = clean_text(said.text).strip(), normal_email(user.email if user else said.email)
        known = db.scalar(select(cls).where(cls.post_id == post.id, cls.email == email, cls.text == words).limit(1))
        if known:
            return known, False
        comment = cls(
            post_id=post.id,
            user_id=user.id if user else None,
            name=user.name if user else one_line(said.name),
            email=email,
            url=user.url if user else said.url,
            text=words,
            html=html_of(words),
            approved=status == APPROVED,
            state=State.HOLD if status == APPROVED else status,
            parent_id=parent.id if parent else None,
            address=said.address[:45],
            user_agent=one_line(said.user_agent)[:255],
            wants_replies=said.wants_replies,
            language=said.language,
            created_at=now(),
        )
        db.add(comment)
        db.flush()
        return comment, True

    @property
    def status(self) -> str:
        """`approved`, or why it is not shown."""
        return APPROVED if self.approved else self.state

    @property
    def link(self) -> str:
        """The writer's web address, if it is one that a page may lead to; however it came into the database."""
        return link_of(self.url)

    @property
    def is_mention(self) -> bool:
        """Whether another site said it by itself."""
        return self.kind in MENTIONS

    @property
    def is_plain(self) -> bool:
        """Whether its text is plain words, and not HTML that came from WordPress."""
        return self.html == html_of(self.text)

    @classmethod
    def has_status(cls, status: str) -> ColumnElement[bool]:
        """That a comment is approved, or of that state."""
        if status == APPROVED:
            return cls.approved == true()
        return and_(cls.approved == false(), cls.state == status)

    @classmethod
    def shown_on(cls, db: Session, post_id: int) -> Sequence["Comment"]:
        """The approved comments of a post, oldest first."""
        query = select(cls).where(cls.post_id == post_id, cls.approved == true()).order_by(cls.id).limit(MOST_SHOWN)
        return db.scalars(query).all()

    @classmethod
    def answerable(cls, db: Session, post: Post, comment_id: int | None) -> "Comment | None":
        """The comment that somebody may answer on this post: an approved one of a person."""
        if not comment_id:
            return None
        shown = cls.post_id == post.id, cls.approved == true(), cls.kind == COMMENT
        return db.scalar(select(cls).where(cls.id == comment_id, *shown))

    @classmethod
    def speaks_well(cls, db: Session, email: str) -> bool:
        """Whether something that came with this address was approved before."""
        return db.scalar(select(cls.id).where(cls.email == email, cls.approved == true()).limit(1)) is not None

    def may_be_moderated_by(self, user: User | None) -> bool:
        """Approve, edit or remove it: whoever moderates, and whoever may change its post."""
        return user is not None and (user.can("moderate_comments") or self.post.may_be_edited_by(user))

    def become(self, db: Session, status: str) -> bool:
        """Have this status from now on; False if it has it already."""
        state = State.HOLD if status == APPROVED else status
        trashed_at = now() if status == State.TRASH else None
        other = update(Comment).where(Comment.id == self.id, not_(Comment.has_status(status)))
        moved = db.execute(other.values(approved=status == APPROVED, state=state, trashed_at=trashed_at))
        db.refresh(self)
        return moved.rowcount == 1  # type: ignore[attr-defined,no-any-return]

    @classmethod
    def throw_away(cls, db: Session) -> bool:
        """Delete some of those that are too long in the trash; answers whether there may be more.

        Of what is there and nobody knows since when, it is from now on.
        """
        in_trash = cls.has_status(State.TRASH)
        db.execute(update(cls).where(in_trash, cls.trashed_at.is_(None)).values(trashed_at=now()))
        long_there = select(cls).where(in_trash, cls.trashed_at < now() - KEPT_IN_TRASH)
        found = db.scalars(long_there.order_by(cls.id).limit(MOST_SHOWN).with_for_update()).all()
        for comment in found:
            comment.remove(db)
        return len(found) == MOST_SHOWN

    def say(self, text: str) -> None:
        """Have other words; what was HTML before stays HTML."""
        is_plain = self.is_plain
        self.text = clean_text(text).strip()
        self.html = rendered(self.text, is_plain=is_plain)

    def remove(self, db: Session) -> None:
        """Delete it for good; its replies answer what it has answered."""
        db.execute(update(Comment).where(Comment.parent_id == self.id).values(parent_id=self.parent_id))
        db.delete(self)
        db.flush()


def link_of(url: str) -> str:
    """The address, if a page may lead to it, else nothing."""
    return url if url.lower().startswith(("https://", "http://")) else ""


def one_line(text: str) -> str:
    """The text as one line without anything unseen."""
    return " ".join(clean_text(text).split())

"""What a post is made of, and the words for it that WordPress uses."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, false, true
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from apps.chassis.columns import exact, long_text
from apps.chassis.database import UtcDateTime
from apps.mywordpress.accounts.models import User
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.models import Base
from apps.mywordpress.posts.slugs import LONGEST_STORED

LONGEST_TITLE = 500
LONGEST_EXCERPT = 600
LONGEST_BODY = 200_000
LONGEST_PASSWORD = 255
# No year before these is written in four digits by every system, and none of a database's is later.
FIRST_YEAR, LAST_YEAR = 1000, 9998
PUBLISHED = "publish"


class Kind(StrEnum):
    """What is written: a post of the journal, or a page that stands by itself."""

    POST = "post"
    PAGE = "page"


class UnknownStatus(ValueError):
    """No such status, or none that a post can be brought to."""


class State(StrEnum):
    """What an unpublished post is, in WordPress's words."""

    DRAFT = "draft"
    PENDING = "pending"
    FUTURE = "future"
    PRIVATE = "private"
    TRASH = "trash"

    @classmethod
    def of(cls, status: str) -> "State":
        """The state of this name; raises UnknownStatus."""
        if status not in set(cls):
            raise UnknownStatus(status)
        return cls(status)


class Format(StrEnum):
    """How a body is written."""

    MARKDOWN = "markdown"
    HTML = "html"


class Columns(Base):
    """The row of a post; what can be done with one, the classes that inherit this tell."""

    __abstract__ = True
    __table_args__ = (
        Index("ix_posts_published", "published", "published_at", "id"),
        # The home page's own order.
        Index("ix_posts_kind", "kind", "published", "sticky", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    # The featured picture, if one was chosen; what lists show without one is the first of the text.
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    first_picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    slug: Mapped[str] = mapped_column(exact(LONGEST_STORED), unique=True)
    excerpt: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(long_text())
    html: Mapped[str] = mapped_column(long_text())
    summary: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    version: Mapped[int]
    published: Mapped[bool]
    # What `published` does not tell: what an unpublished post is.
    state: Mapped[str] = mapped_column(exact(10), server_default=State.DRAFT)
    # The status that a post had before it came into the trash.
    trashed_from: Mapped[str] = mapped_column(exact(10), server_default="")
    kind: Mapped[str] = mapped_column(exact(20), server_default=Kind.POST)
    format: Mapped[str] = mapped_column(exact(10), server_default=Format.MARKDOWN)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    position: Mapped[int] = mapped_column(server_default="0")
    # Shared with readers and told to editors, as WordPress has it, so it is kept as it is.
    password: Mapped[str] = mapped_column(exact(LONGEST_PASSWORD), server_default="")
    sticky: Mapped[bool] = mapped_column(server_default=false())
    comments_open: Mapped[bool] = mapped_column(server_default=true())
    pings_open: Mapped[bool] = mapped_column(server_default=true())
    # Where the post was when it was first made, for feed readers; empty for our own.
    guid: Mapped[str] = mapped_column(String(500), server_default="", index=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    trashed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr
    @classmethod
    def author(cls) -> Mapped[User]:
        return relationship(User)

    @declared_attr
    @classmethod
    def picture(cls) -> Mapped[Attachment | None]:
        return relationship(Attachment, foreign_keys=[cls.picture_id])

    @declared_attr
    @classmethod
    def first_picture(cls) -> Mapped[Attachment | None]:
        return relationship(Attachment, foreign_keys=[cls.first_picture_id])

    @property
    def status(self) -> str:
        """`publish`, or what the post is instead, in WordPress's words."""
        return PUBLISHED if self.published else self.state

    @property
    def cover(self) -> Attachment | None:
        """What lists show of it: the featured picture, if its file is here, else the first of its text."""
        return self.picture if self.picture and self.picture.key else self.first_picture

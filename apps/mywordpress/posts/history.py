"""What a post was: its revisions, the words that are not saved yet, who has it open, where it has been."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, defer, joinedload, mapped_column, relationship

from apps.chassis.columns import exact, long_text, now
from apps.chassis.database import UtcDateTime
from apps.mywordpress.accounts.models import User
from apps.mywordpress.models import Base
from apps.mywordpress.posts.columns import LONGEST_TITLE, Columns
from apps.mywordpress.posts.slugs import LONGEST_STORED

MOST_LISTED = 200
# A page tells each 15 seconds that it is open; a browser in the background may be late.
OPEN_FOR = timedelta(seconds=50)

# Title, excerpt and body.
Words = tuple[str, str, str]


class Revision(Base):
    """A post as it was saved once, by its version."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("post_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    excerpt: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(long_text())
    format: Mapped[str] = mapped_column(exact(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[User] = relationship()

    @classmethod
    def note(cls, db: Session, post: Columns, by_id: int) -> None:
        """Keep the post's words as they are now, unless its newest revision has the very same."""
        newest = cls.newest(db, post.id)
        if newest is None or newest.words != (post.title, post.excerpt, post.body, post.format):
            db.add(cls.of(post, by_id, post.version))
            db.flush()

    @classmethod
    def begin(cls, db: Session, post: Columns, version: int) -> None:
        """Keep what the post was as this version, if nothing was noted about it yet, as by an earlier release."""
        if cls.newest(db, post.id) is None:
            db.add(cls.of(post, post.author_id, version))
            db.flush()

    @classmethod
    def of(cls, post: Columns, by_id: int, version: int) -> "Revision":
        """The post's words as they stand, not stored yet."""
        return cls(
            post_id=post.id,
            author_id=by_id,
            version=version,
            title=post.title,
            excerpt=post.excerpt,
            body=post.body,
            format=post.format,
            created_at=post.updated_at,
        )

    @classmethod
    def newest(cls, db: Session, post_id: int) -> "Revision | None":
        """The latest of a post."""
        return db.scalar(select(cls).where(cls.post_id == post_id).order_by(cls.version.desc()).limit(1))

    @classmethod
    def of_post(cls, db: Session, post_id: int) -> Sequence["Revision"]:
        """All of a post, the newest first, with their authors but without their texts; at most MOST_LISTED."""
        query = select(cls).where(cls.post_id == post_id).options(joinedload(cls.author), defer(cls.body))
        return db.scalars(query.order_by(cls.version.desc()).limit(MOST_LISTED)).all()

    @property
    def words(self) -> tuple[str, str, str, str]:
        """What tells one revision from another."""
        return self.title, self.excerpt, self.body, self.format


class Autosave(Base):
    """What somebody has written and not saved: one for each writer of a post."""

    __tablename__ = "autosaves"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )
    # The version of the post on which it builds.
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    excerpt: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(long_text())
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def keep(cls, db: Session, post_id: int, user_id: int, version: int, words: Words) -> None:
        """Keep what this user has written so far, in place of what was kept before."""
        values = {"version": version, "title": words[0], "excerpt": words[1], "body": words[2], "saved_at": now()}
        mine = cls.post_id == post_id, cls.user_id == user_id
        if db.execute(update(cls).where(*mine).values(values)).rowcount == 0:  # type: ignore[attr-defined]
            # Two tabs of the same writer may come to this at once.
            with suppress(IntegrityError), db.begin_nested():
                db.execute(insert(cls).values(post_id=post_id, user_id=user_id, **values))

    @classmethod
    def of(cls, db: Session, post_id: int, user_id: int) -> "Autosave | None":
        """What this user had written and not saved."""
        return db.get(cls, (post_id, user_id))

    @classmethod
    def discard(cls, db: Session, post_id: int, user_id: int) -> None:
        """Forget what this user had not saved."""
        db.execute(delete(cls).where(cls.post_id == post_id, cls.user_id == user_id))


class EditLock(Base):
    """That somebody has a post open for editing, as their page last told. It keeps nobody from saving: versions do."""

    __tablename__ = "edit_locks"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship()

    @classmethod
    def beat(cls, db: Session, post_id: int, user_id: int) -> None:
        """This user has the post open now."""
        mine = cls.post_id == post_id, cls.user_id == user_id
        if db.execute(update(cls).where(*mine).values(seen_at=now())).rowcount == 0:  # type: ignore[attr-defined]
            with suppress(IntegrityError), db.begin_nested():
                db.execute(insert(cls).values(post_id=post_id, user_id=user_id, seen_at=now()))

    @classmethod
    def leave(cls, db: Session, post_id: int, user_id: int) -> None:
        """This user has closed it."""
        db.execute(delete(cls).where(cls.post_id == post_id, cls.user_id == user_id))

    @classmethod
    def others(cls, db: Session, post_ids: Collection[int], user_id: int) -> Mapping[int, list[str]]:
        """The names of all others who have one of these posts open, by its id."""
        theirs = cls.post_id.in_(post_ids), cls.user_id != user_id, cls.seen_at > now() - OPEN_FOR
        found: dict[int, list[str]] = {}
        for post_id, name in db.execute(select(cls.post_id, User.name).join(cls.user).where(*theirs)):
            found.setdefault(post_id, []).append(name)
        return found

    @classmethod
    def sweep(cls, db: Session) -> None:
        """Forget what no page has told for a day."""
        db.execute(delete(cls).where(cls.seen_at < now() - timedelta(days=1)))


class OldSlug(Base):
    """An address that a post had once, and which leads to it still."""

    __tablename__ = "old_slugs"

    slug: Mapped[str] = mapped_column(exact(LONGEST_STORED), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)

    @classmethod
    def note(cls, db: Session, slug: str, post_id: int) -> None:
        """From now on this address leads to the post, wherever it led before; a post that has it now goes first."""
        db.execute(delete(cls).where(cls.slug == slug))
        db.add(cls(slug=slug, post_id=post_id))
        db.flush()


class PostMeta(Base):
    """What others note about a post under a name of theirs, kept for them and for the export."""

    __tablename__ = "post_meta"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(exact(255))
    value: Mapped[str] = mapped_column(long_text())

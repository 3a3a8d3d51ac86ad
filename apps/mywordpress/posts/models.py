"""Posts: drafts, publication, revision. A body's HTML is made when it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, and_, delete, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from apps.chassis.columns import exact, long_text, now
from apps.chassis.database import UtcDateTime
from apps.mywordpress.accounts.models import User
from apps.mywordpress.media.models import Picture
from apps.mywordpress.models import Base
from apps.mywordpress.posts.rendering import clean_text, picture_keys, render
from apps.mywordpress.posts.slugs import LONGEST_SLUG, numbered, slug_of

LONGEST_TITLE = 200
LONGEST_EXCERPT = 600
LONGEST_BODY = 200_000
SLUG_ATTEMPTS = 50


class EditConflict(Exception):
    """Somebody else saved this post since it was opened; `current` is what is stored now."""

    def __init__(self, current: "Post") -> None:
        super().__init__(f"version {current.version} is stored")
        self.current = current


class SlugTaken(Exception):
    """Every address that was tried belongs to another post."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an author writes. An empty slug is made of the title."""

    title: str
    body: str
    excerpt: str = ""
    slug: str = ""

    @classmethod
    def of(cls, title: str, body: str, excerpt: str = "", slug: str = "") -> "Content":
        """Content with cleaned text; the title is one line."""
        return cls(
            " ".join(clean_text(title).split()),
            clean_text(body),
            " ".join(clean_text(excerpt).split()),
            slug_of(slug) if slug.strip() else "",
        )


class Post(Base):
    """Something written. It has an address of its own from its first publication on, and keeps that."""

    __tablename__ = "posts"
    __table_args__ = (Index("ix_posts_published", "published", "published_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    slug: Mapped[str] = mapped_column(exact(LONGEST_SLUG), unique=True)
    excerpt: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(long_text())
    html: Mapped[str] = mapped_column(long_text())
    summary: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    version: Mapped[int]
    published: Mapped[bool]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[User] = relationship()
    picture: Mapped[Picture | None] = relationship()

    @classmethod
    def draft(cls, db: Session, author: User, content: Content) -> "Post":
        """Store a new draft, under the first free address made of its slug or title."""
        moment = now()
        post = cls(author_id=author.id, version=1, published=False, created_at=moment, updated_at=moment)
        shown = post._take_in(db, content)
        post._store_under_free_slug(db, content.slug or slug_of(content.title))
        post._note_pictures(db, shown)
        return post

    def revise(self, db: Session, content: Content, version: int) -> None:
        """Replace the content if `version` is still the stored one; raises EditConflict and changes nothing if not.

        Raises SlugTaken if the address that was asked for belongs to another post.
        """
        claimed = update(Post).where(Post.id == self.id, Post.version == version)
        # The row is locked from here to the commit, so whoever saves at the same time waits and then finds version + 1.
        if db.execute(claimed.values(version=version + 1)).rowcount != 1:  # type: ignore[attr-defined]
            raise EditConflict(self.current(db))
        db.refresh(self, with_for_update=True)
        shown = self._take_in(db, content)
        self.updated_at = now()
        self._store_under_slug(db, content.slug or self.slug)
        self._note_pictures(db, shown)

    def publish(self, db: Session) -> None:
        """Show it to readers. The date of the first publication stays, and with it the address."""
        moment = now()
        db.execute(update(Post).where(Post.id == self.id, Post.published_at.is_(None)).values(published_at=moment))
        db.execute(update(Post).where(Post.id == self.id).values(published=True))
        db.refresh(self)

    def unpublish(self, db: Session) -> None:
        """Make it a draft again, which readers do not see."""
        self.published = False
        db.flush()

    def delete(self, db: Session) -> None:
        """Delete it with its comments."""
        db.delete(self)
        db.flush()

    def render_again(self, db: Session) -> bool:
        """Bring the HTML up to what is known of its pictures now; answers False if an author saved meanwhile."""
        shown = Picture.with_keys(db, picture_keys(self.body))
        html = render(self.body, shown).html
        unchanged = update(Post).where(Post.id == self.id, Post.version == self.version)
        if db.execute(unchanged.values(html=html)).rowcount != 1:  # type: ignore[attr-defined]
            return False
        self._note_pictures(db, shown)
        return True

    def current(self, db: Session) -> "Post":
        """This post as it is stored now, whatever this transaction read before."""
        query = select(Post).where(Post.id == self.id).with_for_update()
        return db.scalars(query, execution_options={"populate_existing": True}).one()

    def may_be_changed_by(self, user: User) -> bool:
        return user.administers or user.id == self.author_id

    @property
    def path(self) -> str:
        """The permalink: month and name, as WordPress has it. A draft that was never published has none."""
        return f"/{self.published_at:%Y/%m}/{self.slug}/" if self.published_at else ""

    @classmethod
    def of_writer(cls, db: Session, user: User, *, before: int | None, limit: int) -> Sequence["Post"]:
        """What this user may change, newest first, from below the id `before`."""
        query = select(cls).options(selectinload(cls.author)).order_by(cls.id.desc()).limit(limit)
        query = query if user.administers else query.where(cls.author_id == user.id)
        return db.scalars(query if before is None else query.where(cls.id < before)).all()

    @classmethod
    def latest(cls, db: Session, *, before: tuple[datetime, int] | None = None, limit: int) -> Sequence["Post"]:
        """Published posts, newest first, from below the moment and id `before`, each with author and picture."""
        everything = selectinload(cls.picture).selectinload(Picture.renditions)
        query = select(cls).where(cls.published == true()).options(selectinload(cls.author), everything)
        if before is not None:
            moment, post_id = before
            query = query.where(or_(cls.published_at < moment, and_(cls.published_at == moment, cls.id < post_id)))
        return db.scalars(query.order_by(cls.published_at.desc(), cls.id.desc()).limit(limit)).all()

    @classmethod
    def with_slug(cls, db: Session, slug: str) -> "Post | None":
        """The published post at this address."""
        return db.scalar(select(cls).where(cls.slug == slug, cls.published == true()).options(selectinload(cls.author)))

    @classmethod
    def rendered_without_renditions(cls, db: Session, *, limit: int, picture_id: int | None = None) -> Sequence["Post"]:
        """Posts whose HTML was made before one of their pictures had its renditions."""
        late = PostPicture.complete.is_(False), Picture.renditions_made_at.is_not(None)
        found = select(PostPicture.post_id).join(Picture, Picture.id == PostPicture.picture_id).where(*late)
        if picture_id is not None:
            found = found.where(Picture.id == picture_id)
        return db.scalars(select(cls).where(cls.id.in_(found)).order_by(cls.id).limit(limit)).all()

    def _take_in(self, db: Session, content: Content) -> dict[str, Picture]:
        keys = picture_keys(content.body)
        shown = Picture.with_keys(db, keys)
        rendered = render(content.body, shown)
        self.title, self.body, self.excerpt = content.title, content.body, content.excerpt
        self.html, self.minutes = rendered.html, rendered.minutes
        self.summary = content.excerpt or rendered.summary
        # The first picture of a post is its cover.
        self.picture_id = next((shown[key].id for key in keys if key in shown), None)
        return shown

    def _note_pictures(self, db: Session, shown: dict[str, Picture]) -> None:
        db.execute(delete(PostPicture).where(PostPicture.post_id == self.id))
        rows = (PostPicture(self.id, picture.id, picture.renditions_made_at is not None) for picture in shown.values())
        db.add_all({row.picture_id: row for row in rows}.values())
        db.flush()

    def _store_under_free_slug(self, db: Session, slug: str) -> None:
        for number in range(1, SLUG_ATTEMPTS + 1):
            try:
                return self._store_under_slug(db, numbered(slug, number))
            except SlugTaken:
                continue
        raise SlugTaken(slug)

    def _store_under_slug(self, db: Session, slug: str) -> None:
        try:
            with db.begin_nested():
                self.slug = slug
                db.add(self)
        except IntegrityError:
            raise SlugTaken(slug) from None


class PostPicture(Base):
    """A picture that a post shows, and whether the post's HTML already knows the picture's renditions."""

    __tablename__ = "post_pictures"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id"), primary_key=True, index=True)
    complete: Mapped[bool]

    def __init__(self, post_id: int, picture_id: int, complete: bool) -> None:
        super().__init__(post_id=post_id, picture_id=picture_id, complete=complete)

"""Where a post is found: its slug, that nobody else has, its place among pages, and the addresses it had before."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count, islice

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, declared_attr, relationship

from apps.chassis.columns import now
from apps.mywordpress.posts.columns import Columns, Kind, State
from apps.mywordpress.posts.history import OldSlug
from apps.mywordpress.posts.slugs import OF_TRASH, is_reserved, numbered

SLUG_ATTEMPTS = 50
MOST_LEVELS = 20


def path_of_post(published_at: datetime, slug: str) -> str:
    """The permalink of a post that is no page: by its month and name."""
    return f"/{published_at.year:04}/{published_at.month:02}/{slug}/"


class SlugTaken(Exception):
    """Every address that was tried belongs to another post, or to something else of the site."""


class ImpossibleParent(ValueError):
    """What was to be the parent is no page, or stands below the page itself."""


class Addresses(Columns):
    """The part of a post that knows where it stands."""

    __abstract__ = True

    @declared_attr
    @classmethod
    def parent(cls) -> Mapped["Addresses | None"]:
        # By name, since the class that has this row is made of this one.
        return relationship("Post", remote_side="Post.id", foreign_keys="Post.parent_id")

    @property
    def path(self) -> str:
        """The permalink as WordPress has it: month and name of a post, the names from the top down of a page.

        What was never published has none.
        """
        if self.published_at is None:
            return ""
        if self.kind == Kind.PAGE:
            return "".join(f"/{page.slug}" for page in reversed(list(self.lineage()))) + "/"
        return path_of_post(self.published_at, self.slug)

    def lineage(self) -> "Iterator[Addresses]":
        """The page itself, its parent, and so on up, at most MOST_LEVELS of them."""
        page: Addresses | None = self
        for _ in range(MOST_LEVELS):
            if page is None:
                return
            yield page
            page = page.parent

    def stand_below(self, db: Session, parent_id: int | None) -> None:
        """Make it a child of that page, or of none; raises ImpossibleParent and changes nothing."""
        above = parent_id
        for _ in range(MOST_LEVELS):
            if above is None:
                self.parent_id = parent_id
                return
            # Locked, so that two pages that are put below each other at once do not both succeed.
            cls = type(self)
            row = db.execute(select(cls.kind, cls.parent_id).where(cls.id == above).with_for_update()).first()
            if row is None or row.kind != Kind.PAGE or above == self.id or self.kind != Kind.PAGE:
                break
            above = row.parent_id
        raise ImpossibleParent(parent_id)

    def store_under_free_slug(self, db: Session, slug: str) -> None:
        """Store it under the first free address made of this slug; raises SlugTaken if others are always faster."""
        for free in islice(self._free(db, slug), SLUG_ATTEMPTS):
            try:
                return self.store_under_slug(db, free)
            except SlugTaken:
                continue
        raise SlugTaken(slug)

    def _free(self, db: Session, slug: str) -> Iterator[str]:
        """The slug itself, and then with each number behind it that nobody else had a moment ago."""
        yield slug
        cls, stem = type(self), numbered(slug, 2)[:-1]
        others = select(cls.slug).where(cls.slug.startswith(stem, autoescape=True), cls.id != self.id)
        taken = set(db.scalars(others))
        yield from (tried for number in count(2) if (tried := numbered(slug, number)) not in taken)

    def store_under_slug(self, db: Session, slug: str) -> None:
        """Store it at this address, and let the one it had lead here if readers may know it; raises SlugTaken."""
        was = self.slug
        if is_reserved(slug, top_level=self.kind == Kind.PAGE and self.parent_id is None):
            raise SlugTaken(slug)
        try:
            with db.begin_nested():
                self.slug = slug
                db.add(self)
        except IntegrityError:
            cls = type(self)
            # A picture or parent that is gone is refused by the same error.
            if db.scalar(select(cls.id).where(cls.slug == slug)) is None:
                raise
            raise SlugTaken(slug) from None
        if was and was != slug and self._was_known(was):
            OldSlug.note(db, was, self.id)

    def _was_known(self, slug: str) -> bool:
        """Whether readers may have come to the post by this slug; what comes into the trash leads nowhere."""
        moves_trash = self.state == State.TRASH or OF_TRASH.search(slug)
        return not moves_trash and self.published_at is not None and self.published_at <= now()

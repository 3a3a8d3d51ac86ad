"""Users: who they are, what they may do, and how one goes."""

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Self

from sqlalchemy import String, Text, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact
from apps.chassis.identifiers import number
from apps.chassis.paging import Page, newest
from apps.chassis.people import ADMINISTRATOR, Person
from apps.chassis.slugs import slug_of
from apps.mywordpress.accounts.roles import CAPABILITIES
from apps.mywordpress.models import Base

MOST_LISTED = 200
LONGEST_SLUG = 60
LONGEST_BIOGRAPHY = 2_000
SLUG_ATTEMPTS = 5
# What addresses call somebody who has no name of their own there, so nobody else may be called so.
NUMBERED = re.compile(r"user-([0-9]{1,18})", re.ASCII)


def nicename_of(user_id: int, slug: str | None) -> str:
    """How addresses call the user of this number, who may have no name of their own there."""
    return slug or f"user-{user_id}"


class SlugTaken(Exception):
    """Somebody else has this name in addresses, or might get it."""


class LastAdministrator(Exception):
    """Nobody else could look after the site."""


class User(Person, Base):
    """Somebody who has an account here. Without a password yet, they have been invited and have not answered."""

    __tablename__ = "users"
    kind = "user"

    # The name in addresses and for programs that sign in; nobody has the same.
    slug: Mapped[str | None] = mapped_column(exact(LONGEST_SLUG), unique=True)
    url: Mapped[str] = mapped_column(String(500), server_default="")
    biography: Mapped[str | None] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(String(80), server_default="")
    last_name: Mapped[str] = mapped_column(String(80), server_default="")

    @classmethod
    def add(cls, db: Session, *, email: str, name: str, password_hash: str, role: str) -> Self:
        """As for all people, under the first free name in addresses that is made of theirs."""
        user = super().add(db, email=email, name=name, password_hash=password_hash, role=role)
        wished = slug_of(name, LONGEST_SLUG)
        for _ in range(SLUG_ATTEMPTS if wished else 0):
            try:
                user._store_slug(db, cls._free_slug(db, wished))
                break
            except SlugTaken:
                continue
        return user

    @classmethod
    def with_nicename(cls, db: Session, nicename: str) -> "User | None":
        """Who is called so in addresses."""
        numbered = NUMBERED.fullmatch(nicename)
        if numbered:
            return db.scalar(select(cls).where(cls.id == number(numbered[1]), cls.slug.is_(None)))
        return db.scalar(select(cls).where(cls.slug == nicename))

    @classmethod
    def named(cls, db: Session, name: str) -> "User | None":
        """Who signs in by this e-mail address or name in addresses."""
        return cls.with_email(db, name) if "@" in name else cls.with_nicename(db, name.strip())

    @classmethod
    def everybody(cls, db: Session) -> Sequence["User"]:
        """All users by name, at most MOST_LISTED."""
        return db.scalars(select(cls).order_by(cls.name, cls.id).limit(MOST_LISTED)).all()

    @classmethod
    def search(cls, db: Session, text: str = "", role: str = "", before: int | None = None) -> Page["User"]:
        """Users whose name, address or name in addresses has this text, and this role, newest first."""
        found = select(cls)
        if text:
            places = (cls.name, cls.email, cls.slug, cls.first_name, cls.last_name)
            found = found.where(or_(*(place.icontains(text, autoescape=True) for place in places)))
        return newest(db, found.where(cls.role == role) if role else found, cls.id, before)

    @classmethod
    def counts(cls, db: Session) -> Mapping[str, int]:
        """How many have each role."""
        return dict(db.execute(select(cls.role, func.count()).group_by(cls.role)).all())

    def can(self, capability: str) -> bool:
        """Whether the user's role has this capability, named as WordPress does: `edit_others_posts`."""
        return capability in CAPABILITIES.get(self.role, frozenset())

    @property
    def nicename(self) -> str:
        """The name in addresses, also of whoever has not got one yet."""
        return nicename_of(self.id, self.slug)

    @property
    def is_invited(self) -> bool:
        """Whether they have yet to choose a password."""
        return not self.password_hash

    def call(self, db: Session, nicename: str) -> None:
        """Be called so in addresses; raises SlugTaken and changes nothing if somebody else is, or it is no name."""
        wished = slug_of(nicename, LONGEST_SLUG)
        if not wished or NUMBERED.fullmatch(wished):
            raise SlugTaken(nicename)
        if wished != self.slug:
            self._store_slug(db, wished)

    def appoint_as(self, db: Session, role: str) -> None:
        """Have this role from now on; raises LastAdministrator and changes nothing."""
        if role != ADMINISTRATOR:
            self.leave_administration(db)
        db.execute(update(User).where(User.id == self.id).values(role=role))
        db.refresh(self)

    def leave_administration(self, db: Session) -> None:
        """Make sure, up to the commit, that somebody else looks after the site; raises LastAdministrator."""
        # All rows are held, always in the same order: of two who leave at once, the second one sees the first gone.
        able = select(User.id).where(User.role == ADMINISTRATOR, User.password_hash != "").order_by(User.id)
        if db.scalars(able.with_for_update()).all() == [self.id]:
            raise LastAdministrator(self.email)

    @classmethod
    def _free_slug(cls, db: Session, wished: str) -> str:
        taken = set(db.scalars(select(cls.slug).where(cls.slug.startswith(wished, autoescape=True))))
        tried = (wished if n == 1 else f"{wished[: LONGEST_SLUG - 7]}-{n}" for n in count(1))
        return next(slug for slug in tried if slug not in taken and not NUMBERED.fullmatch(slug))

    def _store_slug(self, db: Session, slug: str) -> None:
        try:
            with db.begin_nested():
                self.slug = slug
                db.flush()
        except IntegrityError:
            raise SlugTaken(slug) from None

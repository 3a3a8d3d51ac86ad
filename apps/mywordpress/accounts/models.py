"""Users and their roles."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis.people import ADMINISTRATOR, Person
from apps.mywordpress.models import Base

MOST_LISTED = 200


class Role(StrEnum):
    """What a user may do: an author writes, an administrator also looks after everybody's posts and the authors."""

    AUTHOR = "author"
    ADMINISTRATOR = ADMINISTRATOR


class User(Person, Base):
    """Somebody who writes here."""

    __tablename__ = "users"
    kind = "user"

    @classmethod
    def everybody(cls, db: Session) -> Sequence["User"]:
        """All users by name, at most MOST_LISTED."""
        return db.scalars(select(cls).order_by(cls.name, cls.id).limit(MOST_LISTED)).all()

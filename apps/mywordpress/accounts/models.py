"""Users, their roles and passwords."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.database import UtcDateTime
from apps.mywordpress.models import Base, exact, now

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
LONGEST_EMAIL = 254
SHORTEST_PASSWORD = 12
MOST_LISTED = 200


class Role(StrEnum):
    """What a user may do: an author writes, an administrator also looks after everybody's posts and the authors."""

    AUTHOR = "author"
    ADMINISTRATOR = "administrator"


class EmailTaken(Exception):
    """Another user has this address."""


class User(Base):
    """Somebody who writes here."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(exact(LONGEST_EMAIL), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20))
    sessions_valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def add(cls, db: Session, email: str, name: str, password_hash: str, role: Role) -> "User":
        """Store a new user; raises EmailTaken and stores nothing if the address is in use."""
        moment = now()
        user = cls(
            email=normal_email(email),
            name=name,
            password_hash=password_hash,
            role=role,
            sessions_valid_from=moment,
            created_at=moment,
        )
        try:
            with db.begin_nested():
                db.add(user)
        except IntegrityError:
            raise EmailTaken(user.email) from None
        return user

    @classmethod
    def appoint(cls, db: Session, email: str, password_hash: str) -> "User":
        """The user of this address as an administrator with this password; made if nobody has the address."""
        user = cls.with_email(db, email)
        if user is None:
            return cls.add(db, email, normal_email(email).partition("@")[0], password_hash, Role.ADMINISTRATOR)
        user.role = Role.ADMINISTRATOR
        user.change_password(password_hash)
        return user

    @classmethod
    def everybody(cls, db: Session) -> Sequence["User"]:
        """All users by name, at most MOST_LISTED."""
        return db.scalars(select(cls).order_by(cls.name, cls.id).limit(MOST_LISTED)).all()

    @classmethod
    def with_email(cls, db: Session, email: str) -> "User | None":
        return db.scalar(select(cls).where(cls.email == normal_email(email)))

    @classmethod
    def of_session(cls, db: Session, user_id: int, signed_in_at: float) -> "User | None":
        """The user of a session that was signed in at `signed_in_at` (Unix time), unless they all ended since."""
        user = db.get(cls, user_id)
        return user if user and signed_in_at >= user.sessions_valid_from.timestamp() else None

    @property
    def owner(self) -> str:
        """The name under which this user's sessions can be revoked."""
        return f"user:{self.id}"

    @property
    def administers(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    def signed_in_at(self) -> float:
        """The moment to note in a new session.

        Never before `sessions_valid_from`, which another instance with a faster clock may have set.
        """
        return max(now(), self.sessions_valid_from).timestamp()

    def end_sessions(self) -> None:
        """From now on no session that exists is this user's."""
        self.sessions_valid_from = max(now(), self.sessions_valid_from)

    def change_password(self, password_hash: str) -> None:
        """A new password ends all sessions, since the old one may be known to somebody else."""
        self.password_hash = password_hash
        self.end_sessions()


def normal_email(email: str) -> str:
    """The one spelling under which an address is kept and looked up."""
    return email.strip().casefold()

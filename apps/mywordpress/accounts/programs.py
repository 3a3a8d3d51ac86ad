"""Passwords of programs: WordPress's application passwords.

Each is random, so a fast hash keeps it as well as a slow one; keyed, so that a stolen database alone tests no guess.
"""

import hmac
import secrets
import string
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.people import LONGEST_EMAIL
from apps.chassis.settings import Settings
from apps.mywordpress.accounts.models import User
from apps.mywordpress.models import Base

LETTERS = string.ascii_letters + string.digits
LENGTH, GROUP = 24, 4
LONGEST_NAME = 100
MOST_EACH = 50


class TooManyPrograms(Exception):
    """One user has only so many passwords for programs."""


class WrongProgram(Exception):
    """These are no name and application password that belong together."""


class ApplicationPassword(Base):
    """A password for one program of a user's. It ends with its user."""

    __tablename__ = "application_passwords"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    uuid: Mapped[str] = mapped_column(exact(36), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    hash: Mapped[str] = mapped_column(exact(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_address: Mapped[str] = mapped_column(exact(45))

    @classmethod
    def issue(cls, db: Session, settings: Settings, user: User, name: str) -> "tuple[ApplicationPassword, str]":
        """A new one for this user, and the password itself in groups, which nobody can tell afterwards.

        Raises TooManyPrograms.
        """
        if len(cls.of(db, user)) >= MOST_EACH:
            raise TooManyPrograms
        password = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        issued = cls(user_id=user.id, uuid=str(uuid.uuid4()), name=name, created_at=now(), last_address="")
        issued.hash = hashes(settings, password)[0]
        db.add(issued)
        db.flush()
        return issued, " ".join(password[at : at + GROUP] for at in range(0, LENGTH, GROUP))

    @classmethod
    def of(cls, db: Session, user: User) -> "Sequence[ApplicationPassword]":
        """The user's, oldest first."""
        return db.scalars(select(cls).where(cls.user_id == user.id).order_by(cls.id)).all()

    @classmethod
    def with_uuid(cls, db: Session, uuid: str) -> "ApplicationPassword | None":
        return db.scalar(select(cls).where(cls.uuid == uuid))

    @classmethod
    def known(cls, db: Session, settings: Settings, name: str, password: str) -> "Visit":
        """Whose these are: an e-mail address or a name in addresses, and a password of theirs. Raises WrongProgram.

        Spaces in the password mean nothing, as it is shown in groups.
        """
        bare = "".join(password.split())
        if len(bare) != LENGTH or not bare.isascii() or len(name) > LONGEST_EMAIL:
            raise WrongProgram
        user = User.named(db, name)
        hashed = hashes(settings, bare)
        found = db.scalar(select(cls).where(cls.hash.in_(hashed)))
        if user is None or found is None or found.user_id != user.id:
            raise WrongProgram
        return Visit(user, found, hashed[0])

    def note_use(self, db: Session, moment: datetime, address: str, hash: str) -> None:
        """Remember when it was last used, and from where; from now on it is kept as this hash."""
        used = update(ApplicationPassword).where(ApplicationPassword.id == self.id)
        db.execute(used.values(last_used_at=moment, last_address=address[:45], hash=hash))

    def revoke(self, db: Session) -> None:
        """From now on it opens nothing."""
        db.delete(self)
        db.flush()


@dataclass(frozen=True, slots=True)
class Visit:
    """A program that has shown to be its user's, and its password's hash under the key of now."""

    user: User
    program: ApplicationPassword
    hash: str


def hashes(settings: Settings, password: str) -> list[str]:
    """What may be kept of this password: under the key of now, then under those before it."""
    message = b"application password: " + password.encode()
    return [hmac.new(key.encode(), message, sha256).hexdigest() for key in settings.secret_keys]

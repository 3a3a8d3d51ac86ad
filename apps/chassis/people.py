"""People with an account: the columns and verbs that the accounts of all sites have in common."""

import re
from datetime import datetime
from typing import ClassVar, Self

from sqlalchemy import String, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime

# As browsers have it, in ASCII alone: of brackets, commas or quotes a mail's header would make other recipients or
# none, and letters that grow when folded would outgrow their column.
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{LABEL}(\.{LABEL})+", re.ASCII)
LONGEST_EMAIL = 254
LONGEST_NAME = 80
ADMINISTRATOR = "administrator"


class EmailTaken(Exception):
    """Somebody else has this address."""


class Person:
    """Somebody with an account; a site's own model inherits it beside its Base: `class Customer(Person, Base)`."""

    # What the session store calls the owner of this kind's sessions.
    kind: ClassVar[str]

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(exact(LONGEST_EMAIL), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20))
    # Of the mails to this person; empty for the site's own.
    language: Mapped[str] = mapped_column(String(5), server_default="")
    sessions_valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def add(cls, db: Session, *, email: str, name: str, password_hash: str, role: str) -> Self:
        """Keep a new person; raises EmailTaken, and keeps nothing, if the address has an account."""
        moment = now()
        person = cls()
        person.email, person.name = normal_email(email), name.strip()
        person.password_hash, person.role = password_hash, role
        person.sessions_valid_from = person.created_at = moment
        try:
            with db.begin_nested():
                db.add(person)
        except IntegrityError:
            raise EmailTaken(person.email) from None
        return person

    @classmethod
    def appoint(cls, db: Session, email: str, password_hash: str) -> Self:
        """Whoever has this address as an administrator with this password; made if nobody has it."""
        person = cls.with_email(db, email)
        if person is None:
            name = normal_email(email).partition("@")[0]
            return cls.add(db, email=email, name=name, password_hash=password_hash, role=ADMINISTRATOR)
        person.role = ADMINISTRATOR
        person.change_password(password_hash)
        return person

    @classmethod
    def with_email(cls, db: Session, email: str) -> Self | None:
        """Who has this address."""
        return db.scalar(select(cls).where(cls.email == normal_email(email)))

    @classmethod
    def of_session(cls, db: Session, person_id: int, signed_in_at: float) -> Self | None:
        """Who signed in at that moment (Unix time), unless their sessions have ended since."""
        person = db.get(cls, person_id)
        return person if person and signed_in_at >= person.sessions_valid_from.timestamp() else None

    @property
    def owner(self) -> str:
        """The name under which the session store finds all sessions of this person."""
        return f"{self.kind}:{self.id}"

    @property
    def administers(self) -> bool:
        """Whether this person looks after the site."""
        return self.role == ADMINISTRATOR

    def signed_in_at(self) -> float:
        """The moment to note in a new session.

        Never before `sessions_valid_from`, which an instance with a faster clock may have set.
        """
        return max(now(), self.sessions_valid_from).timestamp()

    def replace_password(self, db: Session, password_hash: str) -> bool:
        """A new password in place of the one read before; False if it is another by now. It ends all sessions."""
        kind, moment = type(self), max(now(), self.sessions_valid_from)
        unchanged = update(kind).where(kind.id == self.id, kind.password_hash == self.password_hash)
        replaced = db.execute(unchanged.values(password_hash=password_hash, sessions_valid_from=moment))
        assert isinstance(replaced, CursorResult)
        return replaced.rowcount == 1

    def move_to(self, db: Session, email: str) -> None:
        """Have another address, which has been confirmed; raises EmailTaken, and nothing is changed."""
        try:
            with db.begin_nested():
                self.email = normal_email(email)
                db.flush()
        except IntegrityError:
            raise EmailTaken(email) from None

    def change_password(self, password_hash: str) -> None:
        """A new password ends all sessions, since the old one may be known to somebody else."""
        self.password_hash = password_hash
        self.end_sessions()

    def end_sessions(self) -> None:
        """From now on no session that exists is this person's, not even one kept in a cookie."""
        self.sessions_valid_from = max(now(), self.sessions_valid_from)


def normal_email(email: str) -> str:
    """The one spelling under which an address is kept and looked up."""
    return email.strip().casefold()


def is_email(text: str) -> bool:
    """Whether mail could be addressed to this; only an answer from there would prove it."""
    return len(text.strip()) <= LONGEST_EMAIL and EMAIL.fullmatch(text.strip()) is not None

"""Customers, their roles and passwords."""

import re
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis import passwords
from apps.chassis.database import UtcDateTime
from apps.myclothes.models import Base, exact, now

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
LONGEST_EMAIL = 254
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200


class Role(StrEnum):
    """A customer buys; an administrator also looks after the shop."""

    CUSTOMER = "customer"
    ADMINISTRATOR = "administrator"


class EmailTaken(Exception):
    """Another customer has this address."""


class Customer(Base):
    """Somebody with an account."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(exact(LONGEST_EMAIL), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20))
    sessions_valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def sign_up(cls, db: Session, *, email: str, name: str, password: str, role: Role = Role.CUSTOMER) -> "Customer":
        """Keep a new customer; raises EmailTaken, and keeps nothing, if the address has an account."""
        moment = now()
        customer = cls(
            email=normal_email(email),
            name=name.strip(),
            password_hash=passwords.hash(password),
            role=role,
            sessions_valid_from=moment,
            created_at=moment,
        )
        try:
            with db.begin_nested():
                db.add(customer)
        except IntegrityError:
            raise EmailTaken(customer.email) from None
        return customer

    @classmethod
    def appoint(cls, db: Session, email: str, password: str) -> "Customer":
        """Make an administrator of whoever has this address, by this password from now on."""
        password_hash = passwords.hash(password)
        customer = cls.with_email(db, email)
        if customer is None:
            return cls.sign_up(db, email=email, name="Administrator", password=password, role=Role.ADMINISTRATOR)
        customer.role, customer.password_hash = Role.ADMINISTRATOR, password_hash
        customer.end_sessions()
        return customer

    @classmethod
    def with_email(cls, db: Session, email: str) -> "Customer | None":
        return db.scalar(select(cls).where(cls.email == normal_email(email)))

    @classmethod
    def password_of(cls, db: Session, email: str) -> str | None:
        """The hash of this address's password; None if it has no account."""
        return db.scalar(select(cls.password_hash).where(cls.email == normal_email(email)))

    @classmethod
    def of_session(cls, db: Session, customer_id: int, signed_in_at: float) -> "Customer | None":
        """The customer who signed in at that moment (Unix time), unless signed out everywhere since then."""
        customer = db.get(cls, customer_id)
        return customer if customer and signed_in_at >= customer.sessions_valid_from.timestamp() else None

    @property
    def owner(self) -> str:
        """The name under which the session store finds all sessions of this customer."""
        return f"customer:{self.id}"

    @property
    def administers(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    def signed_in_at(self) -> float:
        """The moment to note in a new session.

        Never before `sessions_valid_from`, which an instance with a faster clock may have set.
        """
        return max(now(), self.sessions_valid_from).timestamp()

    def end_sessions(self) -> None:
        """From now on no session that exists is this customer's, not even one kept in a cookie."""
        self.sessions_valid_from = max(now(), self.sessions_valid_from)


def normal_email(email: str) -> str:
    """The one spelling under which an address is kept and looked up."""
    return email.strip().casefold()


def is_email(text: str) -> bool:
    """Whether mail could be addressed to this; only an answer from there would prove it."""
    return len(text.strip()) <= LONGEST_EMAIL and EMAIL.fullmatch(text.strip()) is not None

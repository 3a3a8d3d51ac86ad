"""Customers and their roles."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.people import ADMINISTRATOR, Person
from apps.myclothes.models import Base


class Role(StrEnum):
    """A customer buys; a clerk packs and refunds; a manager also keeps the catalogue; an administrator, all."""

    CUSTOMER = "customer"
    CLERK = "clerk"
    MANAGER = "manager"
    ADMINISTRATOR = ADMINISTRATOR

    def includes(self, least: "Role") -> bool:
        """Whether this role may do what `least` may: each may do what those before it may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(least)


class Customer(Person, Base):
    """Somebody with an account."""

    __tablename__ = "customers"
    kind = "customer"

    language: Mapped[str] = mapped_column(String(5), server_default="en")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The second factor: its secret as encrypted text, and the last step of time whose code was used.
    totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_step: Mapped[int] = mapped_column(server_default="0")
    # Hashes of the codes that help whoever has lost that device, each good once.
    recovery_codes: Mapped[str] = mapped_column(exact(400), server_default="")

    @classmethod
    def of_session(cls, db: Session, person_id: int, signed_in_at: float) -> Self | None:
        """As for all people; but nobody is who has had their account erased."""
        customer = super().of_session(db, person_id, signed_in_at)
        return customer if customer and customer.erased_at is None else None

    @property
    def is_staff(self) -> bool:
        """Whether this person looks after the shop in any role."""
        return self.may(Role.CLERK)

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in takes a code beside the password."""
        return self.totp_secret is not None

    def may(self, least: Role) -> bool:
        """Whether this person may do what that role may."""
        return Role(self.role).includes(least)

    @classmethod
    def appoint(cls, db: Session, email: str, password_hash: str) -> Self:
        """As for all people. Whoever runs the shop's commands also helps those who have lost their second factor."""
        customer = super().appoint(db, email, password_hash)
        customer.totp_secret, customer.recovery_codes = None, ""
        return customer

    def confirm(self, db: Session) -> None:
        """Note that mail to the address reaches this person, unless that is known already."""
        unconfirmed = update(Customer).where(Customer.id == self.id, Customer.confirmed_at.is_(None))
        db.execute(unconfirmed.values(confirmed_at=now()))

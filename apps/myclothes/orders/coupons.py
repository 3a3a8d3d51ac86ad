"""Coupons, and how often each was used."""

from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, String, Table, and_, insert, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql import Executable

from apps.chassis.columns import exact
from apps.chassis.database import UtcDateTime
from apps.chassis.languages import later
from apps.chassis.people import LONGEST_EMAIL, normal_email
from apps.myclothes.models import Base

LONGEST_CODE = 40


class Kind(StrEnum):
    """What a coupon's amount is: per cent of the goods, or cents."""

    PERCENT = "percent"
    FIXED = "fixed"


class Refusal(StrEnum):
    """Why a coupon does not count, in words for the customer."""

    UNKNOWN = later("We do not know this code.")
    EARLY = later("This code is not valid yet.")
    OVER = later("This code is not valid any more.")
    SMALL = later("This code is for larger orders.")
    USED_UP = later("This code has been used as often as it may be.")
    USED_BY_YOU = later("You have used this code as often as one may.")


class CouponRefused(Exception):
    """The code that was entered takes nothing off this order."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Coupon(Base):
    """So much off the goods, for whoever knows the code; no limit where there is no number."""

    __tablename__ = "coupons"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"), CheckConstraint("used >= 0", name="used"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(exact(LONGEST_CODE), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int]
    minimum_cents: Mapped[int]
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    most_uses: Mapped[int | None]
    most_uses_each: Mapped[int | None]
    used: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @classmethod
    def with_code(cls, db: Session, code: str) -> "Coupon":
        """The coupon of this code, however it is spelt; raises CouponRefused if there is none."""
        spelt = normal_code(code)
        coupon = db.scalar(select(cls).where(cls.code == spelt)) if 0 < len(spelt) <= LONGEST_CODE else None
        if coupon is None:
            raise CouponRefused(Refusal.UNKNOWN)
        return coupon

    def check(self, goods_cents: int, moment: datetime) -> None:
        """Raise CouponRefused unless it counts now for goods of this worth, as far as can be told without using it."""
        refusal = self._refusal(goods_cents, moment)
        if refusal is not None:
            raise CouponRefused(refusal)

    def discount(self, goods_cents: int) -> int:
        """What it takes off these goods: never more than they cost; per cent to the nearest cent, half a cent up."""
        off = self.amount if self.kind == Kind.FIXED else (goods_cents * self.amount + 50) // 100
        return min(off, goods_cents)

    def use(self, db: Session, email: str, moment: datetime) -> None:
        """Count one use under this address, or raise CouponRefused; then the transaction must be rolled back.

        The limits hold however many use it at once: the row stays locked until the commit.
        """
        usable = and_(
            Coupon.id == self.id,
            Coupon.withdrawn_at.is_(None),
            or_(Coupon.ends_at.is_(None), Coupon.ends_at > moment),
            or_(Coupon.most_uses.is_(None), Coupon.used < Coupon.most_uses),
        )
        if not _changed_one(db, update(Coupon).where(usable).values(used=Coupon.used + 1)):
            raise CouponRefused(Refusal.USED_UP)
        if not CouponCustomer.count(db, self.id, email, self.most_uses_each):
            raise CouponRefused(Refusal.USED_BY_YOU)

    @classmethod
    def give_back(cls, db: Session, coupon_id: int, email: str) -> None:
        """Take back one use; by whoever ended the order that used it, once, in the same transaction."""
        _changed_one(db, update(cls).where(cls.id == coupon_id, cls.used > 0).values(used=cls.used - 1))
        CouponCustomer.uncount(db, coupon_id, email)

    def _refusal(self, goods_cents: int, moment: datetime) -> Refusal | None:
        reasons = (
            (self.starts_at is not None and moment < self.starts_at, Refusal.EARLY),
            (self.withdrawn_at is not None, Refusal.OVER),
            (self.ends_at is not None and self.ends_at <= moment, Refusal.OVER),
            (self.most_uses is not None and self.used >= self.most_uses, Refusal.USED_UP),
            (goods_cents < self.minimum_cents, Refusal.SMALL),
        )
        return next((refusal for holds, refusal in reasons if holds), None)


class CouponCustomer(Base):
    """How often a coupon was used under one address."""

    __tablename__ = "coupon_customers"

    coupon_id: Mapped[int] = mapped_column(ForeignKey("coupons.id"), primary_key=True)
    email: Mapped[str] = mapped_column(exact(LONGEST_EMAIL), primary_key=True)
    used: Mapped[int]

    @classmethod
    def count(cls, db: Session, coupon_id: int, email: str, most: int | None) -> bool:
        """Count a use, if there are not `most` already; to be called with the coupon's row locked."""
        address = normal_email(email)
        # Inserted without looking first: looking for a row that is not there would lock the gap between two.
        unless_known = insert(cast(Table, cls.__table__)).prefix_with("OR IGNORE", dialect="sqlite")
        for dialect in ("mysql", "mariadb"):
            unless_known = unless_known.prefix_with("IGNORE", dialect=dialect)
        db.connection().execute(unless_known, {"coupon_id": coupon_id, "email": address, "used": 0})
        ours = update(cls).where(cls.coupon_id == coupon_id, cls.email == address)
        return _changed_one(db, (ours if most is None else ours.where(cls.used < most)).values(used=cls.used + 1))

    @classmethod
    def uncount(cls, db: Session, coupon_id: int, email: str) -> None:
        ours = update(cls).where(cls.coupon_id == coupon_id, cls.email == normal_email(email), cls.used > 0)
        _changed_one(db, ours.values(used=cls.used - 1))


def normal_code(code: str) -> str:
    """The one spelling of a code: upper case, without spaces."""
    return "".join(code.split()).upper()


def _changed_one(db: Session, statement: Executable) -> bool:
    changed = db.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(changed, CursorResult)
    return changed.rowcount == 1

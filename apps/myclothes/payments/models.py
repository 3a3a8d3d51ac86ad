"""Payments and refunds as the shop knows them. The gateway knows each by our key, however often we ask."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, String, and_, select
from sqlalchemy.orm import Mapped, mapped_column

from apps.chassis.columns import exact
from apps.chassis.database import UtcDateTime
from apps.chassis.people import LONGEST_EMAIL
from apps.myclothes.models import Base


class Outcome(StrEnum):
    """What became of a payment or a refund; one that is unknown is asked about again."""

    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    # Money for an order that was paid already or has ended meanwhile; it goes back by itself.
    SURPLUS = "surplus"
    DECLINED = "declined"


class Payment(Base):
    """One try to pay an order."""

    __tablename__ = "payments"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    key: Mapped[str] = mapped_column(exact(64), unique=True)
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    outcome: Mapped[str] = mapped_column(String(20), index=True)
    # The gateway's name for it, once we know that.
    reference: Mapped[str | None] = mapped_column(exact(64), unique=True)
    reason: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Refund(Base):
    """Money that goes back; owed from the moment this row is committed."""

    __tablename__ = "refunds"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    key: Mapped[str] = mapped_column(exact(64), unique=True)
    amount_cents: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    outcome: Mapped[str] = mapped_column(String(20), index=True)
    reference: Mapped[str | None] = mapped_column(exact(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @classmethod
    def of_sales(cls) -> ColumnElement[bool]:
        """Whether it has gone back, and of what an order was paid with: a surplus never counted as sold."""
        sold = select(Payment.id).where(Payment.outcome == Outcome.SUCCEEDED)
        return and_(cls.outcome == Outcome.SUCCEEDED, cls.payment_id.in_(sold))

"""What happened to an order, in the order in which it happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, String, Table, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import now
from apps.chassis.database import UtcDateTime
from apps.chassis.people import LONGEST_EMAIL
from apps.chassis.statements import Prepared
from apps.myclothes.models import Base

LONGEST_NOTE = 200


class OrderEvent(Base):
    """One change of an order, written in the transaction that made it."""

    __tablename__ = "order_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    # Empty for what the shop does by itself.
    actor: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def record(cls, db: Session, order_id: int, state: str, note: str = "", actor: str = "") -> None:
        """Note that the order is in this state now, or what else happened to it there."""
        row = {"order_id": order_id, "state": str(state), "note": note[:LONGEST_NOTE], "actor": actor, "at": now()}
        _recorded.run(db.connection(), row)

    @classmethod
    def of(cls, db: Session, order_id: int) -> Sequence["OrderEvent"]:
        """All that happened to an order, from the beginning on."""
        return db.scalars(select(cls).where(cls.order_id == order_id).order_by(cls.id)).all()


# Made once: each order waits for this.
_recorded = Prepared(insert(cast(Table, OrderEvent.__table__)), "order_id", "state", "note", "actor", "at")

"""Who changed what in the shop, kept for as long as the shop is."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.people import LONGEST_EMAIL
from apps.myclothes.accounts.models import Customer
from apps.myclothes.models import Base

LONGEST_SUBJECT = 120


class AuditEntry(Base):
    """One change by somebody who looks after the shop, written in the same transaction as the change."""

    __tablename__ = "audits"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    actor: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    # A verb of ours, such as `order.pack`, and what it was done to.
    action: Mapped[str] = mapped_column(exact(60))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    detail: Mapped[str] = mapped_column(Text)
    remote_address: Mapped[str] = mapped_column(String(45))

    @property
    def details(self) -> Mapping[str, Any]:
        """What was noted beside the action, by name."""
        found: Mapping[str, Any] = json.loads(self.detail)
        return found


def record(db: Session, actor: Customer, action: str, subject: str, *, address: str = "", **detail: Any) -> None:
    """Note that `actor` did `action` ("order.pack") to `subject` (a number, a SKU, a code); details are JSON values.

    To be called in the transaction that does it. `address` is where the request came from.
    """
    db.add(
        AuditEntry(
            at=now(),
            actor_id=actor.id,
            actor=actor.email,
            action=action,
            subject=subject[:LONGEST_SUBJECT],
            detail=json.dumps(detail, ensure_ascii=False, default=str),
            remote_address=address[:45],
        )
    )

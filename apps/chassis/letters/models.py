"""One row per letter, written in the transaction that gives cause for it: a crash cannot lose what is owed."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import String, Text, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.jobs import enqueue
from apps.chassis.people import LONGEST_EMAIL

# What addresses end in that nobody can have; they stand in for those of people whom a site has forgotten.
NOWHERE = ".invalid"


class OwedLetter:
    """One mail of a kind about one thing. It is missing until `sent_at` or `refused_at` tell its outcome.

    A site's own model inherits it beside its Base: `class Letter(OwedLetter, Base)`.
    """

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(exact(30))
    # What it is about in its kind's own words, such as the number of an order.
    about: Mapped[str] = mapped_column(exact(80))
    recipient: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    language: Mapped[str] = mapped_column(String(5))
    # JSON; what cannot be looked up again when the letter is written.
    facts: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr.directive
    def __table_args__(cls) -> Any:  # noqa: N805
        return (UniqueConstraint("kind", "about"),)

    @classmethod
    def owe(cls, db: Session, kind: str, about: str, recipient: str, language: str, **facts: Any) -> Self:
        """Owe somebody the letter of this kind about this thing, or find it owed already; it is sent after the commit.

        The facts are JSON values for its writer; what the database knows for good need not be among them.
        """
        letter = cls()
        letter.kind, letter.about, letter.recipient, letter.language = kind, about, recipient, language
        letter.created_at, letter.facts = now(), json.dumps(facts, allow_nan=False)
        try:
            with db.begin_nested():
                db.add(letter)
        except IntegrityError:
            # A locking read: what another transaction has just committed is not in this one's snapshot.
            known = select(cls).where(cls.kind == kind, cls.about == about).with_for_update(read=True)
            return db.scalars(known).one()
        enqueue("send_letter", letter_id=letter.id)
        return letter

    def fact(self, name: str) -> Any:
        """What was noted under this name when the letter was owed; None if nothing was."""
        return json.loads(self.facts).get(name)

    @classmethod
    def forget(cls, db: Session, kinds: Collection[str], age: timedelta) -> None:
        """Forget letters of these kinds, and with them to whom they went; once owed again they are written again."""
        db.execute(delete(cls).where(cls.kind.in_(kinds), cls.created_at < now() - age))

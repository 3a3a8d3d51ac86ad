"""How somebody goes, and what becomes of what is theirs. Each reference to a user says so by itself:

one that cascades goes with them, one that may be empty stays without them, any other is handed to somebody else.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import Column, Table, func, select, update
from sqlalchemy.orm import Session

from apps.mywordpress.accounts.models import User
from apps.mywordpress.models import Base


def left_behind(db: Session, user: User) -> Mapping[str, int]:
    """How many rows of each table somebody else has to take over."""
    counted = {
        table.name: db.scalar(select(func.count()).where(column == user.id)) or 0
        for table, column in _references()
        if not column.nullable
    }
    return {name: number for name, number in counted.items() if number}


def depart(db: Session, user: User, heir: User) -> None:
    """Delete the user's account for good and hand what they made to `heir`; raises LastAdministrator."""
    user.leave_administration(db)
    # Held from here on, so that nothing more can become theirs.
    db.refresh(user, with_for_update=True)
    for table, column in _references():
        value = None if column.nullable else heir.id
        db.execute(update(table).where(column == user.id).values({column: value}))
    db.expire_all()
    db.delete(user)
    db.flush()


def _references() -> "Iterator[tuple[Table, Column[int]]]":
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == User.__tablename__ and key.ondelete != "CASCADE":
                yield table, key.parent

"""Every movement of stock and its cause. What a variant has is the sum of its movements, always."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ForeignKey,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.people import LONGEST_EMAIL
from apps.chassis.statements import Prepared
from apps.myclothes.catalog.models import OutOfStock, Variant
from apps.myclothes.models import Base

LONGEST_NOTE = 200


class Cause(StrEnum):
    """Why stock moved; with its reference it names one movement of a variant, which cannot happen twice."""

    OPENING = "opening"
    IMPORT = "import"
    COUNT = "count"
    ORDER = "order"
    CANCELLATION = "cancellation"
    RETURN = "return"


class StockMovement(Base):
    """So many pieces of a variant came (or, below zero, went)."""

    __tablename__ = "stock_movements"
    __table_args__ = (UniqueConstraint("variant_id", "cause", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    quantity: Mapped[int]
    cause: Mapped[str] = mapped_column(exact(20))
    reference: Mapped[str] = mapped_column(exact(64))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    actor: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Discrepancy(NamedTuple):
    """A variant whose stock is not what its movements say: somebody wrote past the ledger."""

    variant_id: int
    sku: str
    stock: int
    booked: int


# Tables instead of classes: this is the hottest write of the shop, and objects in memory are left alone by it anyway.
_variants = cast(Table, Variant.__table__)
_moved = Prepared(
    insert(cast(Table, StockMovement.__table__)),
    *("variant_id", "quantity", "cause", "reference", "note", "actor", "moved_at"),
)
_this = _variants.c.id == bindparam("variant")
_pieces = bindparam("pieces", type_=_variants.c.stock.type)
_more = Prepared(update(_variants).where(_this).values(stock=_variants.c.stock + _pieces))
_less = Prepared(update(_variants).where(_this, _variants.c.stock >= _pieces).values(stock=_variants.c.stock - _pieces))


def take(db: Session, wanted: Mapping[Variant, int], reference: str) -> None:
    """Take so many pieces of each variant for the order `reference`, or raise OutOfStock naming the first that lacks.

    After OutOfStock the transaction must be rolled back: the variants before that one are taken in it.
    """
    if any(pieces <= 0 for pieces in wanted.values()):
        raise ValueError("nobody takes less than one piece")
    connection = db.connection()
    # Always in the same order, so that two orders never wait for each other's stock.
    for variant in sorted(wanted, key=lambda variant: variant.id):
        if not _changed_one(connection, _less, variant.id, wanted[variant]):
            raise OutOfStock(variant)
    moved = [_movement(variant.id, -pieces, Cause.ORDER, reference) for variant, pieces in wanted.items()]
    if moved:
        _moved.run_many(connection, moved)


def give_back(
    db: Session, variant_id: int, quantity: int, cause: Cause, reference: str, note: str = "", actor: str = ""
) -> bool:
    """Put pieces back into stock, exactly once per variant, cause and reference; False if that was done before."""
    if quantity <= 0:
        raise ValueError("nothing comes back that is not there")
    try:
        with db.begin_nested():
            # The variant before the movement, whose foreign key would lock it shared: two that hold such a lock each
            # would wait for one another. A movement that exists undoes the change of the stock with it.
            _add(db, _movement(variant_id, quantity, cause, reference, note, actor))
    except IntegrityError:
        return False
    return True


def was_booked(db: Session, cause: Cause, reference: str) -> bool:
    """Whether any pieces moved for this cause under this reference."""
    ours = (StockMovement.cause == cause) & (StockMovement.reference == reference)
    return db.scalar(select(StockMovement.id).where(ours).limit(1)) is not None


def set_count(
    db: Session, variant: Variant, stock: int, note: str = "", actor: str = "", cause: Cause = Cause.COUNT
) -> int:
    """Somebody counted `stock` pieces: book the difference, which is answered. Sales wait for it and it for them."""
    if stock < 0:
        raise ValueError("nobody counts less than nothing")
    db.flush()
    # Locked until the commit, so that what is read stays true until the difference is booked.
    had = db.connection().scalar(select(_variants.c.stock).where(_variants.c.id == variant.id).with_for_update())
    if had is None:
        raise LookupError(f"there is no variant {variant.id}")
    if stock != had:
        _add(db, _movement(variant.id, stock - had, cause, secrets.token_hex(8), note, actor))
    db.expire(variant, ["stock"])
    return stock - int(had)


def opening(db: Session, variant: Variant) -> None:
    """Book what a new variant begins with; once, in the transaction that makes it."""
    db.flush()
    _moved.run(db.connection(), _movement(variant.id, variant.stock, Cause.OPENING, ""))


def discrepancies(db: Session) -> Sequence[Discrepancy]:
    """All variants whose stock is not the sum of their movements; none, as long as all stock moves through here."""
    booked = func.coalesce(func.sum(StockMovement.quantity), 0)
    found = (
        select(Variant.id, Variant.sku, Variant.stock, booked)
        .outerjoin(StockMovement, StockMovement.variant_id == Variant.id)
        .group_by(Variant.id, Variant.sku, Variant.stock)
        .having(Variant.stock != booked)
        .order_by(Variant.id)
    )
    return [Discrepancy(*row) for row in db.execute(found)]


def _add(db: Session, movement: dict[str, Any]) -> None:
    connection = db.connection()
    if not _changed_one(connection, _more, movement["variant_id"], movement["quantity"]):
        raise LookupError(f"there is no variant {movement['variant_id']}")
    _moved.run(connection, movement)


def _changed_one(connection: Connection, statement: Prepared, variant_id: int, pieces: int) -> bool:
    return statement.run(connection, {"variant": variant_id, "pieces": pieces}).rowcount == 1


def _movement(
    variant_id: int, quantity: int, cause: Cause, reference: str, note: str = "", actor: str = ""
) -> dict[str, Any]:
    return {
        "variant_id": variant_id,
        "quantity": quantity,
        "cause": cause.value,
        "reference": reference,
        "note": note,
        "actor": actor,
        "moved_at": now(),
    }

"""What those who look after the shop are told by mail: a day's sales, and what is running low. Each once a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.catalog.models import Product, Variant
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.models import Order, OrderLine, State
from apps.myclothes.payments.models import Outcome, Payment, Refund

LOW_STOCK = 3
MOST_LOW, MOST_BEST = 100, 5


@dataclass(frozen=True, slots=True)
class DayOfSales:
    """What happened on one day, in UTC; money in cents. `surplus` is money that came for no order and goes back."""

    day: date
    orders: int
    sold_cents: int
    refunds: int
    refunded_cents: int
    cancelled: int
    surplus: int
    failed_refunds: int
    best: Sequence[tuple[str, int]]

    @classmethod
    def of(cls, db: Session, day: date) -> "DayOfSales":
        """The figures of a day; they change no more once it is over and its payments are settled."""
        paid, settled = _within(Order.paid_at, day), _within(Refund.settled_at, day)
        orders, sold = _sum(db, Order.total_cents, paid)
        refunds, refunded = _sum(db, Refund.amount_cents, settled, Refund.of_sales())
        return cls(
            day=day,
            orders=orders,
            sold_cents=sold,
            refunds=refunds,
            refunded_cents=refunded,
            cancelled=_count(db, Order.id, _within(Order.placed_at, day), Order.state == State.CANCELLED),
            surplus=_count(db, Payment.id, _within(Payment.settled_at, day), Payment.outcome == Outcome.SURPLUS),
            failed_refunds=_count(db, Refund.id, settled, Refund.outcome == Outcome.DECLINED),
            best=_best(db, paid),
        )


def owe_sales_report(db: Session, day: date) -> None:
    """Owe each administrator the report of that day, unless it is owed."""
    for keeper, about in _untold(db, "sales", day):
        Letter.owe(db, "sales", about, keeper.email, keeper.language, day=day.isoformat())


def owe_low_stock_digest(db: Session, day: date) -> None:
    """Owe each administrator the list of what is running low, unless that day's is owed or nothing is."""
    untold = list(_untold(db, "low-stock", day))
    if not untold:
        return
    low = low_stock(db)
    for keeper, about in untold if low else ():
        # Kept with the letter, so that it says the same whenever it is sent.
        Letter.owe(db, "low-stock", about, keeper.email, keeper.language, low=low)


def low_stock(db: Session) -> list[dict[str, Any]]:
    """At most 100 variants of which few are left, the fewest first."""
    few = Variant.stock <= func.coalesce(Variant.low_stock, LOW_STOCK)
    columns = (Product.name, Variant.colour, Variant.size, Variant.sku, Variant.stock)
    found = select(*columns).join(Variant.product).where(few, Product.published)
    return [dict(row) for row in db.execute(found.order_by(Variant.stock, Variant.id).limit(MOST_LOW)).mappings()]


def _untold(db: Session, kind: str, day: date) -> Iterator[tuple[Customer, str]]:
    keepers = db.scalars(select(Customer).where(Customer.role == Role.ADMINISTRATOR, Customer.erased_at.is_(None)))
    abouts = {f"{day}.{keeper.id}": keeper for keeper in keepers}
    told = set(db.scalars(select(Letter.about).where(Letter.kind == kind, Letter.about.in_(abouts))))
    return ((keeper, about) for about, keeper in abouts.items() if about not in told)


def _within(column: Any, day: date) -> ColumnElement[bool]:
    begin = datetime.combine(day, time(), UTC)
    within: ColumnElement[bool] = (column >= begin) & (column < begin + timedelta(days=1))
    return within


def _sum(db: Session, column: Any, *conditions: ColumnElement[bool]) -> tuple[int, int]:
    count, cents = db.execute(select(func.count(), func.coalesce(func.sum(column), 0)).where(*conditions)).one()
    return int(count), int(cents)


def _count(db: Session, column: Any, *conditions: ColumnElement[bool]) -> int:
    return db.scalars(select(func.count(column)).where(*conditions)).one()


def _best(db: Session, paid: ColumnElement[bool]) -> list[tuple[str, int]]:
    pieces = func.sum(OrderLine.quantity)
    best = select(OrderLine.name, pieces).join(OrderLine.order).where(paid).group_by(OrderLine.name)
    found = db.execute(best.order_by(pieces.desc(), OrderLine.name).limit(MOST_BEST)).all()
    return [(name, int(count)) for name, count in found]

"""What was sold, day by day, and its picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from apps.myclothes.orders.models import Order
from apps.myclothes.payments.models import Refund

WIDTH, HEIGHT = 720, 220
LEFT, TOP, BOTTOM = 64, 12, 28
STEPS = (1, 2, 5)
MOST_LINES = 4
MOST_LABELS = 7


@dataclass(frozen=True, slots=True)
class Day:
    """One day of sales, in UTC: orders paid on it and what went back of sales on it."""

    day: date
    orders: int
    sold_cents: int
    refunded_cents: int

    @property
    def kept_cents(self) -> int:
        return self.sold_cents - self.refunded_cents


class Bar(NamedTuple):
    """One day in the picture, in its units."""

    day: Day
    x: float
    y: float
    width: float
    height: float


class Line(NamedTuple):
    """A line across the picture, at an amount of money."""

    y: float
    cents: int


class Chart(NamedTuple):
    """A picture of sales by day."""

    bars: list[Bar]
    lines: list[Line]
    labels: list[Bar]


def by_day(db: Session, last: date, days: int) -> list[Day]:
    """So many days up to `last`, also those on which nothing was sold."""
    first = last - timedelta(days=days - 1)
    begin = datetime.combine(first, time(), UTC)
    end = datetime.combine(last + timedelta(days=1), time(), UTC)
    sold = _sold(db, begin, end)
    back = _refunded(db, begin, end)
    shown = (first + timedelta(days=number) for number in range(days))
    return [Day(day, *sold.get(str(day), (0, 0)), back.get(str(day), 0)) for day in shown]


def chart(days: Sequence[Day]) -> Chart:
    """The bars of these days, as high as their sales, with lines at round amounts."""
    highest = max([day.sold_cents for day in days] + [100])
    step = round_step(highest)
    top = -(-highest // step) * step
    room = HEIGHT - TOP - BOTTOM
    width = (WIDTH - LEFT) / max(1, len(days))
    bars = [_bar(day, LEFT + width * number, width, room * day.sold_cents / top) for number, day in enumerate(days)]
    lines = [Line(HEIGHT - BOTTOM - room * cents / top, cents) for cents in range(0, top + 1, step)]
    every = max(1, -(-len(days) // MOST_LABELS))
    return Chart(bars, lines, bars[::-1][::every])


def round_step(highest: int) -> int:
    """The least of 1, 2, 5, 10, 20 ... whole units that divides an amount into at most four parts."""
    size = 100
    while True:
        for step in STEPS:
            if highest <= step * size * MOST_LINES:
                return step * size
        size *= 10


def _bar(day: Day, x: float, width: float, height: float) -> Bar:
    gap = width * 0.18
    return Bar(day, round(x + gap, 1), round(HEIGHT - BOTTOM - height, 1), round(width - 2 * gap, 1), round(height, 1))


def _sold(db: Session, begin: datetime, end: datetime) -> dict[str, tuple[int, int]]:
    day = func.date(Order.paid_at)
    found = select(day, func.count(), func.sum(Order.total_cents)).where(Order.paid_at >= begin, Order.paid_at < end)
    return {str(name): (count, int(cents)) for name, count, cents in db.execute(found.group_by(day))}


def _refunded(db: Session, begin: datetime, end: datetime) -> dict[str, int]:
    day = func.date(Refund.settled_at)
    found = select(day, func.sum(Refund.amount_cents)).where(
        Refund.settled_at >= begin, Refund.settled_at < end, Refund.of_sales()
    )
    return {str(name): int(cents) for name, cents in db.execute(found.group_by(day))}

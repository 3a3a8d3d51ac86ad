"""How orders move: only where they may, once, recorded, and with what they held given back exactly once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.myclothes.catalog.ledger import discrepancies
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders import states
from apps.myclothes.orders.coupons import Coupon, CouponCustomer
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.models import Order, State
from tests.myclothes.orders.conftest import Counter

TWO_SHIRTS = 17_800


def shirts(counter: Counter, **more: object) -> int:
    return counter.order(counter.cart(OXF_SKY_M=2), TWO_SHIRTS, **more)


def do(counter: Counter, order_id: int, move: Callable[[Session, Order], bool]) -> bool:
    def work(db: Session) -> bool:
        order = db.get(Order, order_id)
        assert order is not None
        return move(db, order)

    moved: bool = counter.run(work)
    return moved


def events(counter: Counter, order_id: int) -> list[str]:
    with counter.db() as db:
        return [event.state for event in OrderEvent.of(db, order_id)]


def letters(counter: Counter) -> list[str]:
    with counter.db() as db:
        return list(db.scalars(select(Letter.kind).order_by(Letter.id)))


def paid(db: Session, order: Order) -> bool:
    return states.pay(db, order)


def called_off(db: Session, order: Order) -> bool:
    return states.cancel(db, order, "clerk@example.org", "changed their mind")


def test_an_order_goes_all_its_way_and_each_step_is_recorded(counter: Counter) -> None:
    order_id = shirts(counter)
    assert do(counter, order_id, paid)
    assert do(counter, order_id, lambda db, order: states.advance(order, State.PACKED, db, "clerk@example.org"))
    assert do(counter, order_id, lambda db, order: states.ship(db, order, "PARCEL 7", "clerk@example.org"))
    assert do(counter, order_id, lambda db, order: states.advance(order, State.DELIVERED, db))
    assert events(counter, order_id) == ["placed", "paid", "packed", "shipped", "delivered"]
    assert letters(counter) == ["receipt", "shipped"]
    with counter.db() as db:
        order = db.get(Order, order_id)
        assert order is not None
        assert (order.parcel, order.expires_at, order.state) == ("PARCEL 7", None, "delivered")
        assert order.paid_at
        assert order.shipped_at


@pytest.mark.parametrize("to", [State.PACKED, State.SHIPPED, State.DELIVERED, State.REFUNDED, State.PLACED])
def test_an_unpaid_order_goes_nowhere_but_to_its_payment(counter: Counter, to: State) -> None:
    order_id = shirts(counter)
    assert not do(counter, order_id, lambda db, order: states.advance(order, to, db))
    assert events(counter, order_id) == ["placed"]


def test_a_cancelled_order_gives_stock_and_coupon_back_once(counter: Counter) -> None:
    coupon_id = counter.coupon("TEN", most_uses=1)
    order_id = counter.order(counter.cart(OXF_SKY_M=2), 16_020, code="ten")
    assert counter.stock("OXF-SKY-M") == 8
    assert [do(counter, order_id, called_off) for _ in range(2)] == [True, False]
    assert counter.stock("OXF-SKY-M") == 10
    assert events(counter, order_id) == ["placed", "cancelled"]
    assert letters(counter) == ["cancelled"]
    with counter.db() as db:
        assert db.scalar(select(Coupon.used).where(Coupon.id == coupon_id)) == 0
        assert db.scalar(select(CouponCustomer.used)) == 0
        assert discrepancies(db) == []


def test_what_was_returned_before_is_not_given_back_again(counter: Counter) -> None:
    order_id = shirts(counter)
    do(counter, order_id, paid)
    with counter.db() as db:
        order = db.get(Order, order_id)
        assert order is not None
        order.lines[0].returned = 2
    assert do(counter, order_id, called_off)
    assert counter.stock("OXF-SKY-M") == 8


def test_customers_cancel_only_before_it_is_packed(counter: Counter) -> None:
    order_id = shirts(counter)
    do(counter, order_id, paid)
    do(counter, order_id, lambda db, order: states.advance(order, State.PACKED, db))
    assert not do(counter, order_id, lambda db, order: states.cancel_before_packed(db, order, "ada@example.org", ""))
    assert do(counter, order_id, called_off)


def test_an_order_expires_after_its_time_and_not_before(counter: Counter) -> None:
    order_id = shirts(counter)
    assert not do(counter, order_id, states.expire)
    with counter.db() as db:
        db.execute(update(Order).values(expires_at=now() - timedelta(seconds=1)))
    assert do(counter, order_id, states.expire)
    assert counter.stock("OXF-SKY-M") == 10
    with counter.db() as db:
        assert db.scalars(select(Letter)).one().fact("late") is True


def test_a_late_payment_and_the_end_of_its_time_never_both_win(counter: Counter) -> None:
    orders = [counter.order(counter.cart(OXF_SKY_M=1), 9_390) for _ in range(8)]
    with counter.db() as db:
        db.execute(update(Order).values(expires_at=now() - timedelta(seconds=1)))
    with ThreadPoolExecutor(4) as pool:
        ends = [pool.submit(do, counter, order_id, move) for order_id in orders for move in (states.expire, paid)]
        won = [end.result(20) for end in ends]
    assert [sum(won[i : i + 2]) for i in range(0, len(won), 2)] == [1] * len(orders)
    with counter.db() as db:
        sold = db.scalar(select(func.count()).where(Order.state == State.PAID))
        assert discrepancies(db) == []
    assert sold is not None
    assert counter.stock("OXF-SKY-M") == 10 - sold
    assert letters(counter).count("receipt") == sold

"""Coupons: what they take off, when they count, and limits that hold however many use one at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from apps.chassis.columns import now
from apps.myclothes.catalog.ledger import discrepancies
from apps.myclothes.catalog.models import OutOfStock
from apps.myclothes.orders.coupons import Coupon, CouponRefused, Kind, Refusal
from apps.myclothes.orders.models import CartChanged, CartEmpty, Order
from tests.myclothes.orders.conftest import Counter

SHIRT, DELIVERY = 8_900, 490


@pytest.mark.parametrize(
    ("kind", "amount", "off"), [(Kind.PERCENT, 10, 890), (Kind.PERCENT, 100, 8_900), (Kind.FIXED, 500, 500)]
)
def test_a_coupon_takes_so_much_off_the_goods(counter: Counter, kind: Kind, amount: int, off: int) -> None:
    counter.coupon("HELLO", amount, kind=kind)
    order_id = counter.order(counter.cart(OXF_SKY_M=1), SHIRT - off + DELIVERY, code=" hello ")
    with counter.db() as db:
        order = db.get(Order, order_id)
        assert order is not None
        assert (order.goods_cents, order.discount_cents, order.shipping_cents) == (SHIRT, off, DELIVERY)
        assert order.coupon_id is not None


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        ({"starts_at": now() + timedelta(hours=1)}, Refusal.EARLY),
        ({"ends_at": now() - timedelta(hours=1)}, Refusal.OVER),
        ({"withdrawn_at": now()}, Refusal.OVER),
        ({"minimum_cents": SHIRT + 1}, Refusal.SMALL),
        ({"most_uses": 2, "used": 2}, Refusal.USED_UP),
    ],
)
def test_a_coupon_that_does_not_count_says_why(counter: Counter, limits: dict[str, Any], refusal: Refusal) -> None:
    counter.coupon("HELLO", **limits)
    with pytest.raises(CouponRefused) as refused:
        counter.order(counter.cart(OXF_SKY_M=1), SHIRT, code="HELLO")
    assert refused.value.refusal == refusal
    assert counter.stock("OXF-SKY-M") == 10


@pytest.mark.parametrize("code", ["NO SUCH CODE", "x" * 200, "ẞ'; --"])
def test_an_unknown_code_is_refused(counter: Counter, code: str) -> None:
    with pytest.raises(CouponRefused):
        counter.order(counter.cart(OXF_SKY_M=1), SHIRT, code=code)


def test_one_address_uses_a_coupon_as_often_as_one_may(counter: Counter) -> None:
    counter.coupon("ONCE", most_uses_each=1)
    price = SHIRT - 890 + DELIVERY
    counter.order(counter.cart(OXF_SKY_M=1), price, code="ONCE")
    with pytest.raises(CouponRefused):
        counter.order(counter.cart(OXF_SKY_M=1), price, code="ONCE", email="ADA@example.org")
    counter.order(counter.cart(OXF_SKY_M=1), price, code="ONCE", email="bob@example.org")
    with counter.db() as db:
        assert db.scalar(select(Coupon.used)) == 2
        assert discrepancies(db) == []


def test_the_limits_hold_when_all_order_at_once(counter: Counter) -> None:
    counter.coupon("FEW", most_uses=3, most_uses_each=1)
    price = SHIRT - 890 + DELIVERY

    def buy(number: int) -> str:
        try:
            counter.order(counter.cart(OXF_SKY_M=1), price, code="FEW", email=f"buyer-{number % 5}@example.org")
        except (CouponRefused, OutOfStock) as error:
            return type(error).__name__
        return "ordered"

    with ThreadPoolExecutor(5) as pool:
        ends = list(pool.map(buy, range(15)))
    assert ends.count("ordered") == 3
    assert ends.count("CouponRefused") == 12
    with counter.db() as db:
        emails = list(db.scalars(select(Order.email)))
        assert len(set(emails)) == len(emails) == 3
        assert db.scalar(select(Coupon.used)) == 3
        assert discrepancies(db) == []
    assert counter.stock("OXF-SKY-M") == 7


def test_all_lines_of_all_orders_are_taken_from_stock_that_is_there(counter: Counter) -> None:
    def buy(_: int) -> bool:
        try:
            counter.order(counter.cart(OXF_SKY_M=1, CREW_FOR_S=1, CREW_OAT_S=1), 8_900 + 12_900 + 11_900)
        except OutOfStock:
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(buy, range(10))) == 3
    assert [counter.stock(sku) for sku in ("OXF-SKY-M", "CREW-FOR-S", "CREW-OAT-S")] == [7, 0, 2]
    with counter.db() as db:
        assert discrepancies(db) == []


def test_one_cart_sent_by_many_at_once_is_one_order(counter: Counter) -> None:
    cart = counter.cart(OXF_SKY_M=1)
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: counter.order(cart, SHIRT + DELIVERY), range(8)))
    assert len(found) == 1
    assert counter.stock("OXF-SKY-M") == 9
    with counter.db() as db:
        assert db.scalar(select(func.count(Order.id))) == 1


def test_nothing_is_ordered_at_another_price_or_of_nothing(counter: Counter) -> None:
    with pytest.raises(CartChanged):
        counter.order(counter.cart(OXF_SKY_M=1), SHIRT)
    with pytest.raises(CartEmpty):
        counter.order(counter.cart(), 0)

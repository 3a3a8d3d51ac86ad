"""What those who look after the shop are told each day: once, whichever hour's tick comes first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from apps.chassis.columns import now
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.admin.sales import by_day
from apps.myclothes.catalog.models import Variant
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders import states
from apps.myclothes.orders.models import Order
from apps.myclothes.payments import asking
from apps.myclothes.payments.models import Refund
from apps.myclothes.payments.refunds import owe_refund
from apps.myclothes.payments.reports import DayOfSales, low_stock, owe_sales_report
from tests.myclothes.post import PostOffice, content
from tests.myclothes.shop import Shop, Visitor
from tests.myclothes.till import PAYS, Till
from tests.support.apps import close

YESTERDAY = now() - timedelta(days=1)


@pytest.fixture
def post(shop: Shop) -> Iterator[PostOffice]:
    office = PostOffice(shop)
    yield office
    close(office.worker)


@pytest.fixture
def keeper(shop: Shop, ada: Visitor) -> Visitor:
    """Ada, who looks after the shop now."""
    with shop.db() as db:
        db.execute(update(Customer).values(role=Role.ADMINISTRATOR))
    return ada


def kinds(shop: Shop) -> list[str]:
    """The kinds of all letters that are no matter of one customer."""
    with shop.db() as db:
        found = db.scalars(select(Letter.kind).where(Letter.kind.in_(("sales", "low-stock"))))
        return sorted(found)


def send_all(shop: Shop, post: PostOffice) -> None:
    with shop.db() as db:
        db.execute(update(Letter).values(created_at=now() - timedelta(minutes=2)))
    assert post.post("/every/minute").status_code == 200


def test_a_report_and_a_digest_are_sent_once_a_day(shop: Shop, keeper: Visitor, post: PostOffice) -> None:
    for _ in range(2):
        assert post.post("/every/hour").status_code == 200
    send_all(shop, post)
    report, digest = (
        next(mail for mail in post.mails() if word in mail["Subject"]) for word in ("Sales of", "running low")
    )
    assert kinds(shop) == ["low-stock", "sales"]
    for kind in ("plain", "html"):
        assert "Orders paid" in content(report, kind)
        assert "CREW-OAT-M" in content(digest, kind)
        assert "OXF-SKY-M" not in content(digest, kind)


def test_customers_are_told_nothing_of_that(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    post.post("/every/hour")
    assert kinds(shop) == []


def test_nothing_is_told_when_nothing_is_low(shop: Shop, keeper: Visitor, post: PostOffice) -> None:
    for sku in ("CREW-OAT-M", "CREW-FOR-S", "TEE-INK-M"):
        shop.set_stock(sku, 50)
    post.post("/every/hour")
    assert kinds(shop) == ["sales"]


def test_a_variant_may_have_a_limit_of_its_own(shop: Shop) -> None:
    with shop.db() as db:
        few = [piece["sku"] for piece in low_stock(db)]
        db.execute(update(Variant).where(Variant.sku == "OXF-SKY-M").values(low_stock=10))
        assert [piece["sku"] for piece in low_stock(db)] == [*few, "OXF-SKY-M"]


def test_a_day_counts_what_was_paid_and_went_back_on_it(till: Till) -> None:
    for _ in range(3):
        till.pay(till.order())
    order = till.order()
    till.pay(order)
    with till.db() as db:
        till_refund = owe_refund(db, db.get_one(Order, order), 2500, "", "")
    till.repay(till_refund)
    with till.db() as db:
        today = DayOfSales.of(db, datetime.now(UTC).date())
        assert (today.orders, today.sold_cents, today.refunds, today.refunded_cents) == (4, 40_000, 1, 2500)
        assert list(today.best) == [("Tee", 16)]
        db.execute(update(Order).values(paid_at=YESTERDAY))
        db.execute(update(Refund).values(settled_at=YESTERDAY))
        assert DayOfSales.of(db, datetime.now(UTC).date()).orders == 0
        assert DayOfSales.of(db, YESTERDAY.date()).sold_cents == 40_000


def test_money_that_no_order_needed_is_neither_sold_nor_counted_as_going_back(till: Till) -> None:
    order = till.order()
    payment = till.begin(order)
    assert payment is not None
    till.change(order, expires_at=now())
    with till.db() as db:
        assert states.expire(db, db.get_one(Order, order))
    asking.charge(till.database, till.gateway, payment, PAYS)
    till.repay(till.refunds(order)[0])
    assert till.balance() == 0
    with till.db() as db:
        today = DayOfSales.of(db, now().date())
        assert (today.sold_cents, today.refunds, today.refunded_cents, today.surplus) == (0, 0, 0, 1)
        assert by_day(db, now().date(), 1)[0].kept_cents == 0


def test_each_administrator_is_told_each_day_once(shop: Shop, keeper: Visitor) -> None:
    days = [YESTERDAY.date(), YESTERDAY.date() - timedelta(days=1)]
    with shop.db() as db:
        for day in days * 2:
            owe_sales_report(db, day)
    assert kinds(shop) == ["sales"] * 2

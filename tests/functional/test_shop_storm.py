"""What must be true of the shop's books, whatever happened to its visitors and its processes."""

import random
import threading
import urllib.request
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.myclothes.catalog.ledger import StockMovement, discrepancies
from apps.myclothes.catalog.models import Variant
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.coupons import Coupon, CouponCustomer, Kind
from apps.myclothes.orders.models import Order, OrderLine, State
from apps.myclothes.payments.models import Outcome, Payment, Refund
from apps.myclothes.payments.testgateway import GatewayEntry
from tests.functional.buyers import Books
from tests.functional.storm import Counting, Killer, Shopper
from tests.services.mariadb import MariaDb
from tests.services.redis_server import RedisServer
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

BUYERS, SECONDS, VARIANTS, STOCK = 200, 60, 20, 15
MOST_USES = 10


@pytest.mark.long
def test_the_books_are_right_after_a_storm(
    run_site: Callable[..., RunningSite], mariadb: MariaDb, redis_server: RedisServer
) -> None:
    mariadb.create("storm")
    redis_server.command("flushall")
    services = {"DATABASE_URL": mariadb.url("storm"), "SESSION_URL": redis_server.url(5)}
    cache = {"CACHE_URL": redis_server.url(6), "TRUSTED_PROXY_HOPS": "1"}
    site = run_site("myclothes", {"WEB_CONCURRENCY": "4", "THREADS": "4"} | services | cache, worker=True)
    books = Books(site)
    try:
        variants = prepared(books)
        shoppers, killed, counted = storm(site, books, variants)
        calm_down(site, books)
        with books.open() as db:
            stock_adds_up(db, variants)
            money_adds_up(db)
            coupons_add_up(db)
            every_letter_was_sent(db)
        no_order_was_lost(books, shoppers)
        no_cart_was_lost(shoppers)
        assert (counted.most["STORM"], counted.most_each["ONEEACH"]) == (MOST_USES, 1)
        assert killed >= SECONDS // 2
        assert sum(shopper.broken for shopper in shoppers) > 0
        assert {status for shopper in shoppers for status in shopper.statuses} <= {200, 303, 409, 422, 503}
    finally:
        books.close()


def prepared(books: Books) -> list[int]:
    """Few pieces of few variants, and two coupons."""
    with books.open() as db:
        variants = list(db.scalars(select(Variant.id).order_by(Variant.id).limit(VARIANTS)))
        for variant in variants:
            missing = STOCK - db.get_one(Variant, variant).stock
            db.execute(update(Variant).where(Variant.id == variant).values(stock=STOCK))
            db.add(
                StockMovement(
                    variant_id=variant, quantity=missing, cause="count", reference="storm", note="", actor="",
                    moved_at=now(),
                )
            )  # fmt: skip
        db.add(coupon("STORM", Kind.PERCENT, 10, most_uses=MOST_USES))
        db.add(coupon("ONEEACH", Kind.FIXED, 500, most_uses_each=1))
    return variants


def coupon(code: str, kind: Kind, amount: int, **limits: int) -> Coupon:
    return Coupon(code=code, kind=kind, amount=amount, minimum_cents=0, used=0, created_at=now(), **limits)


def storm(site: RunningSite, books: Books, variants: list[int]) -> tuple[list[Shopper], int, Counting]:
    """A minute of it; whoever buys, how many processes were killed, and who counted the uses of coupons."""
    stop, spared = threading.Event(), threading.Event()
    codes = ["", "STORM", "ONEEACH"]
    shoppers = [Shopper(site.url, number, variants, codes, stop) for number in range(BUYERS)]
    killer, counting = Killer(site.parts["web"].pid, spared), Counting(books, stop)
    for thread in (*shoppers, killer, counting):
        thread.start()
    stop.wait(SECONDS)
    spared.set()
    killer.join()
    stop.set()
    for shopper in shoppers:
        shopper.join(60)
        assert not shopper.is_alive()
    counting.join(60)
    return shoppers, killer.killed, counting


def calm_down(site: RunningSite, books: Books) -> None:
    """Minutes pass, and the worker finds all that is missing; what nobody paid runs out of time."""
    with books.open() as db:
        late = now() - timedelta(minutes=5)
        db.execute(update(Payment).where(Payment.outcome == Outcome.UNKNOWN).values(created_at=late))
        db.execute(update(Order).where(Order.state == State.PLACED).values(expires_at=late))
    wait_until(lambda: ask_worker(site) and not count(books, Payment.outcome == Outcome.UNKNOWN), 60)
    wait_until(lambda: ask_worker(site) and not count(books, Order.state == State.PLACED), 60)
    owed = (Refund.outcome == Outcome.UNKNOWN, Letter.sent_at.is_(None))
    wait_until(lambda: ask_worker(site) and not any(count(books, missing) for missing in owed), 90)


def ask_worker(site: RunningSite) -> bool:
    """What its daemon does every minute, now."""
    headers = {"X-Aws-Sqsd-Msgid": "storm", "X-Aws-Sqsd-Taskname": "minute", "User-Agent": "aws-sqsd/2.0"}
    asked = urllib.request.Request(f"{site.worker_url}/every/minute", b"", headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return bool(answer.status == 200)


def count(books: Books, condition: "object") -> int:
    with books.open() as db:
        return db.scalar(select(func.count()).where(condition)) or 0  # type: ignore[arg-type]


def stock_adds_up(db: Session, variants: list[int]) -> None:
    assert list(discrepancies(db)) == []
    kept = (
        select(OrderLine.variant_id, func.sum(OrderLine.quantity - OrderLine.returned))
        .join(Order)
        .where(Order.state != State.CANCELLED)
        .group_by(OrderLine.variant_id)
    )
    sold = {variant: int(pieces) for variant, pieces in db.execute(kept)}
    pieces_left = select(Variant.id, Variant.stock).where(Variant.id.in_(variants))
    left = dict(db.execute(pieces_left).all())
    assert {variant: left[variant] + sold.get(variant, 0) for variant in variants} == dict.fromkeys(variants, STOCK)
    assert sum(sold.values()) > BUYERS / 4


def money_adds_up(db: Session) -> None:
    """What the gateway took for each order, less what it gave back, is the order's total, or nothing if it ended."""
    entries = list(db.scalars(select(GatewayEntry).where(GatewayEntry.outcome == Outcome.SUCCEEDED)))
    order_of = dict(db.execute(select(Payment.key, Payment.order_id)).all())
    charges = {entry.reference: order_of[entry.key] for entry in entries if entry.charge is None}
    balance = dict.fromkeys(db.scalars(select(Order.id)), 0)
    for entry in entries:
        if entry.charge is None:
            balance[charges[entry.reference]] += entry.amount_cents
        else:
            balance[charges[entry.charge]] -= entry.amount_cents
    for order in db.scalars(select(Order)):
        owed = 0 if order.state == State.CANCELLED else order.total_cents
        assert (order.number, order.state, balance[order.id]) == (order.number, order.state, owed)
    paid = select(Payment.order_id).where(Payment.outcome == Outcome.SUCCEEDED)
    assert len(list(db.scalars(paid))) == len(set(db.scalars(paid))) > 0


def coupons_add_up(db: Session) -> None:
    for coupon in db.scalars(select(Coupon)):
        using = select(Order.email).where(Order.coupon_id == coupon.id, Order.state != State.CANCELLED)
        emails = list(db.scalars(using))
        assert coupon.used == len(emails) > 0
        assert coupon.most_uses is None or coupon.used <= coupon.most_uses
        each = db.scalars(select(CouponCustomer.used).where(CouponCustomer.coupon_id == coupon.id))
        assert sum(each) == coupon.used
        if coupon.most_uses_each:
            assert len(emails) == len(set(emails))


def every_letter_was_sent(db: Session) -> None:
    receipts = set(db.scalars(select(Letter.about).where(Letter.kind == "receipt", Letter.sent_at.is_not(None))))
    assert set(db.scalars(select(Order.number).where(Order.paid_at.is_not(None)))) == receipts


def no_order_was_lost(books: Books, shoppers: list[Shopper]) -> None:
    acknowledged = [number for shopper in shoppers for number in shopper.acknowledged]
    assert len(set(acknowledged)) == len(acknowledged)
    assert set(acknowledged) <= {order.number for order in books.orders()}


def no_cart_was_lost(shoppers: list[Shopper]) -> None:
    """What was put in and not ordered is still there, for as many visitors as can be asked in some seconds."""
    left = [cart for shopper in shoppers for cart in shopper.left_behind]
    for guest, added in random.sample(left, min(len(left), 40)):
        status, page = guest.get("/cart")
        assert status == 200
        assert [variant for variant in added if f"/cart/{variant}" not in page] == []

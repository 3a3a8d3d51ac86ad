"""The shop is killed while people pay and cancel: in the end all money and all pieces are accounted for."""

import random
import threading
import urllib.request
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.myclothes.catalog.ledger import discrepancies
from apps.myclothes.catalog.models import Variant
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.models import Order, OrderLine, State
from apps.myclothes.payments.cards import CARDS
from apps.myclothes.payments.models import Outcome, Payment, Refund
from apps.myclothes.payments.testgateway import GatewayEntry
from tests.functional.buyers import Books, Buyer
from tests.functional.test_orders_killed import Shopper
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

BUYERS, KILLS, STOCK = 8, 3, 100_000


class Payer(Shopper):
    """Orders, pays with whatever card comes to hand, and changes their mind now and then."""

    paid = 0

    def order_once(self) -> None:
        super().order_once()
        if not self.acknowledged:
            return
        order = f"/orders/{self.acknowledged[-1].removesuffix('/payment')}"
        card = random.choice(list(CARDS))
        self.patiently(partial(self.buyer.post, f"{order}/payment", {"card": card}))
        self.patiently(partial(self.buyer.post, f"{order}/payment/inquiry", {}))
        if random.random() < 0.25:
            self.patiently(partial(self.buyer.post, f"{order}/cancellation", {}))
        self.paid += 1


@pytest.mark.long
@pytest.mark.parametrize("services", ["served"], indirect=True)
def test_money_and_pieces_survive_the_death_of_the_server(
    run_site: Callable[..., RunningSite], services: dict[str, str]
) -> None:
    site = run_site("myclothes", {"WEB_CONCURRENCY": "4", "THREADS": "4"} | services, worker=True)
    books, stop = Books(site), threading.Event()
    variants = books.variants(3, STOCK)
    payers = [Payer(Buyer(site.url, email), variants, stop) for email in books.customers(BUYERS)]
    for payer in payers:
        payer.start()
    for _ in range(KILLS):
        wait_until(partial(have_paid, payers, sum(payer.paid for payer in payers) + BUYERS), 60)
        site.kill("web")
        site.start_web()
    stop.set()
    for payer in payers:
        payer.join(60)
    settle(site, books)
    with books.open() as db:
        check(db, variants)
    books.close()


def have_paid(payers: Sequence[Payer], count: int) -> bool:
    return sum(payer.paid for payer in payers) >= count


def settle(site: RunningSite, books: Books) -> None:
    """Half an hour later: the worker has asked for every outcome that is missing."""

    def is_settled() -> bool:
        with books.open() as db:
            later(db)
        tick(site)
        with books.open() as db:
            unknown = [
                db.scalars(select(func.count(table.id)).where(table.outcome == Outcome.UNKNOWN)).one()
                for table in (Payment, Refund)
            ]
            placed = db.scalars(select(func.count(Order.id)).where(Order.state == State.PLACED)).one()
        return not any((*unknown, placed))

    wait_until(is_settled, 60)


def later(db: Session) -> None:
    for column in (Payment.created_at, Refund.created_at, GatewayEntry.entered_at, Order.expires_at):
        for row in db.scalars(select(column.class_)):
            if getattr(row, column.key) is not None:
                setattr(row, column.key, now() - timedelta(minutes=31))


def tick(site: RunningSite) -> None:
    request = urllib.request.Request(f"{site.worker_url}/every/minute", b"", {"X-Aws-Sqsd-Msgid": "1"})
    with urllib.request.urlopen(request, timeout=60) as response:
        assert response.status == 200


def check(db: Session, variants: list[int]) -> None:
    orders = {order.id: order for order in db.scalars(select(Order))}
    payments = db.scalars(select(Payment)).all()
    paid = [payment.order_id for payment in payments if payment.outcome == Outcome.SUCCEEDED]
    assert sorted(paid) == sorted(order.id for order in orders.values() if order.paid_at is not None)
    kept = [order for order in orders.values() if order.state == State.PAID]
    assert kept
    assert {order.state for order in orders.values()} <= {State.PAID, State.CANCELLED}
    assert balance(db) == sum(order.total_cents for order in kept)
    receipts = select(Letter.about).where(Letter.kind == "receipt")
    assert set(db.scalars(receipts)) == {orders[order_id].number for order_id in paid}
    assert discrepancies(db) == []
    assert stock_missing(db, variants) == sold(db, kept)


def balance(db: Session) -> int:
    """What the gateway has taken and not given back."""
    book = db.execute(
        select(GatewayEntry.charge, GatewayEntry.amount_cents).where(GatewayEntry.outcome == Outcome.SUCCEEDED)
    )
    return sum(cents if charge is None else -cents for charge, cents in book)


def stock_missing(db: Session, variants: list[int]) -> dict[int, int]:
    found = db.execute(select(Variant.id, Variant.stock).where(Variant.id.in_(variants)))
    return {variant: STOCK - stock for variant, stock in found}


def sold(db: Session, kept: list[Order]) -> dict[int, int]:
    pieces = select(OrderLine.variant_id, func.sum(OrderLine.quantity))
    ours = pieces.where(OrderLine.order_id.in_([order.id for order in kept])).group_by(OrderLine.variant_id)
    return {variant: int(count) for variant, count in db.execute(ours)}

"""Buyers, worker, clerk and gateway at once, on MariaDB; and processes that die between charge and commit."""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from apps.chassis.transactions import apart
from apps.myclothes.orders import states
from apps.myclothes.orders.models import Order, State
from apps.myclothes.payments import asking, testgateway
from apps.myclothes.payments.gateway import Entry, GatewayTimeout
from apps.myclothes.payments.models import Outcome, Payment
from apps.myclothes.payments.paying import begin
from apps.myclothes.payments.refunds import CannotRefund, cancel, owe_refund
from tests.myclothes.till import LOST_AFTER, PAYS, PRICE, STOCK, THRICE, Till
from tests.services.mariadb import MariaDb

THREADS, ORDERS = 12, 8


@pytest.fixture
def served(mariadb: MariaDb) -> Iterator[Till]:
    mariadb.create("till")
    till = Till(mariadb.url("till"))
    till.fill()
    yield till
    till.close()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each answers; any that fails fails the test."""
    with ThreadPoolExecutor(THREADS) as threads:
        return [done.result() for done in [threads.submit(act) for act in acts]]


def test_pay_click_expire_cancel_and_ask_at_once_keep_the_books(served: Till) -> None:
    """Whoever is first decides; what comes later goes back."""
    orders = [served.order() for _ in range(ORDERS)]
    served.let_pass(29.99)

    def pay(order: int, card: str) -> Callable[[], object]:
        def act() -> None:
            payment = apart(served.database, lambda db: begin(db, order))
            if payment is not None:
                asking.charge(served.database, served.gateway, payment, card)

        return act

    def ask(order: int) -> Callable[[], object]:
        return lambda: [served.ask(payment) for payment in served.payments(order)]

    def end(order: int) -> Callable[[], object]:
        return lambda: apart(served.database, lambda db: cancel(db, db.get_one(Order, order), "", ""))

    acts = [
        act
        for order in orders
        for act in (pay(order, PAYS), pay(order, THRICE), pay(order, LOST_AFTER), ask(order), end(order))
    ]
    random.Random(7).shuffle(acts)
    at_once(*acts)
    settle(served, orders)
    paid = [order for order in orders if served.state(order) == State.PAID]
    assert served.stocks() == [STOCK - 2 * len(paid)] * 2
    assert served.balance() == 4 * PRICE * len(paid)


def test_twelve_refunds_at_once_give_back_no_more_than_was_paid(served: Till) -> None:
    order = served.order()
    served.pay(order)
    lines = served.show(order).lines

    def refund(number: int) -> bool:
        with suppress(CannotRefund):
            line = lines[number % 2].id
            apart(
                served.database,
                lambda db: owe_refund(db, db.get_one(Order, order), PRICE, "", "", {line: 1}),
            )
            return True
        return False

    done = at_once(*(lambda number=number: refund(number) for number in range(THREADS)))
    assert done.count(True) == 4
    settle(served, [order])
    assert (served.balance(), served.stocks(), served.state(order)) == (0, [STOCK] * 2, State.REFUNDED)
    assert served.letters("refunded") == 4


def test_a_refund_sent_twelve_times_at_once_is_one(served: Till) -> None:
    order = served.order()
    served.pay(order)

    def refund() -> int:
        return apart(served.database, lambda db: owe_refund(db, db.get_one(Order, order), PRICE, "", "", key="form").id)

    assert len(set(at_once(*[refund] * THREADS))) == 1
    assert served.show(order).refunded_cents == PRICE


def test_a_cancellation_gives_back_what_was_paid_a_moment_ago(served: Till) -> None:
    """What its transaction has read before the payment is old by then."""
    order = served.order()
    with served.db() as db:
        found = db.get_one(Order, order)
        with ThreadPoolExecutor(1) as other:
            other.submit(served.pay, order).result(30)
        assert cancel(db, found, "", "")
    settle(served, [order])
    assert (served.balance(), served.stocks()) == (0, [STOCK] * 2)


class Deadly:
    """A gateway during whose call the process is killed, before or after it has charged."""

    def __init__(self, till: Till, when: str) -> None:
        self.gateway = testgateway.TestGateway(till.database)
        self.when = when

    def charge(self, key: str, amount_cents: int, currency: str, card: str) -> Entry:
        if self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        self.gateway.charge(key, amount_cents, currency, card)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")

    def find(self, key: str) -> Entry | None:
        return None

    def refund(self, key: str, charge_reference: str, amount_cents: int) -> Entry:
        self.gateway.refund(key, charge_reference, amount_cents)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")

    def find_refund(self, key: str) -> Entry | None:
        return None


def pay_and_die(url: str, payment_id: int, when: str) -> None:
    till = Till(url)
    with till.db() as db:
        payment = db.get_one(Payment, payment_id)
    asking.charge(till.database, Deadly(till, when), payment, PAYS)


def repay_and_die(url: str, refund_id: int) -> None:
    till = Till(url)
    asking.repay(till.database, Deadly(till, "after"), refund_id)


def killed(act: Callable[..., None], *arguments: object) -> None:
    process = multiprocessing.get_context("spawn").Process(target=act, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def test_a_process_killed_between_charge_and_commit_loses_no_money(till: Till, tmp_path: Path) -> None:
    order, url = till.order(), f"sqlite:///{tmp_path}/shop.sqlite3"
    payment = till.begin(order)
    assert payment is not None
    killed(pay_and_die, url, payment.id, "after")
    assert (till.state(order), till.balance()) == (State.PLACED, 4 * PRICE)
    assert till.ask(payment).outcome == Outcome.SUCCEEDED
    assert (till.state(order), till.balance(), till.letters("receipt")) == (State.PAID, 4 * PRICE, 1)


def test_a_process_killed_before_the_charge_leaves_the_order_to_be_paid(till: Till, tmp_path: Path) -> None:
    order, url = till.order(), f"sqlite:///{tmp_path}/shop.sqlite3"
    payment = till.begin(order)
    assert payment is not None
    killed(pay_and_die, url, payment.id, "before")
    till.let_pass(3)
    assert till.ask(payment).outcome == Outcome.DECLINED
    assert till.pay(order).outcome == Outcome.SUCCEEDED
    assert till.balance() == 4 * PRICE


def test_a_process_killed_between_refund_and_commit_gives_back_once(till: Till, tmp_path: Path) -> None:
    order = till.order()
    till.pay(order)
    with till.db() as db:
        refund = owe_refund(db, db.get_one(Order, order), PRICE, "", "")
    killed(repay_and_die, f"sqlite:///{tmp_path}/shop.sqlite3", refund.id)
    assert (till.refunds(order)[0].outcome, till.balance()) == (Outcome.UNKNOWN, 3 * PRICE)
    till.repay(refund)
    assert (till.refunds(order)[0].outcome, till.balance()) == (Outcome.SUCCEEDED, 3 * PRICE)


def settle(till: Till, orders: list[int]) -> None:
    """What the worker does until nothing is missing; then each order is paid by one payment, or by none."""
    till.let_pass(3)
    for order in orders:
        for payment in till.payments(order):
            till.ask(payment)
        with till.db() as db:
            states.expire(db, db.get_one(Order, order))
        for refund in till.refunds(order):
            with suppress(GatewayTimeout):
                till.repay(refund)
        outcomes = [payment.outcome for payment in till.payments(order)]
        assert Outcome.UNKNOWN not in outcomes
        assert outcomes.count(Outcome.SUCCEEDED) == (1 if till.show(order).paid_at else 0)

"""Gunicorn is killed in the middle of orders: nothing is half-done, no acknowledged order is lost, none is doubled."""

import threading
import urllib.error
from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from typing import TypeVar

import pytest

from tests.functional.buyers import Books, Buyer
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

T = TypeVar("T")

BUYERS, ROUNDS, STOCK = 8, 3, 100_000


class Shopper(threading.Thread):
    """Orders one cart after another, and after each break tries the same order again until it is answered."""

    def __init__(self, buyer: Buyer, variants: list[int], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.buyer, self.variants, self.stop = buyer, variants, stop
        self.acknowledged: list[str] = []
        self.statuses: set[int] = set()
        self.broken = 0

    def run(self) -> None:
        self.patiently(self.buyer.sign_in)
        while not self.stop.is_set():
            self.order_once()

    def order_once(self) -> None:
        for variant in self.variants:
            # One that breaks may have counted; what matters is what the cart holds then.
            self.patiently(partial(self.buyer.add, variant))
        form = self.patiently(self.buyer.checkout_form)
        if form is None:
            return
        answer = self.patiently(partial(self.buyer.post, "/checkout", form))
        if answer is not None:
            self.statuses.add(answer[0])
            self.acknowledged.append(self.buyer.location.split("/")[2])

    def patiently(self, act: Callable[[], T]) -> T | None:
        while not self.stop.is_set():
            try:
                return act()
            except (OSError, HTTPException, urllib.error.URLError, AssertionError):
                self.broken += 1
                self.stop.wait(0.05)
        return None


@pytest.mark.long
def test_orders_survive_the_death_of_the_server(run_site: Callable[..., RunningSite], services: dict[str, str]) -> None:
    site = run_site("myclothes", {"WEB_CONCURRENCY": "2", "THREADS": "4"} | services)
    books = Books(site)
    variants = books.variants(3, STOCK)
    stop = threading.Event()
    shoppers = [Shopper(Buyer(site.url, email), variants, stop) for email in books.customers(BUYERS)]
    for shopper in shoppers:
        shopper.start()
    for _ in range(ROUNDS):
        before = count(shoppers)
        wait_until(partial(has_reached, shoppers, before + 2 * BUYERS), 60)
        site.kill("web")
        site.start_web()
    wait_until(lambda: all(shopper.acknowledged for shopper in shoppers), 60)
    stop.set()
    for shopper in shoppers:
        shopper.join(60)

    orders = {order.number: order for order in books.orders()}
    acknowledged = [number for shopper in shoppers for number in shopper.acknowledged]
    assert sum(shopper.broken for shopper in shoppers) >= ROUNDS
    assert {status for shopper in shoppers for status in shopper.statuses} == {303}
    assert set(acknowledged) <= set(orders)
    assert len(set(acknowledged)) == len(acknowledged)
    # Whoever was stopped while waiting for an answer may have one order more.
    assert len(orders) <= len(acknowledged) + BUYERS
    for order in orders.values():
        assert {line.variant_id for line in order.lines} == set(variants)
        assert sum(line.total_cents for line in order.lines) == order.goods_cents
    for variant in variants:
        assert books.stock(variant) + books.sold(variant) == STOCK
    books.close()


def count(shoppers: list[Shopper]) -> int:
    return sum(len(shopper.acknowledged) for shopper in shoppers)


def has_reached(shoppers: list[Shopper], orders: int) -> bool:
    return count(shoppers) >= orders

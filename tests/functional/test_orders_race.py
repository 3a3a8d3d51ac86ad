"""Fifty buyers race for ten pieces, through several processes, on every kind of backend."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.functional.buyers import Books, Buyer, at_once
from tests.support.sites import RunningSite

BUYERS, PIECES = 50, 10


@pytest.mark.parametrize("services", [pytest.param("embedded", marks=pytest.mark.long), "served"], indirect=True)
def test_fifty_buyers_race_for_ten_pieces(run_site: Callable[..., RunningSite], services: dict[str, str]) -> None:
    site = run_site("myclothes", {"WEB_CONCURRENCY": "4", "THREADS": "4"} | services)
    books = Books(site)
    (variant,) = books.variants(1, PIECES)
    buyers = [Buyer(site.url, email) for email in books.customers(BUYERS)]

    def prepare(buyer: Buyer) -> dict[str, str]:
        buyer.sign_in()
        buyer.add(variant)
        return buyer.checkout_form()

    forms = dict(zip(buyers, at_once(buyers, prepare), strict=True))
    answers = at_once(buyers, lambda buyer: buyer.post("/checkout", forms[buyer]))

    assert Counter(status for status, _ in answers) == {303: PIECES, 409: BUYERS - PIECES}
    assert all("sold out" in page for status, page in answers if status == 409)
    assert (books.stock(variant), books.sold(variant), len(books.orders())) == (0, PIECES, PIECES)
    books.close()


def test_one_order_sent_twenty_times_at_once_is_one_order(
    run_site: Callable[..., RunningSite], services: dict[str, str]
) -> None:
    site = run_site("myclothes", {"WEB_CONCURRENCY": "4", "THREADS": "4"} | services)
    books = Books(site)
    variants = books.variants(3, 100)
    (email,) = books.customers(1)
    buyer = Buyer(site.url, email)
    buyer.sign_in()
    for variant in variants:
        buyer.add(variant, 2)
    form = buyer.checkout_form()

    def send(tab: Buyer) -> tuple[int, str]:
        status, _ = tab.post("/checkout", form)
        return status, tab.location.partition("?")[0]

    answers = at_once([buyer.tab() for _ in range(20)], send)

    (order,) = books.orders()
    assert set(answers) == {(303, f"/orders/{order.number}/payment")}
    assert [books.stock(variant) for variant in variants] == [98, 98, 98]
    assert 'class="badge"' not in buyer.get("/")[1]
    books.close()


@pytest.mark.long
def test_buyers_of_the_same_pieces_in_other_orders_never_fail(
    run_site: Callable[..., RunningSite], services: dict[str, str]
) -> None:
    """Where each buyer locked the pieces in the order of their own cart, some would meet in a deadlock."""
    site = run_site("myclothes", {"WEB_CONCURRENCY": "4", "THREADS": "4"} | services)
    books = Books(site)
    variants = books.variants(4, 1000)
    buyers = [Buyer(site.url, email) for email in books.customers(16)]

    def buy(buyer: Buyer) -> list[int]:
        place = buyers.index(buyer) % len(variants)
        buyer.sign_in()
        statuses = []
        for _ in range(4):
            for variant in variants[place:] + variants[:place]:
                buyer.add(variant)
            statuses.append(buyer.post("/checkout", buyer.checkout_form())[0])
        return statuses

    answers = at_once(buyers, buy)

    assert Counter(status for statuses in answers for status in statuses) == {303: 64}
    assert [books.stock(variant) for variant in variants] == [936] * 4
    books.close()

"""Placing an order: once, at the price that was seen, from stock that is there; or nothing at all."""

import re

import pytest
from sqlalchemy import text

from apps.myclothes.money import money
from tests.myclothes.shop import ADDRESS, Shop, Visitor


def test_an_order_takes_stock_empties_the_cart_and_is_shown(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M", 2)
    ada.add("CREW-FOR-S", 1)
    response = ada.order()
    assert response.status_code == 303
    (order,) = shop.orders()
    assert response.location == f"/orders/{order.number}/payment"
    page = ada.get(f"/orders/{order.number}").text
    for shown in ("Waiting for payment", "2 × €89.00", "€307.00", "St James&#39;s Square", "Germany"):
        assert shown in page
    assert (shop.stock("OXF-SKY-M"), shop.stock("CREW-FOR-S")) == (8, 2)
    assert ada.pieces() == "0"
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", order.number)
    assert order.number in ada.get("/account").text


def test_an_order_keeps_the_price_at_which_it_was_placed(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    page = ada.order().location.removesuffix("/payment")
    with shop.db() as db:
        db.execute(text("UPDATE variants SET price_cents = 100"))
    assert "€89.00" in ada.get(page).text


def test_the_same_order_sent_twice_is_one_order(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    form = ada.checkout_form()
    first, second = ada.order(form), ada.order(form)
    assert second.status_code == 303
    assert second.location == first.location
    assert (len(shop.orders()), shop.stock("OXF-SKY-M")) == (1, 9)


def test_a_new_cart_makes_a_new_order(shop: Shop, ada: Visitor) -> None:
    for _ in range(2):
        ada.add("OXF-SKY-M")
        assert ada.order().status_code == 303
    assert len({order.number for order in shop.orders()}) == 2


def test_after_a_crash_between_commit_and_answer_the_cart_reads_as_ordered(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M", 2)
    form = ada.checkout_form()
    with crashing_sessions(shop):
        ada.order(form)
    assert shop.sold("OXF-SKY-M") == 2
    assert ada.pieces() == "2"
    ada.add("CREW-FOR-S")
    assert "Oxford shirt" not in ada.get("/cart").text
    assert ada.pieces() == "1"
    assert ada.order(form).location == f"/orders/{shop.orders()[0].number}/payment"
    assert ada.order().status_code == 303
    assert len(shop.orders()) == 2
    assert (shop.sold("OXF-SKY-M"), shop.sold("CREW-FOR-S")) == (2, 1)


def test_what_another_tab_adds_while_ordering_stays_in_the_cart(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    form = ada.checkout_form()
    ada.order(form)
    ada.add("CREW-FOR-S", 2)
    # The first tab is reloaded and sends its form again.
    ada.order(form)
    assert ada.pieces() == "2"


def test_nothing_is_kept_of_an_order_that_cannot_be_met(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M", 2)
    ada.add("CREW-FOR-S", 3)
    form = ada.checkout_form()
    shop.set_stock("CREW-FOR-S", 2)
    response = ada.order(form)
    assert response.status_code == 409
    assert "Everyday crew in forest, size S" in response.text
    assert (shop.orders(), shop.stock("OXF-SKY-M"), shop.stock("CREW-FOR-S")) == ([], 10, 2)
    assert ada.pieces() == "5"


@pytest.mark.parametrize("change", ["price", "cart"])
def test_an_order_at_another_price_than_was_seen_is_asked_again(shop: Shop, ada: Visitor, change: str) -> None:
    ada.add("OXF-SKY-M")
    form = ada.checkout_form()
    if change == "cart":
        ada.add("OXF-SKY-M")
    else:
        with shop.db() as db:
            db.execute(text("UPDATE variants SET price_cents = price_cents * 2"))
    response = ada.order(form)
    assert response.status_code == 409
    assert "Your cart or the total has changed." in response.text
    assert "€178.00" in response.text
    assert shop.orders() == []
    assert ada.order().status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("street", "x" * 121),
        ("city", "  "),
        ("postal_code", "1" * 21),
        ("country", "XX"),
        ("country", ""),
        ("seen_cents", "-5"),
        ("method", "catapult"),
        ("code", "x" * 41),
        ("generation", "x"),
        ("generation", "²"),
    ],
)
def test_a_malformed_address_is_422_and_changes_nothing(shop: Shop, ada: Visitor, field: str, value: str) -> None:
    ada.add("OXF-SKY-M")
    response = ada.order(ada.checkout_form() | {field: value})
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert (shop.orders(), shop.stock("OXF-SKY-M"), ada.pieces()) == ([], 10, "1")


def test_an_empty_cart_is_not_ordered(shop: Shop, ada: Visitor) -> None:
    assert ada.get("/checkout").location == "/cart"
    response = ada.order(ADDRESS | {"generation": "0", "seen_cents": "0"})
    assert response.status_code == 409
    assert shop.orders() == []


def test_a_foreign_page_cannot_order(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    form = ada.checkout_form()
    assert ada.post("/checkout", form, Sec_Fetch_Site="cross-site").status_code == 403
    assert shop.orders() == []


def test_nobody_sees_anybody_elses_order(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    number = ada.order().location.removesuffix("/payment")
    bob = shop.visitor()
    assert bob.get(number).status_code == 303
    bob.sign_up("bob@example.org")
    assert bob.get(number).status_code == 404
    assert bob.get("/orders/22222-22222").status_code == 404


def test_the_address_of_the_last_order_is_offered_again(ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    ada.order()
    ada.add("OXF-SKY-M")
    page = ada.get("/checkout").text
    assert "10117" in page
    assert '<option selected value="DE">' in page


def test_reading_writes_nothing(shop: Shop, ada: Visitor) -> None:
    ada.add("OXF-SKY-M")
    number = ada.order().location.removesuffix("/payment")
    ada.add("CREW-FOR-S")
    # A page that writes would fail: safe requests run on a session that refuses to.
    for path in (
        "/",
        "/shelves/knitwear",
        "/products/everyday-crew",
        "/search?q=x",
        "/cart",
        "/account",
        "/checkout",
        number,
    ):
        response = ada.get(path)
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers


def test_pages_show_the_new_stock_after_an_order(shop: Shop, ada: Visitor) -> None:
    ada.get("/products/everyday-crew?colour=forest")
    ada.add("CREW-FOR-S", 3)
    ada.order()
    assert "Sold out in forest" in ada.get("/products/everyday-crew?colour=forest").text


@pytest.mark.parametrize(
    ("cents", "currency", "written"),
    [
        (0, "EUR", "€0.00"),
        (5, "EUR", "€0.05"),
        (123450, "EUR", "€1,234.50"),
        (-990, "EUR", "−€9.90"),
        (100, "XYZ", "XYZ1.00"),
    ],
)
def test_money_is_written_in_one_way(cents: int, currency: str, written: str) -> None:
    assert money(cents, currency) == written


class crashing_sessions:  # noqa: N801
    """The answer is lost after the commit: the session is not told of the order."""

    def __init__(self, shop: Shop) -> None:
        self.patch = pytest.MonkeyPatch()
        self.store = shop.app.session_store

    def __enter__(self) -> None:
        from tests.myclothes.test_cart import unreachable

        self.patch.setattr(self.store, "save", unreachable)

    def __exit__(self, *_: object) -> None:
        self.patch.undo()

"""A cart belongs to the account: one on all devices, added to at sign-in, and never lost by signing out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.chassis.app import Application
from apps.chassis.sessions import SessionStore
from apps.myclothes.cart.access import ORDERED
from apps.myclothes.cart.models import MOST_LINES
from tests.myclothes.shop import PASSWORD, Shop, Visitor
from tests.myclothes.stores import session_url
from tests.myclothes.test_cart import set_price

STORES = ["sqlite", "redis", pytest.param("dynamodb", marks=pytest.mark.long)]


@pytest.fixture(params=STORES)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """The small shop over each session store in which accounts have carts, with Ada's account in it."""
    shop = Shop(tmp_path, {"SESSION_URL": session_url(request.param, request)})
    assert shop.visitor().sign_up().status_code in (200, 303)
    yield shop
    shop.close()


def signed_in(shop: Shop) -> Visitor:
    visitor = shop.visitor()
    assert visitor.sign_in().status_code == 303
    return visitor


def store_of(shop: Shop) -> SessionStore:
    assert shop.app.session_store is not None
    return shop.app.session_store


def pretend_ordered(app: Application, monkeypatch: pytest.MonkeyPatch, ordered: dict[int, int]) -> None:
    """From now on, whatever cart is asked about was ordered with these pieces in its first generation."""
    monkeypatch.setitem(app.extensions, ORDERED, lambda db, cart, generation: None if generation else ordered)


def test_two_devices_see_and_change_one_cart(shop: Shop) -> None:
    phone, laptop = signed_in(shop), signed_in(shop)
    phone.add("OXF-SKY-M", 2)
    laptop.add("OXF-SKY-M", 1)
    laptop.add("CREW-FOR-S")
    assert (phone.pieces(), laptop.pieces()) == ("4", "4")
    phone.post(f"/cart/{shop.variant('CREW-FOR-S').id}/removal")
    assert laptop.pieces() == "3"


def test_signing_out_leaves_the_cart_with_the_account_and_none_in_the_browser(shop: Shop) -> None:
    ada = signed_in(shop)
    ada.add("OXF-SKY-M", 2)
    ada.post("/sign-out")
    assert ada.pieces() == "0"
    assert signed_in(shop).pieces() == "2"


def test_a_guests_cart_is_added_at_sign_in_and_told_once(shop: Shop) -> None:
    signed_in(shop).add("OXF-SKY-M", 2)
    guest = shop.visitor()
    guest.add("OXF-SKY-M", 3)
    guest.add("CREW-FOR-S")
    guest.sign_in()
    assert guest.pieces() == "6"
    assert "4 pieces that you had put in before you signed in were added to your cart." in guest.get("/cart").text
    assert "before you signed in" not in guest.get("/cart").text
    guest.post("/sign-out")
    guest.sign_in()
    assert (guest.pieces(), "before you signed in" in guest.get("/cart").text) == ("6", False)


def test_what_does_not_fit_is_named_and_nothing_is_overwritten(shop: Shop) -> None:
    signed_in(shop).add("OXF-SKY-M", 18)
    guest = shop.visitor()
    guest.add("OXF-SKY-M", 5)
    guest.sign_in()
    page = guest.get("/cart").text
    assert "2 pieces that you had put in" in page
    assert "3 of Oxford shirt in sky, size M, were left out: your cart has no room for more." in page
    assert guest.pieces() == "20"


def test_no_more_kinds_are_merged_than_a_cart_takes(shop: Shop) -> None:
    session = signed_in(shop)
    session.add("CREW-FOR-S")
    fill(shop, MOST_LINES - 1)
    guest = shop.visitor()
    guest.add("OXF-SKY-M", 2)
    guest.add("CREW-FOR-S", 2)
    guest.sign_in()
    page = guest.get("/cart").text
    assert "2 of Oxford shirt in sky, size M, were left out" in page
    assert guest.pieces() == str(MOST_LINES + 2)


def fill(shop: Shop, kinds: int) -> None:
    """Put further kinds into Ada's cart, of which the shop knows none."""
    with shop.app.test_request_context():
        from flask import session

        session.owner = "customer:1"  # type: ignore[attr-defined]
        for number in range(kinds):
            session.shared.add(f"cart:{1000 + number}", 1)  # type: ignore[attr-defined]
        session.save()  # type: ignore[attr-defined]


def test_a_new_account_takes_its_guests_cart_over(shop: Shop) -> None:
    guest = shop.visitor()
    guest.add("OXF-SKY-M", 3)
    guest.sign_up(email="grace@example.org")
    guest.sign_in(email="grace@example.org")
    assert guest.pieces() == "3"


def test_what_a_guest_has_ordered_does_not_come_back_at_sign_in(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = shop.visitor()
    guest.add("OXF-SKY-M", 3)
    guest.add("CREW-FOR-S")
    pretend_ordered(shop.app, monkeypatch, {shop.variant("OXF-SKY-M").id: 3})
    guest.sign_in()
    assert guest.pieces() == "1"


def test_an_order_that_was_under_way_at_sign_in_is_taken_out_afterwards(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = signed_in(shop)
    ada.add("OXF-SKY-M", 2)
    guest = shop.visitor()
    guest.add("OXF-SKY-M", 3)
    guest.sign_in()
    variant = shop.variant("OXF-SKY-M").id
    asked: list[str] = []

    def ordered(db: object, cart: str, generation: int) -> dict[int, int] | None:
        asked.append(cart)
        # The account's own cart is asked about first; the guest's was ordered meanwhile.
        return {variant: 3} if cart != asked[0] else None

    monkeypatch.setitem(shop.app.extensions, ORDERED, ordered)
    page = guest.get("/cart").text
    assert "before you signed in" not in page
    assert (guest.pieces(), ada.pieces()) == ("2", "2")


def test_a_price_seen_by_the_guest_is_told_after_the_sign_in(shop: Shop) -> None:
    guest = shop.visitor()
    guest.add("OXF-SKY-M")
    set_price(shop, "OXF-SKY-M", 9900)
    guest.sign_in()
    assert "It was €89.00." in guest.get("/cart").text


def test_a_cart_that_the_release_before_left_in_a_session_joins_the_account(shop: Shop) -> None:
    ada = signed_in(shop)
    ada.add("CREW-FOR-S")
    with ada.client.session_transaction() as session:
        session["cart_id"] = "0" * 32
        session.add(f"cart:{shop.variant('OXF-SKY-M').id}", 2)  # type: ignore[attr-defined]
    assert "Oxford shirt" in ada.get("/cart").text
    assert (ada.pieces(), signed_in(shop).pieces()) == ("3", "3")


def test_signing_out_everywhere_keeps_the_cart_and_erasure_does_not(shop: Shop) -> None:
    ada = signed_in(shop)
    ada.add("OXF-SKY-M", 2)
    ada.post("/sign-out/everywhere")
    assert signed_in(shop).pieces() == "2"
    store_of(shop).forget("customer:1")
    assert signed_in(shop).pieces() == "0"


def test_the_cart_is_part_of_what_a_customer_may_take_along(shop: Shop) -> None:
    ada = signed_in(shop)
    ada.add("OXF-SKY-M", 2)
    assert ada.get("/account/data/export").json["cart"] == [{"sku": "OXF-SKY-M", "quantity": 2}]  # type: ignore[index]


def test_two_tabs_and_two_devices_that_change_at_once_lose_nothing(shop: Shop) -> None:
    visitors = [signed_in(shop), signed_in(shop)]
    variant = shop.variant("OXF-SKY-M").id
    for visitor in [*visitors, *visitors]:
        with visitor.client.session_transaction() as tab:
            assert tab.shared.fields("cart:") is not None  # type: ignore[attr-defined]
            # Another tab and another device add while this one has read and not yet saved.
            for other in visitors:
                other.add("OXF-SKY-M")
            tab.shared.add(f"cart:{variant}", 1, maximum=20)  # type: ignore[attr-defined]
    assert [visitor.pieces() for visitor in visitors] == ["12", "12"]


def test_sessions_in_cookies_keep_the_cart_in_the_browser_and_the_page_says_so(tmp_path: Path) -> None:
    shop = Shop(tmp_path, {"SESSION_URL": "cookie:"})
    guest = shop.visitor()
    guest.sign_up()
    guest.post("/sign-out")
    guest.add("OXF-SKY-M", 2)
    guest.sign_in(password=PASSWORD)
    page = guest.get("/cart").text
    assert "This cart is kept in this browser alone." in page
    assert re.search(r'class="badge">2', page)
    assert signed_in(shop).pieces() == "0"
    shop.close()

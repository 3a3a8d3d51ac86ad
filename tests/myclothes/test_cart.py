"""Putting pieces into the cart, from one tab or two."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from apps.chassis.sessions import SessionUnavailable
from apps.myclothes.cart.models import MOST_LINES, Cart, CartFull
from tests.myclothes.shop import Shop, Visitor


def test_a_guest_fills_changes_and_empties_a_cart(shop: Shop, visitor: Visitor) -> None:
    response = visitor.add("OXF-SKY-M", 2)
    assert response.status_code == 303
    page = visitor.get(response.location).text
    assert "Oxford shirt in sky, size M, is in your cart." in page
    assert "€178.00" in page
    variant = shop.variant("OXF-SKY-M").id
    assert visitor.post(f"/cart/{variant}", {"quantity": 3}).status_code == 303
    assert "€267.00" in visitor.get("/cart").text
    assert visitor.post(f"/cart/{variant}/removal").status_code == 303
    assert "There is nothing in it yet." in visitor.get("/cart").text


@pytest.mark.parametrize("quantity", ["0", "-1", "21", "1.5", "", "many", "9" * 40])
def test_quantities_are_bounded(shop: Shop, visitor: Visitor, quantity: str) -> None:
    assert visitor.add("OXF-SKY-M", quantity).status_code == 422
    assert visitor.pieces() == "0"
    visitor.add("OXF-SKY-M", 1)
    assert visitor.post(f"/cart/{shop.variant('OXF-SKY-M').id}", {"quantity": quantity}).status_code == 422
    assert visitor.pieces() == "1"


def test_a_kind_is_clipped_at_twenty(visitor: Visitor) -> None:
    for _ in range(3):
        visitor.add("OXF-SKY-M", 15)
    assert visitor.pieces() == "20"


@pytest.mark.parametrize("variant", ["", "x", "0", "999999", "-3", str(2**40)])
def test_only_what_there_is_can_be_added(visitor: Visitor, variant: str) -> None:
    form = {"variant": variant, "quantity": 1, "product": "everyday-crew"}
    response = visitor.post("/cart", form)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert visitor.post("/cart", form | {"product": "none"}).status_code == 404


def test_what_is_sold_out_is_refused_with_its_name(visitor: Visitor) -> None:
    response = visitor.add("CREW-OAT-M")
    assert response.status_code == 409
    assert "Size M has just sold out in this colour." in response.text


def test_the_cart_tells_when_too_few_are_left(shop: Shop, visitor: Visitor) -> None:
    visitor.add("CREW-FOR-S", 3)
    shop.set_stock("CREW-FOR-S", 2)
    assert "Only 2 left" in visitor.get("/cart").text


def test_changing_what_is_not_in_the_cart_adds_nothing(shop: Shop, visitor: Visitor) -> None:
    assert visitor.post(f"/cart/{shop.variant('OXF-SKY-M').id}", {"quantity": 3}).status_code == 303
    assert visitor.post("/cart/12345/removal").status_code == 303
    assert visitor.pieces() == "0"


def test_a_cart_takes_so_many_kinds_and_no_more() -> None:
    kept = Kept()
    cart = Cart(kept)
    for variant in range(1, MOST_LINES + 1):
        cart.add(variant, 1)
    with pytest.raises(CartFull):
        cart.add(MOST_LINES + 1, 1)
    cart.add(1, 1)
    assert cart.count == MOST_LINES + 1


def test_what_was_added_while_an_order_was_placed_stays() -> None:
    kept = Kept()
    cart = Cart(kept)
    cart.add(1, 2)
    cart.add(1, 3)
    cart.add(2, 1)
    cart.move_on(0, {1: 2})
    cart.move_on(0, {1: 2})
    assert (cart.quantities(), cart.generation) == ({1: 3, 2: 1}, 1)


def test_a_page_goes_on_without_its_session_but_the_cart_says_so(
    shop: Shop, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.add("OXF-SKY-M", 2)
    store = shop.app.session_store
    with monkeypatch.context() as patch:
        for name in ("load", "save"):
            patch.setattr(store, name, unreachable)
        for path in ("/", "/shelves/knitwear", "/products/everyday-crew", "/search?q=crew"):
            assert visitor.get(path).status_code == 200
        for path in ("/cart", "/checkout", "/account"):
            response = visitor.get(path)
            assert response.status_code == 503
            assert response.headers["Retry-After"]
            assert "Set-Cookie" not in response.headers
        assert visitor.add("OXF-SKY-M").status_code == 503
    assert visitor.pieces() == "2"


def test_a_foreign_page_cannot_fill_a_cart(shop: Shop, visitor: Visitor) -> None:
    form = {"variant": shop.variant("OXF-SKY-M").id, "quantity": 1}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert visitor.client.post("/cart", data=form, headers=headers).status_code == 403
    assert visitor.pieces() == "0"


@pytest.mark.parametrize("url", ["memory:", "cookie:"])
def test_other_session_stores_keep_carts_too(tmp_path: Path, url: str) -> None:
    shop = Shop(tmp_path, {"SESSION_URL": url})
    visitor = shop.visitor()
    visitor.add("OXF-SKY-M", 2)
    visitor.add("CREW-FOR-S")
    assert visitor.pieces() == "3"
    shop.close()


def unreachable(*_: object) -> None:
    raise SessionUnavailable("no answer")


class Kept(dict[str, object]):
    """A session as far as a cart needs one."""

    def fields(self, prefix: str = "") -> dict[str, object]:
        return {name: value for name, value in self.items() if name.startswith(prefix)}

    def add(self, field: str, amount: int, *, maximum: int | None = None) -> None:
        self._set(field, min(self._count(field) + amount, maximum or 10**9))

    def move_on(self, field: str, expected: int, *, subtract: Mapping[str, int]) -> None:
        if self._count(field) == expected:
            self._set(field, expected + 1)
            for name, amount in subtract.items():
                self._set(name, self._count(name) - amount)

    def _count(self, field: str) -> int:
        return int(str(self.get(field, 0)))

    def _set(self, field: str, count: int) -> None:
        if count > 0:
            self[field] = count
        else:
            self.pop(field, None)


def test_a_line_whose_number_no_piece_can_have_is_not_found(visitor: Visitor) -> None:
    assert visitor.post(f"/cart/{10**250}/removal").status_code == 404

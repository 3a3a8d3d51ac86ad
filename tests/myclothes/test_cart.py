"""Putting pieces into the cart, from one tab or two."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from apps.chassis.sessions import SessionUnavailable
from apps.myclothes.cart.models import MOST_LINES, Cart, CartFull
from apps.myclothes.catalog.ledger import StockMovement
from apps.myclothes.catalog.models import Variant
from tests.myclothes.shop import Shop, Visitor
from tests.myclothes.stores import session_url


@pytest.fixture(
    params=["sqlite", pytest.param("redis", marks=pytest.mark.long), pytest.param("dynamodb", marks=pytest.mark.long)]
)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """The small shop over each store that keeps sessions for all instances."""
    shop = Shop(tmp_path, {"SESSION_URL": session_url(request.param, request)})
    yield shop
    shop.close()


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


def test_what_was_removed_can_be_put_back(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M", 2)
    page = visitor.get(visitor.post(f"/cart/{shop.variant('OXF-SKY-M').id}/removal").location).text
    assert "Oxford shirt in sky, size M, was removed." in page
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert "Put it back" in page
    assert visitor.post("/cart", form).status_code == 303
    assert visitor.pieces() == "2"


@pytest.mark.parametrize(
    "query", ["removed=x", "removed=999999&were=2", f"removed={2**70}&were=1", "added=-1", "removed=1&were=99&full=9"]
)
def test_an_address_that_tells_nonsense_is_the_cart_all_the_same(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/cart?{query}").status_code == 200


@pytest.mark.parametrize("quantity", ["0", "-1", "21", "1.5", "", "many", "9" * 40])
def test_quantities_are_bounded(shop: Shop, visitor: Visitor, quantity: str) -> None:
    refused = visitor.add("OXF-SKY-M", quantity)
    assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    assert ">Oxford shirt</h1>" in refused.text
    assert visitor.pieces() == "0"
    visitor.add("OXF-SKY-M", 1)
    assert visitor.post(f"/cart/{shop.variant('OXF-SKY-M').id}", {"quantity": quantity}).status_code == 422
    assert visitor.pieces() == "1"


def test_a_kind_is_clipped_at_twenty_with_a_word(visitor: Visitor) -> None:
    assert "More than" not in visitor.get(visitor.add("OXF-SKY-M", 15).location).text
    assert "More than 20 of a piece we cannot take." in visitor.get(visitor.add("OXF-SKY-M", 15).location).text
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


def test_the_cart_tells_when_too_few_are_left_and_offers_those(shop: Shop, visitor: Visitor) -> None:
    visitor.add("CREW-FOR-S", 3)
    shop.set_stock("CREW-FOR-S", 2)
    page = visitor.get("/cart").text
    assert "Only 2 left of Everyday crew in forest, size S." in page
    assert "Take 2" in page
    visitor.post(f"/cart/{shop.variant('CREW-FOR-S').id}", {"quantity": 2})
    assert "Only 2 left" not in visitor.get("/cart").text
    shop.set_stock("CREW-FOR-S", 0)
    assert "Everyday crew in forest, size S, has sold out." in visitor.get("/cart").text


def test_the_cart_tells_a_new_price_until_the_visitor_agrees(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M", 2)
    visitor.add("CREW-FOR-S")
    set_price(shop, "OXF-SKY-M", 9900)
    for _ in range(2):
        page = visitor.get("/cart").text
        assert "Oxford shirt in sky, size M, now costs €99.00. It was €89.00." in page
        assert "€327.00" in page
    seen = {f"price-{shop.variant(sku).id}": cents for sku, cents in (("OXF-SKY-M", 9800), ("CREW-FOR-S", 1))}
    visitor.post("/cart/agreement", seen)
    assert "It was €89.00." in visitor.get("/cart").text
    visitor.post("/cart/agreement", dict(re.findall(r'name="(price-\d+)" value="(\d+)"', page)))
    assert "It was" not in visitor.get("/cart").text


def test_a_piece_that_is_no_longer_sold_is_named_and_is_no_part_of_the_sum(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M", 2)
    visitor.add("CREW-FOR-S")
    with shop.db() as db:
        db.scalars(select(Variant).where(Variant.sku == "OXF-SKY-M")).one().product.published = False
    page = visitor.get("/cart").text
    assert "Oxford shirt in sky, size M, is no longer sold." in page
    assert "€129.00" in page
    assert visitor.add("OXF-SKY-M").status_code in (404, 422)
    visitor.post(f"/cart/{shop.variant('OXF-SKY-M').id}/removal")
    assert "no longer sold" not in visitor.get("/cart").text


def test_a_piece_that_nobody_knows_any_more_is_told_and_can_be_removed(visitor: Visitor, shop: Shop) -> None:
    visitor.add("CREW-FOR-S")
    variant = shop.variant("CREW-FOR-S").id
    with shop.db() as db:
        db.execute(delete(StockMovement).where(StockMovement.variant_id == variant))
        db.execute(delete(Variant).where(Variant.sku == "CREW-FOR-S"))
    page = visitor.get("/cart").text
    assert "A piece that we no longer sell is not part of the sum." in page
    [removal] = re.findall(r'action="(/cart/\d+/removal)"', page)
    visitor.post(removal)
    assert "There is nothing in it yet." in visitor.get("/cart").text


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


def set_price(shop: Shop, sku: str, cents: int) -> None:
    with shop.db() as db:
        db.scalars(select(Variant).where(Variant.sku == sku)).one().price_cents = cents


def unreachable(*_: object) -> None:
    raise SessionUnavailable("no answer")


class Kept(dict[str, object]):
    """A session as far as a cart needs one."""

    def fields(self, prefix: str = "") -> dict[str, object]:
        return {name: value for name, value in self.items() if name.startswith(prefix)}

    def keep(self, field: str, value: object) -> None:
        self.setdefault(field, value)

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

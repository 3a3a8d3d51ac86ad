"""A purchase in Korean, from the shelf to the counter and the mails: no English but names and what is stored."""

import re

import pytest
from sqlalchemy import update

from apps.myclothes.accounts.models import Customer, Role
from tests.myclothes.post import PostOffice, content
from tests.myclothes.shop import Shop, Visitor
from tests.support.korean import english, korean, shown

# What the catalogue and the visitors say themselves, names of things, and what programs call them.
STORED = (
    "Everyday crew", "Oxford shirt", "Heavy tee", "Soft.", "Crisp.", "Dense 100% jersey.", "Knitwear", "Shirts & tees",
    "Oatmeal", "Forest", "Sky", "Ink", "Lambswool", "Cotton", "Ada Lovelace", "12 St James's Square", "Berlin", "Ada",
    "MyClothes", "English", "WooCommerce", "SKU", "UTC", "CSV", "linen, navy, roll-neck",
    "oxford", "http",
)  # fmt: skip
GUESTS_PAGES = (
    "/", "/shelves/knitwear", "/products/everyday-crew", "/search?q=oxford", "/search?q=0", "/cart", "/track", "/none",
    "/sign-in", "/sign-up", "/password-reset", "/products/none", "/email-change",
)  # fmt: skip
COUNTERS_PAGES = (
    "/account", "/account/profile", "/account/addresses", "/account/addresses/new", "/account/second-factor",
    "/account/second-factor/new", "/account/data", "/admin", "/admin/orders", "/admin/products", "/admin/products/1",
    "/admin/stock", "/admin/import", "/admin/coupons", "/admin/coupons/new", "/admin/sales", "/admin/customers",
)  # fmt: skip


class Reader:
    """A visitor who reads all that the shop says in Korean."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def get(self, path: str) -> None:
        self.read(path, self.visitor.get(korean(path)).text)

    def post(self, path: str, form: dict[str, str]) -> str:
        """Send the form and read what follows; tell where that was."""
        answer = self.visitor.post(korean(path), form)
        if answer.status_code != 303:
            self.read(path, answer.text)
            return path
        assert "lang=ko" in answer.location, f"{path} leads to {answer.location}"
        following = self.visitor.client.get(answer.location, follow_redirects=True)
        self.read(answer.location, following.text)
        return answer.location

    def pay(self, shop: Shop, *cards: str) -> str:
        """Order a piece and try these cards; the order's address."""
        self.post("/cart", {"variant": str(shop.variant("CREW-OAT-S").id), "quantity": "1"})
        self.get("/checkout")
        generation = re.findall(r'name="generation"[^>]*value="(\d+)"', self.visitor.get("/checkout").text)
        form = self.visitor.checkout_form(email="ida@example.org", generation=generation[0])
        address = self.post("/checkout", form).replace("?lang=ko", "").replace("&lang=ko", "")
        for card in cards:
            self.post(address, {"card": card})
        order = address.replace("/payment", "")
        self.get(order)
        return order

    def read(self, path: str, page: str) -> None:
        assert '<html lang="ko"' in page, path
        assert english(shown(page), STORED) == [], path


@pytest.mark.parametrize(("said", "found"), [("장바구니에 담기", []), ("Add to 장바구니", ["Add to 장바구니"])])
def test_english_is_found_within_korean(said: str, found: list[str]) -> None:
    assert english(said, STORED) == found


def test_guests_read_korean(visitor: Visitor) -> None:
    reader = Reader(visitor)
    for path in GUESTS_PAGES:
        reader.get(path)
    for path in ("/cart", "/track", "/sign-in", "/sign-up", "/password-reset"):
        reader.post(path, {})
    reader.post("/track", {"number": "none", "email": "ida@example.org"})


def test_a_purchase_is_told_in_korean(shop: Shop, visitor: Visitor, post: PostOffice) -> None:
    reader = Reader(visitor)
    reader.post("/cart", {"variant": str(shop.variant("OXF-SKY-M").id), "quantity": "x"})
    reader.post("/checkout", {"country": "XX", "email": "ida", "code": "NONE"})
    reader.pay(shop, "4111222233330062")
    order = reader.pay(shop, "none", "4111222233330013", "4111222233330005")
    reader.post(order.replace("?", "/cancellation?"), {})
    for kind in ("receipt", "cancelled"):
        mail = post.deliver(kind)
        assert english(f"{mail['Subject']}\n{content(mail, 'plain')}", STORED) == []
        reader.read(kind, content(mail, "html"))


def test_the_counter_is_told_in_korean(shop: Shop, ada: Visitor) -> None:
    reader = Reader(ada)
    order = reader.pay(shop, "4111222233330005").partition("?")[0]
    with shop.db() as db:
        db.execute(update(Customer).values(role=Role.ADMINISTRATOR))
    for path in (*COUNTERS_PAGES, f"/admin{order}", f"/admin{order}/packing-slip"):
        reader.get(path)
    for verb in ("packing", "shipment", "refunds", "cancellation"):
        reader.post(f"/admin{order}/{verb}", {})
    for path in ("/account/addresses", "/admin/coupons", "/admin/products", "/admin/import/plan"):
        reader.post(path, {})


def test_an_order_that_costs_nothing_is_told_in_korean(shop: Shop, ada: Visitor) -> None:
    with shop.db() as db:
        db.execute(update(Customer).values(role=Role.ADMINISTRATOR))
    reader = Reader(ada)
    reader.post("/admin/coupons", {"code": "SKU", "kind": "percent", "percent": "100"})
    ada.add("CREW-FOR-S")
    reader.post("/checkout", ada.checkout_form(code="SKU"))
    (order,) = shop.orders()
    assert order.total_cents == 0
    reader.get(f"/admin/orders/{order.number}")

"""Behind the counter: who may do what there, and that the shop shows what was done."""

import re

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from apps.myclothes.accounts.audits import AuditEntry
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.catalog import ledger
from apps.myclothes.catalog.ledger import StockMovement
from apps.myclothes.catalog.models import Category, Product
from tests.myclothes.shop import Shop, Visitor

CLERKS = ("/admin", "/admin/orders")
MANAGERS = ("/admin/products", "/admin/products/new", "/admin/stock", "/admin/import", "/admin/coupons", "/admin/sales")
ADMINISTRATORS = ("/admin/customers", "/admin/audits")
VARIANT = {
    "sku": "CREW-INK-S",
    "colour": "Ink",
    "swatch": "#23262F",
    "size": "S",
    "picture": "heavy-tee-ink.svg",
    "price": "129.50",
    "stock": "7",
}


def appoint(shop: Shop, visitor: Visitor, role: Role) -> Visitor:
    with shop.db() as db:
        db.execute(update(Customer).where(Customer.email == "ada@example.org").values(role=role))
    return visitor


@pytest.fixture
def manager(shop: Shop, ada: Visitor) -> Visitor:
    return appoint(shop, ada, Role.MANAGER)


@pytest.fixture
def administrator(shop: Shop, ada: Visitor) -> Visitor:
    return appoint(shop, ada, Role.ADMINISTRATOR)


def audited(shop: Shop) -> list[tuple[str, str]]:
    with shop.db() as db:
        entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, entry.subject) for entry in entries if entry.actor == "ada@example.org"]


def product_form(shop: Shop, **changed: object) -> dict[str, object]:
    with shop.db() as db:
        category = db.scalars(select(Category).where(Category.slug == "knitwear")).one()
    return {"name": "Sea jumper", "category_id": category.id, "published": "y", "material": "Wool"} | changed


def product_id(shop: Shop, slug: str = "everyday-crew") -> int:
    with shop.db() as db:
        return db.scalars(select(Product).where(Product.slug == slug)).one().id


@pytest.mark.parametrize(
    ("role", "open_pages"),
    [
        (Role.CUSTOMER, ()),
        (Role.CLERK, CLERKS),
        (Role.MANAGER, CLERKS + MANAGERS),
        (Role.ADMINISTRATOR, CLERKS + MANAGERS + ADMINISTRATORS),
    ],
)
def test_each_role_sees_its_own_pages_and_no_others(
    shop: Shop, ada: Visitor, role: Role, open_pages: tuple[str, ...]
) -> None:
    appoint(shop, ada, role)
    found = {path: ada.get(path) for path in CLERKS + MANAGERS + ADMINISTRATORS}
    assert {path for path, answer in found.items() if answer.status_code == 200} == set(open_pages)
    assert {answer.status_code for answer in found.values()} <= {200, 404}
    if open_pages:
        linked = set(re.findall(r'href="(/admin[^"?]*)"', found["/admin"].text))
        assert linked <= set(open_pages) | {path for path in linked if path.startswith("/admin/stock/")}


def test_guests_are_sent_to_sign_in_and_may_change_nothing(shop: Shop, visitor: Visitor) -> None:
    assert visitor.get("/admin/products").location == "/sign-in?next=/admin/products"
    assert visitor.post("/admin/products", product_form(shop)).status_code == 303
    assert visitor.post("/admin/coupons", {"code": "FREE", "kind": "percent", "percent": "100"}).status_code == 303
    with shop.db() as db:
        assert db.scalar(select(Product).where(Product.name == "Sea jumper")) is None


def test_a_new_product_is_sold_once_it_has_a_variant(shop: Shop, manager: Visitor) -> None:
    made = manager.post("/admin/products", product_form(shop))
    number = product_id(shop, "sea-jumper")
    assert made.location == f"/admin/products/{number}?done=created"
    assert manager.get("/products/sea-jumper").status_code == 404
    assert manager.post(f"/admin/products/{number}/variants", VARIANT).status_code == 303
    page = shop.visitor().get("/products/sea-jumper").text
    assert "129.50" in page
    assert shop.stock("CREW-INK-S") == 7
    with shop.db() as db:
        assert ledger.discrepancies(db) == []
    assert audited(shop) == [("product.create", "sea-jumper"), ("variant.create", "CREW-INK-S")]


def test_the_end_of_a_line_is_one_character_of_a_description(manager: Visitor, shop: Shop) -> None:
    told = "\r\n".join("a" * 99 for _ in range(10)) + "\r\n"
    assert manager.post("/admin/products", product_form(shop, description=told)).status_code == 303
    answer = manager.post("/admin/products", product_form(shop, description="a" * 1001))
    assert "longer than 1000" in answer.text


def test_two_products_of_one_name_get_addresses_of_their_own(shop: Shop, manager: Visitor) -> None:
    for _ in range(3):
        manager.post("/admin/products", product_form(shop))
    assert product_id(shop, "sea-jumper") < product_id(shop, "sea-jumper-2") < product_id(shop, "sea-jumper-3")


def test_a_hidden_product_leaves_the_shop_and_its_shelf(shop: Shop, manager: Visitor) -> None:
    assert "Everyday crew" in manager.get("/shelves/knitwear").text
    hidden = product_form(shop, name="Everyday crew", published="")
    assert manager.post(f"/admin/products/{product_id(shop)}", hidden).status_code == 303
    assert manager.get("/products/everyday-crew").status_code == 404
    assert "Everyday crew" not in manager.get("/shelves/knitwear").text
    with shop.db() as db:
        entry = db.scalars(select(AuditEntry)).one()
    assert entry.details["published"] == "True → False"


def test_of_two_who_edit_a_product_the_second_is_told_first(shop: Shop, manager: Visitor) -> None:
    address = f"/admin/products/{product_id(shop)}"
    mine = product_form(shop, name="Everyday crew", seen=seen(manager.get(address)))
    theirs = mine | {"material": "Merino"}
    assert manager.post(address, theirs).status_code == 303
    refused = manager.post(address, mine | {"description": "Warm."})
    assert refused.status_code == 409
    assert "Somebody has changed this product meanwhile." in refused.text
    assert "Warm." in refused.text
    assert "Merino" in manager.get(address).text
    assert manager.post(address, mine | {"seen": seen(refused)}).status_code == 303
    assert "Merino" not in manager.get(address).text


def seen(response: TestResponse) -> str:
    """What a product's form tells of the product that it was made from."""
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', response.text)
    assert found
    return found[1]


def test_a_sale_shows_in_the_shop_at_once(shop: Shop, manager: Visitor) -> None:
    assert "89.00" in manager.get("/products/oxford-shirt").text
    variant = shop.variant("OXF-SKY-M")
    form = {"sku": variant.sku, "colour": "Sky", "swatch": "#a9bccd", "size": "M", "picture": variant.picture}
    dear = form | {"price": "89", "sale_price": "90"}
    assert "A sale price is less than the price." in manager.post(f"/admin/variants/{variant.id}", dear).text
    cheap = form | {"price": "89", "sale_price": "59,50", "sale_starts": "2020-01-01T08:00"}
    assert manager.post(f"/admin/variants/{variant.id}", cheap).status_code == 303
    assert "59.50" in shop.visitor().get("/products/oxford-shirt").text


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("sku", "CREW-OAT-S", "Another variant has this SKU."),
        ("sku", "x" * 65, "longer than 64"),
        ("price", "0", "A price is more than nothing."),
        ("price", "100000.01", "A price is at most 100000.00."),
        ("price", "99999999999", "Please write an amount"),
        ("price", "NaN", "Please write an amount"),
        ("swatch", "red", "Please write a colour"),
        ("picture", "../../secret", "Not a valid choice"),
        ("stock", "-1", "Please write a number of pieces."),
        ("stock", "9" * 5000, "Not a valid integer"),
        ("sale_starts", "0001-01-01T00:00", "in this century"),
        ("sale_starts", "yesterday", "Please choose a day and a time."),
    ],
)
def test_a_malformed_variant_is_422_and_says_why(
    shop: Shop, manager: Visitor, field: str, value: str, text: str
) -> None:
    response = manager.post(f"/admin/products/{product_id(shop)}/variants", VARIANT | {field: value})
    assert response.status_code == 422
    assert text in response.text
    assert audited(shop) == []


def test_a_product_has_each_colour_and_size_once(shop: Shop, manager: Visitor) -> None:
    twin = VARIANT | {"colour": "Oatmeal"}
    response = manager.post(f"/admin/products/{product_id(shop)}/variants", twin)
    assert response.status_code == 422
    assert "has this colour in this size already" in response.text


def test_a_count_books_the_difference_and_who_counted(shop: Shop, manager: Visitor) -> None:
    variant = shop.variant("CREW-OAT-S")
    form = {"stock": "2", "note": "three were damp"}
    assert manager.post(f"/admin/stock/{variant.id}/counts", form).status_code == 303
    assert shop.stock("CREW-OAT-S") == 2
    with shop.db() as db:
        moved = db.scalars(select(StockMovement).where(StockMovement.cause == "count")).one()
        assert (moved.quantity, moved.actor) == (-3, "ada@example.org")
        assert ledger.discrepancies(db) == []
    page = manager.get(f"/admin/stock/{variant.id}").text
    assert "three were damp" in page
    assert "-3" in page
    assert manager.post(f"/admin/stock/{variant.id}/counts", {"stock": "2"}).status_code == 422


def test_a_coupon_is_made_once_and_withdrawn_once(shop: Shop, manager: Visitor) -> None:
    form = {"code": " spring 10 ", "kind": "percent", "percent": "10", "most_uses": "5"}
    made = manager.post("/admin/coupons", form)
    assert made.status_code == 303
    assert "There is a coupon with this code already." in manager.post("/admin/coupons", form).text
    page = manager.get(made.location).text
    assert "SPRING10" in page
    withdrawal = re.findall(r'action="([^"]*withdrawal)"', page)[0]
    assert [manager.post(withdrawal).status_code for _ in range(2)] == [303, 303]
    assert audited(shop) == [("coupon.create", "SPRING10"), ("coupon.withdraw", "SPRING10")]
    assert "withdrawal" not in manager.get(made.location).text


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"percent": "101"}, "From 1 to 100"),
        ({"percent": ""}, "From 1 to 100"),
        ({"kind": "fixed", "amount": "0"}, "Please write an amount"),
        ({"kind": "gift"}, "Not a valid choice"),
        ({"code": "ÜBER"}, "Letters, digits and hyphens"),
        ({"starts": "2026-02-01T00:00", "ends": "2026-01-01T00:00"}, "ends after it has begun"),
    ],
)
def test_a_malformed_coupon_is_422_and_says_why(manager: Visitor, changed: dict[str, str], text: str) -> None:
    response = manager.post("/admin/coupons", {"code": "SPRING", "kind": "percent", "percent": "10"} | changed)
    assert response.status_code == 422
    assert text in response.text


def test_only_an_administrator_changes_roles_and_the_last_one_stays(shop: Shop, administrator: Visitor) -> None:
    shop.visitor().sign_up("bob@example.org")
    with shop.db() as db:
        ada, bob = (Customer.with_email(db, f"{name}@example.org") for name in ("ada", "bob"))
    assert ada is not None
    assert bob is not None
    assert administrator.post(f"/admin/customers/{bob.id}/role", {"role": "king"}).status_code == 422
    assert administrator.post(f"/admin/customers/{bob.id}/role", {"role": "clerk"}).status_code == 303
    assert administrator.post(f"/admin/customers/{ada.id}/role", {"role": "customer"}).status_code == 422
    assert audited(shop) == [("customer.role", "bob@example.org")]
    assert "customer → clerk" in administrator.get("/admin/audits?q=customer").text
    assert "bob@example.org" in administrator.get("/admin/customers?role=clerk&q=bob").text


@pytest.mark.parametrize(
    "path",
    [
        "/admin/orders?before=abc&q=%00&state=none",
        "/admin/orders?before=99999999999999999999999",
        "/admin/products?q=" + "%25_" * 60,
        "/admin/stock?before=9999999999&q=%ED%A0%80",
        "/admin/sales?days=-1",
        "/admin/customers?role=king",
        "/admin/audits?q=%27%3B--",
    ],
)
def test_hostile_questions_get_an_ordinary_page(administrator: Visitor, path: str) -> None:
    assert administrator.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/admin/orders/NONE", "/admin/products/99999999999999999999", "/admin/stock/0", "/admin/customers/123456"]
)
def test_what_does_not_exist_is_404(administrator: Visitor, path: str) -> None:
    assert administrator.get(path).status_code == 404

"""The counter on MariaDB, which is stricter than SQLite: every page, and every refusal of the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.admin.sales import by_day
from apps.myclothes.catalog import ledger
from apps.myclothes.orders.models import Order
from tests.myclothes.shop import ServedShop, Visitor
from tests.services.mariadb import MariaDb

pytestmark = pytest.mark.long

VARIANT = {"colour": "Oatmeal", "swatch": "#d2c4ab", "size": "S", "picture": "everyday-crew-oatmeal.svg", "price": "9"}
PAGES = (
    "/admin",
    "/admin/orders?q=a&state=paid&before=9999999999",
    "/admin/products?q=crew&state=published",
    "/admin/stock?q=crew&state=low",
    "/admin/coupons",
    "/admin/sales?days=365",
    "/admin/customers?q=ada&role=administrator",
    "/admin/audits?q=stock",
    "/admin/import/catalogue.csv",
)


@pytest.fixture(scope="module")
def served(mariadb: MariaDb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedShop]:
    mariadb.create("counter")
    shop = ServedShop(Path(tmp_path_factory.mktemp("counter")), {"DATABASE_URL": mariadb.url("counter")})
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def boss(served: ServedShop) -> Visitor:
    boss = served.visitor()
    boss.sign_up()
    with served.db() as db:
        db.execute(update(Customer).values(role=Role.ADMINISTRATOR))
    return boss


def test_every_page_is_there_on_mariadb(served: ServedShop, boss: Visitor) -> None:
    boss.add("OXF-SKY-M")
    boss.order(boss.checkout_form(email="ada@example.org"))
    with served.db() as db:
        order = db.scalars(select(Order)).one()
        number, paid = order.number, order.placed_at
        order.paid_at = paid
    for path in (*PAGES, f"/admin/orders/{number}", f"/admin/stock/{served.variant('OXF-SKY-M').id}"):
        assert boss.get(path).status_code == 200, path
    with served.db() as db:
        assert by_day(db, paid.date(), 3)[-1].orders == 1


def test_what_the_database_refuses_is_told_on_mariadb(served: ServedShop, boss: Visitor) -> None:
    kept, other = served.variant("CREW-OAT-S"), served.variant("CREW-OAT-M")
    taken = "has this colour in this size already"
    answers = {
        boss.post(f"/admin/products/{kept.product_id}/variants", VARIANT | {"sku": "NEW", "stock": "1"}): taken,
        boss.post(f"/admin/variants/{other.id}", VARIANT | {"sku": "CREW-OAT-M"}): taken,
        boss.post(f"/admin/variants/{other.id}", VARIANT | {"sku": "CREW-OAT-S", "size": "L"}): "has this SKU",
    }
    for answer, text in answers.items():
        assert answer.status_code == 422
        assert text in answer.text
    assert served.variant("CREW-OAT-M").size == "M"


def test_a_count_is_booked_on_mariadb(served: ServedShop, boss: Visitor) -> None:
    variant = served.variant("CREW-FOR-S")
    assert boss.post(f"/admin/stock/{variant.id}/counts", {"stock": "8", "note": "found"}).status_code == 303
    with served.db() as db:
        assert ledger.discrepancies(db) == []


def test_the_last_administrator_stays_on_mariadb(served: ServedShop, boss: Visitor) -> None:
    with served.db() as db:
        number = db.scalars(select(Customer.id)).one()
    assert boss.post(f"/admin/customers/{number}/role", {"role": "clerk"}).status_code == 422

"""What the migrations make is what the models expect, and what the previous release knew is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, event, inspect, select, text

from apps.chassis.app import create_worker, open_database
from apps.chassis.database import Database
from apps.chassis.engines import reads_only
from apps.chassis.migrations import migrate, pending
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes import SITE
from apps.myclothes.catalog.ledger import StockMovement, discrepancies
from apps.myclothes.letters.models import Letter
from tests.support.apps import close
from tests.support.schemas import difference, empty, first_release

# The previous release writes them, and serves until no instance of it is left.
RETIRED = {"receipt_claimed_until", "receipt_sent_at", "receipt_refused_at", "ix_orders_receipt_sent_at"}
MORNING, NOON = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "mariadb"])
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    return empty(SITE, request, tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = open_database(SITE, settings)
    assert database is not None
    yield database
    database.dispose()


@pytest.fixture
def sold(settings: Settings, database: Database) -> Database:
    """The database of the first release, with two orders: the receipt of the first is sent."""
    first_release(SITE, settings, database, fill)
    return database


def fill(connection: Connection) -> None:
    known = MetaData()
    known.reflect(connection)

    def insert(table: str, **values: Any) -> None:
        connection.execute(known.tables[table].insert(), values)

    insert("categories", id=1, slug="shirts", name="Shirts", position=0)
    described = {"category_id": 1, "description": "Crisp.", "material": "Cotton", "created_at": MORNING}
    insert("products", id=1, slug="oxford", name="Oxford", **described)
    for number, size in ((1, "S"), (2, "M")):
        look = {"colour": "Sky", "swatch": "#a9bccd", "size": size, "position": number, "picture": "x.svg"}
        insert("variants", id=number, product_id=1, sku=f"OXF-{size}", price_cents=8900, stock=number, **look)
    person = {"name": "Ada", "password_hash": "", "role": "customer"}
    insert("customers", id=1, email="ada@example.org", sessions_valid_from=MORNING, created_at=MORNING, **person)
    for number, sent in ((1, NOON), (2, None)):
        order(insert, number, sent)


def order(insert: Any, number: int, sent: datetime | None) -> None:
    where = {"name": "Ada", "street": "1 Square", "extra": "", "postal_code": "1", "city": "London", "country": "GB"}
    about = {"customer_id": 1, "state": "placed", "currency": "EUR", "total_cents": 8900 * number}
    mail = {"email": "ada@example.org", "receipt_sent_at": sent}
    key = {"number": f"NUM-{number}", "cart_id": "c", "cart_generation": number, "placed_at": MORNING}
    insert("orders", id=number, **key, **about, **mail, **where)
    names = {"sku": "OXF-M", "name": "Oxford", "colour": "Sky", "size": "M", "picture": "x.svg"}
    insert("order_lines", order_id=number, variant_id=2, quantity=number, unit_price_cents=8900, **names)


def test_migrating_makes_the_tables_of_the_models(settings: Settings, database: Database) -> None:
    migrate(SITE, settings)
    with database.writer() as session:
        assert difference(SITE, session.connection(), RETIRED) == []
        checks = {check["name"] for check in inspect(session.connection()).get_check_constraints("variants")}
    assert checks == {"ck_variants_stock", "ck_variants_price_cents", "ck_variants_sale_price_cents"}


def test_what_was_sold_before_is_booked_and_its_receipts_are_known(settings: Settings, sold: Database) -> None:
    migrate(SITE, settings)
    assert booked(sold) == {("opening", "", 1, 1), ("opening", "", 2, 5), *sales()}
    assert receipts(sold) == {("NUM-1", NOON), ("NUM-2", None)}
    with sold.reader()[0] as session:
        assert discrepancies(session) == []
        sums = session.execute(text("SELECT goods_cents, tax_cents, state, language FROM orders ORDER BY id")).all()
    assert [tuple(row) for row in sums] == [(8900, 0, "paid", "en"), (17800, 0, "paid", "en")]


def test_what_the_previous_release_sells_meanwhile_is_booked_by_the_worker(settings: Settings, sold: Database) -> None:
    before = MetaData()
    with sold.reader()[0] as session:
        before.reflect(session.connection())
    migrate(SITE, settings)
    with transaction(sold) as session:
        order(lambda table, **values: session.execute(before.tables[table].insert(), values), 3, None)
        variants = before.tables["variants"]
        session.execute(variants.update().where(variants.c.id == 2).values(stock=variants.c.stock - 2))
        session.execute(before.tables["order_lines"].update().where(text("order_id = 3")).values(quantity=2))
        session.execute(before.tables["orders"].update().where(text("id = 3")).values(placed_at=datetime.now(UTC)))
    worker = create_worker(replace(settings, worker=True))
    for _ in range(2):
        answer = worker.test_client().post("/every/minute", headers={"X-Aws-Sqsd-Msgid": "7"})
        assert answer.status_code == 200
    close(worker)
    with sold.reader()[0] as session:
        assert discrepancies(session) == []
        assert tuple(session.execute(text("SELECT goods_cents, state FROM orders WHERE id = 3")).one()) == (
            26700,
            "paid",
        )
    assert {about for about, _ in receipts(sold)} == {"NUM-1", "NUM-2", "NUM-3"}


@pytest.mark.long
@pytest.mark.parametrize("settings", ["mariadb"], indirect=True)
def test_a_migration_that_dies_after_any_statement_is_finished_later(settings: Settings, sold: Database) -> None:
    died: set[str] = set()

    def die(_: Connection, __: object, statement: str, *___: object) -> None:
        if not reads_only(statement) and statement not in died and "alembic_version" not in statement:
            died.add(statement)
            raise InterruptedError

    event.listen(Engine, "after_cursor_execute", die)
    try:
        while pending(SITE, settings):
            try:
                migrate(SITE, settings)
            except InterruptedError:
                continue
    finally:
        event.remove(Engine, "after_cursor_execute", die)
    assert len(died) > 30
    with sold.writer() as session:
        assert difference(SITE, session.connection(), RETIRED) == []
    assert booked(sold) == {("opening", "", 1, 1), ("opening", "", 2, 5), *sales()}
    assert len(receipts(sold)) == 2


def sales() -> set[tuple[Any, ...]]:
    return {("order", "NUM-1", 2, -1), ("order", "NUM-2", 2, -2)}


def booked(database: Database) -> set[tuple[Any, ...]]:
    columns = (StockMovement.cause, StockMovement.reference, StockMovement.variant_id, StockMovement.quantity)
    with database.reader()[0] as session:
        return {tuple(row) for row in session.execute(select(*columns))}


def receipts(database: Database) -> set[tuple[Any, ...]]:
    with database.reader()[0] as session:
        return {tuple(row) for row in session.execute(select(Letter.about, Letter.sent_at))}

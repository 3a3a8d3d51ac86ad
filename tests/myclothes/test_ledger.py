"""What a variant has is the sum of its movements, whoever moves it at the same time."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, select, update
from sqlalchemy.exc import IntegrityError

from apps.chassis import transactions
from apps.chassis.app import open_database
from apps.chassis.database import Database
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.chassis.transactions import current_session, transaction
from apps.myclothes import SITE
from apps.myclothes.catalog import ledger
from apps.myclothes.catalog.imports import apply, plan_import
from apps.myclothes.catalog.ledger import Cause, StockMovement
from apps.myclothes.catalog.models import OutOfStock, Variant
from tests.myclothes.shop import CATALOGUE

STOCK = {"CREW-OAT-S": 5, "CREW-OAT-M": 0, "CREW-FOR-S": 3, "OXF-SKY-M": 10, "TEE-INK-M": 0}


@pytest.fixture(scope="module", params=["sqlite", "mariadb"])
def filled(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The small catalogue in a database of each kind."""
    var = str(tmp_path_factory.mktemp("ledger"))
    environ = {"APP": "myclothes", "VAR_DIR": var, "SECRET_KEY": "a key that nobody guesses, in tests only"}
    if request.param == "mariadb":
        server = request.getfixturevalue("mariadb")
        server.create("clothes_ledger")
        environ["DATABASE_URL"] = server.url("clothes_ledger")
    settings = Settings.from_environ(environ)
    settings.data_dir.mkdir(parents=True)
    migrate(SITE, settings)
    database = open_database(SITE, settings)
    assert database is not None
    with transaction(database) as db:
        apply(db, plan_import(db, "\n".join(CATALOGUE)))
    yield database
    database.dispose()


@pytest.fixture
def database(filled: Database) -> Database:
    """That database as if nothing had been moved yet."""
    with transaction(filled) as db:
        db.execute(delete(StockMovement))
        for variant in db.scalars(select(Variant)):
            variant.stock = STOCK[variant.sku]
            ledger.opening(db, variant)
    return filled


def variants(database: Database) -> dict[str, Variant]:
    with transaction(database) as db:
        return {variant.sku: variant for variant in db.scalars(select(Variant))}


def moved(database: Database, sku: str) -> list[tuple[str, str, int]]:
    with transaction(database) as db:
        found = db.scalars(select(StockMovement).join(Variant).where(Variant.sku == sku).order_by(StockMovement.id))
        return [(row.cause, row.reference, row.quantity) for row in found]


def books_are_right(database: Database) -> bool:
    with transaction(database) as db:
        return ledger.discrepancies(db) == []


def test_what_is_taken_is_booked(database: Database) -> None:
    small = variants(database)["CREW-OAT-S"]
    with transaction(database) as db:
        ledger.take(db, {small: 2}, "AAAAA-AAAAA")
    assert variants(database)["CREW-OAT-S"].stock == 3
    assert moved(database, "CREW-OAT-S") == [("opening", "", 5), ("order", "AAAAA-AAAAA", -2)]
    assert books_are_right(database)


def test_what_is_not_there_is_not_taken_and_named(database: Database) -> None:
    found = variants(database)

    def order(**wanted: int) -> None:
        with transaction(database) as db:
            named = {db.merge(found[sku.replace("_", "-")]): pieces for sku, pieces in wanted.items()}
            ledger.take(db, named, "AAAAA-AAAAA")

    with pytest.raises(OutOfStock) as caught:
        order(OXF_SKY_M=4, CREW_FOR_S=4, CREW_OAT_S=4)
    assert caught.value.variant.sku == "CREW-FOR-S"
    assert {sku: variant.stock for sku, variant in variants(database).items()} == STOCK
    with pytest.raises(ValueError, match="less than one"):
        order(OXF_SKY_M=-1)


def test_one_order_takes_once(database: Database) -> None:
    small = variants(database)["CREW-OAT-S"]

    def order() -> None:
        with transaction(database) as db:
            ledger.take(db, {small: 2}, "AAAAA-AAAAA")

    order()
    with pytest.raises(IntegrityError):
        order()
    assert variants(database)["CREW-OAT-S"].stock == 3


def test_what_comes_back_comes_back_once(database: Database) -> None:
    small = variants(database)["CREW-OAT-S"]

    def give_back(_: int) -> bool:
        return transactions.run(
            database,
            read_only=False,
            pinned=True,
            work=lambda: ledger.give_back(current_session(), small.id, 2, Cause.CANCELLATION, "AAAAA-AAAAA"),
            commit_if=lambda _: True,
        )

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(give_back, range(16))) == [False] * 15 + [True]
    assert variants(database)["CREW-OAT-S"].stock == 7
    assert books_are_right(database)


def test_another_cause_or_reference_gives_back_again(database: Database) -> None:
    small = variants(database)["CREW-OAT-S"]
    with transaction(database) as db:
        for cause, reference in ((Cause.RETURN, "a"), (Cause.RETURN, "b"), (Cause.CANCELLATION, "a")):
            assert ledger.give_back(db, small.id, 1, cause, reference, "worn once", "max@example.org")
        with pytest.raises(LookupError):
            ledger.give_back(db, 4711, 1, Cause.RETURN, "a")
        with pytest.raises(ValueError, match="nothing"):
            ledger.give_back(db, small.id, 0, Cause.RETURN, "c")
    assert variants(database)["CREW-OAT-S"].stock == 8


def test_who_buys_during_a_count_waits_for_it(database: Database) -> None:
    found = variants(database)["OXF-SKY-M"]

    def buy() -> None:
        with transaction(database) as db:
            ledger.take(db, {found: 1}, "order")

    buyer = threading.Thread(target=buy)

    def arrive(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("SELECT variants.stock") and not buyer.ident:
            buyer.start()
            # Long enough for a purchase that nothing holds up.
            buyer.join(0.5)

    event.listen(Engine, "after_cursor_execute", arrive)
    try:
        with transaction(database) as db:
            variant = db.get_one(Variant, found.id)
            assert ledger.set_count(db, variant, 20, "on the shelf", "max@example.org") == 10
            assert variant.stock == 20
    finally:
        event.remove(Engine, "after_cursor_execute", arrive)
        buyer.join()
    assert variants(database)["OXF-SKY-M"].stock == 19
    assert books_are_right(database)


def test_a_count_that_finds_what_is_known_moves_nothing(database: Database) -> None:
    with transaction(database) as db:
        variant = db.scalars(select(Variant).where(Variant.sku == "OXF-SKY-M")).one()
        assert ledger.set_count(db, variant, 10) == 0
        with pytest.raises(ValueError, match="less than nothing"):
            ledger.set_count(db, variant, -1)
    assert moved(database, "OXF-SKY-M") == [("opening", "", 10)]


def test_whoever_writes_past_the_ledger_is_found_out(database: Database) -> None:
    with transaction(database) as db:
        db.execute(update(Variant).where(Variant.sku == "OXF-SKY-M").values(stock=11))
    with transaction(database) as db:
        (found,) = ledger.discrepancies(db)
    assert (found.sku, found.stock, found.booked) == ("OXF-SKY-M", 11, 10)

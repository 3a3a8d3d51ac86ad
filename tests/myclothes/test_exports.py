"""The catalogue as WooCommerce's CSV."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from apps.chassis.commands import CommandError
from apps.myclothes.catalog.commands import export_catalogue
from apps.myclothes.catalog.exports import export
from apps.myclothes.catalog.imports import apply, plan_import
from apps.myclothes.catalog.models import Category, Product, Variant
from tests.myclothes.shop import Shop

AWKWARD = "=SUM(1), 'and' \"more\" <b>& 20 %</b>\nsecond \\n line > end"
NOON = datetime(2026, 5, 1, 12, 30, 5, 17, tzinfo=UTC)


def exported(shop: Shop) -> str:
    with shop.db() as db:
        return "".join(export(db))


def make_awkward(shop: Shop) -> None:
    with shop.db() as db:
        crew = db.scalars(select(Product).where(Product.slug == "everyday-crew")).one()
        crew.description, crew.material, crew.published = AWKWARD, "Wool, 20 % silk", False
        crew.name = "-Crew, everyday"
        shelf = Category(slug="fine", name="Fine, soft", position=9, parent=crew.category)
        crew.category = shelf
        crew.variants[0].colour, crew.variants[0].low_stock = "Oat, milk", 0
        tee = db.scalars(select(Variant).where(Variant.sku == "TEE-INK-M")).one()
        tee.sale_price_cents, tee.sale_starts_at, tee.sale_ends_at = 5, NOON, NOON + timedelta(days=1)
        tee.colour, tee.size = "One colour", "One size"


def test_an_export_taken_over_again_changes_nothing(shop: Shop) -> None:
    make_awkward(shop)
    text = exported(shop)
    with shop.db() as db:
        found = plan_import(db, text, counts=True)
        assert (found.problems, found.changes) == ([], [])


def test_an_empty_shop_becomes_the_same_by_it(shop: Shop, tmp_path: Path) -> None:
    make_awkward(shop)
    text = exported(shop)
    other = Shop(tmp_path / "other")
    with other.db() as db:
        apply(db, plan_import(db, text, counts=True))
        gone = db.scalars(select(Product).where(Product.name == "-Crew, everyday")).one()
    assert gone.description == AWKWARD
    assert exported(other) == text
    other.close()


def test_it_has_a_line_for_each_product_and_variation(shop: Shop) -> None:
    rows = list(csv.DictReader(exported(shop).splitlines()))
    assert [(row["Type"], row["SKU"], row["Parent"], row["Stock"]) for row in rows] == [
        ("variable", "CREW", "", ""),
        ("variation", "CREW-OAT-S", "CREW", "5"),
        ("variation", "CREW-OAT-M", "CREW", "0"),
        ("variation", "CREW-FOR-S", "CREW", "3"),
        ("simple", "OXF-SKY-M", "", "10"),
        ("simple", "TEE-INK-M", "", "0"),
    ]
    assert len({row["ID"] for row in rows}) == len(rows)
    assert rows[0]["Attribute 1 value(s)"] == "Oatmeal, Forest"


def test_it_is_written_by_command(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out.csv"
    assert export_catalogue([str(file)], shop.settings) == 0
    assert export_catalogue(["-"], shop.settings) == 0
    assert file.read_text("utf-8") == capsys.readouterr().out == exported(shop)
    with pytest.raises(CommandError, match="usage"):
        export_catalogue([], shop.settings)

"""Taking over a catalogue: all of a file or nothing."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from apps.chassis.commands import CommandError
from apps.myclothes.catalog.commands import import_catalogue
from apps.myclothes.catalog.imports import BadCatalogue, apply_catalogue, read_catalogue
from apps.myclothes.catalog.models import Category, Product, Variant
from apps.myclothes.seed import CATALOGUE as FULL
from apps.myclothes.seed import DEMO_EMAIL, DEMO_PASSWORD, seed
from tests.myclothes.shop import CATALOGUE, HEADING, Shop, Visitor

GOOD = CATALOGUE[1]


def test_the_catalogue_that_comes_along_is_large_enough_and_has_all_its_pictures() -> None:
    lines = read_catalogue(FULL.read_text(encoding="utf-8").splitlines())
    assert len({line.product for line in lines}) >= 40
    assert len(lines) >= 200
    assert len({line.picture for line in lines}) >= 100


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("11900", "119.00", "price_cents takes a whole number"),
        ("11900", "0", "price_cents takes a whole number"),
        ("11900", "-1", "price_cents takes a whole number"),
        (",5,", ",٥,", "stock takes a whole number"),
        ("CREW-OAT-S", "", "sku takes 1 to 64 characters"),
        ("CREW-OAT-S", "<b>", "sku takes letters"),
        ("#d2c4ab", "red", "swatch takes a colour"),
        ("everyday-crew-oatmeal.svg", "none.svg", "there is no picture 'none.svg'"),
        ("everyday-crew-oatmeal.svg", "../site.css", "there is no picture"),
        ("Everyday crew", "한국", "product needs a letter"),
        ("Soft.", "x" * 1001, "description takes 1 to 1000 characters"),
        (",Lambswool", "", "another number of fields"),
    ],
)
def test_each_bad_line_is_named(old: str, new: str, mistake: str) -> None:
    with pytest.raises(BadCatalogue) as caught:
        read_catalogue([HEADING, CATALOGUE[4], GOOD.replace(old, new)])
    assert len(caught.value.mistakes) == 1
    assert caught.value.mistakes[0].startswith("line 3: ")
    assert mistake in caught.value.mistakes[0]


def test_a_sku_and_a_combination_stand_in_one_line_only() -> None:
    with pytest.raises(BadCatalogue) as caught:
        read_catalogue([HEADING, GOOD, GOOD, GOOD.replace("CREW-OAT-S", "OTHER")])
    assert [mistake.split(" stands")[0] for mistake in caught.value.mistakes] == [
        "line 3: sku CREW-OAT-S",
        "line 3: this product, colour and size",
        "line 4: this product, colour and size",
    ]


@pytest.mark.parametrize("text", [[], [HEADING], ["a,b"], [HEADING, '"never ended']])
def test_what_is_no_catalogue_is_refused(text: list[str]) -> None:
    with pytest.raises(BadCatalogue):
        read_catalogue(text)


def test_a_repeated_import_changes_what_is_known_by_its_sku(shop: Shop) -> None:
    changed = GOOD.replace("11900", "9900").replace("Everyday crew", "Everyday crew").replace(",5,", ",7,")
    with shop.db() as db:
        apply_catalogue(db, read_catalogue([HEADING, changed]))
        counts = [db.scalar(select(func.count()).select_from(table)) for table in (Category, Product, Variant)]
    assert counts == [2, 3, 5]
    assert (shop.variant("CREW-OAT-S").price_cents, shop.stock("CREW-OAT-S")) == (9900, 7)


def test_a_bad_file_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("\n".join([HEADING, GOOD.replace(",5,", ",9,"), GOOD.replace("11900", "x")]), "utf-8")
    with pytest.raises(CommandError, match="line 3: price_cents"):
        import_catalogue([str(file)], shop.settings)
    assert shop.stock("CREW-OAT-S") == 5


def test_pages_show_an_import_at_once(shop: Shop, visitor: Visitor, tmp_path: Path) -> None:
    assert "€119.00" in visitor.get("/products/everyday-crew?colour=oatmeal").text
    file = tmp_path / "sale.csv"
    file.write_text("\ufeff" + "\n".join([HEADING, GOOD.replace("11900", "9950")]), "utf-8")
    assert import_catalogue([str(file)], shop.settings) == 0
    assert "€99.50" in visitor.get("/products/everyday-crew?colour=oatmeal").text


def test_seeding_twice_brings_nothing_back_that_was_sold(shop: Shop) -> None:
    shop.set_stock("CREW-OAT-S", 1)
    for _ in range(2):
        with shop.db() as db:
            seed(db)
    assert shop.stock("CREW-OAT-S") == 1
    assert shop.visitor().sign_in(DEMO_EMAIL, DEMO_PASSWORD).status_code == 303

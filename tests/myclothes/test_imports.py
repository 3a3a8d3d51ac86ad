"""Taking over a catalogue in WooCommerce's CSV: all of a file or nothing."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from apps.chassis.commands import CommandError
from apps.myclothes.catalog.commands import check_stock, import_catalogue
from apps.myclothes.catalog.exports import export
from apps.myclothes.catalog.imports import BadCatalogue, Plan, apply, plan_import
from apps.myclothes.catalog.ledger import StockMovement, discrepancies
from apps.myclothes.catalog.models import Category, Product, Variant
from apps.myclothes.catalog.photographs import NO_PICTURE
from apps.myclothes.catalog.sheets import read
from apps.myclothes.seed import CATALOGUE as FULL
from apps.myclothes.seed import DEMO_EMAIL, DEMO_PASSWORD, seed
from tests.myclothes.shop import CATALOGUE, HEADING, OATMEAL, Shop, Visitor

PARENT = CATALOGUE[1]
NEW = OATMEAL.format(sku="CREW-OAT-L", price="119.00", stock=4, size="L")
KNOWN = CATALOGUE[2]
# As WooCommerce writes it, with what this shop has no use for.
FOREIGN = """ID,Type,SKU,Name,Published,"Is featured?","Visibility in catalog","Short description",Description,\
"Date sale price starts","Date sale price ends","Tax status","In stock?",Stock,"Weight (lbs)","Sale price",\
"Regular price",Categories,Tags,Images,Parent,Position,"Attribute 1 name","Attribute 1 value(s)",\
"Attribute 1 visible","Attribute 1 global","Attribute 2 name","Attribute 2 value(s)","Attribute 1 default"
44,variable,woo-vneck,"V-Neck",1,1,visible,"Soft.","<p>Light &amp; soft.\\n<b>Ours</b></p>",,,taxable,1,,.5,,,\
"Sale, Clothing > Tshirts",summer,"https://shop.example/up/heavy-tee-ink.svg, x.jpg",,0,Color,"Blue, Red",1,1,Size,\
"M, L",Blue
45,variation,woo-vneck-blue,"V-Neck - Blue, M",1,0,visible,,,2026-01-01,2026-01-31,taxable,1,7,,"15,50","20,00",,,,\
woo-vneck,1,Color,Blue,,1,Size,M,
46,variation,woo-vneck-red,"V-Neck - Red, L",1,0,visible,,,,,taxable,0,,,,20,,,everyday-crew-forest.svg,id:44,2,Color,\
Red,,1,Size,L,
47,"simple, virtual",woo-cap,Cap,-1,0,visible,"'=1+1",,,,taxable,1,parent,,,18,Clothing,,heavy-tee-ink.svg,,0,,,,,,,
"""


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One shop for all that plan and change nothing."""
    shop = Shop(tmp_path_factory.mktemp("standing"))
    yield shop
    shop.close()


def plan(db: Session, *lines: str, counts: bool = False) -> Plan:
    return plan_import(db, "\n".join([HEADING, *lines]), counts=counts)


def told(found: Plan) -> list[str]:
    return [str(problem) for problem in found.problems]


def changes(found: Plan) -> list[tuple[str, str]]:
    return [(change.subject, change.text) for change in found.changes]


def test_the_catalogue_that_comes_along_is_large_enough_and_has_nothing_wrong() -> None:
    sheet = read(FULL.read_text(encoding="utf-8"))
    assert sheet.problems == []
    assert len(sheet.entries) >= 40
    pieces = [piece for entry in sheet.entries for piece in entry.pieces]
    assert len(pieces) >= 200
    assert len({piece.values["picture"] for piece in pieces}) >= 100


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("variation", "grouped", "Type: takes simple, variable or variation"),
        ("119.00", "cheap", "Regular price: takes a price such as 119.00"),
        ("119.00", "0", "Regular price: takes a price"),
        ("119.00", "-1", "Regular price: takes a price"),
        ("119.00", "", "Regular price: is missing"),
        (",4,", ",٥,", "Stock: takes a whole number"),
        (",4,", ",-5,", "Stock: takes a whole number"),
        ("CREW-OAT-L", "", "SKU: takes 1 to 64 letters"),
        ("CREW-OAT-L", "<b>", "SKU: takes 1 to 64 letters"),
        ("CREW-OAT-L", "OXF-SKY-M", "SKU: is a variant of “Oxford shirt”"),
        (",CREW,", ",NONE,", "Parent: there is no product “NONE”"),
        (",CREW,", ",id:7,", "Parent: there is no variable product “id:7”"),
        ("#d2c4ab", "red", "Meta: swatch: takes a colour"),
        ("Oatmeal", "x" * 41, "Colour: takes 0 to 40 characters"),
        ("Oatmeal", "", "Attribute: names no value"),
        ("Oatmeal,Size,L", "OATMEAL,Size,m", "Colour: has the colour and size of CREW-OAT-M"),
        (",,", "", "CSV: it has another number of cells"),
    ],
)
def test_each_bad_line_is_named(standing: Shop, old: str, new: str, problem: str) -> None:
    with standing.db() as db:
        found = plan(db, PARENT, KNOWN, NEW.replace(old, new, 1))
    (line,) = told(found)
    assert line.startswith(f"line 4, {problem}")


def test_a_sku_and_a_combination_stand_in_one_line_only(standing: Shop) -> None:
    with standing.db() as db:
        found = plan(db, NEW, NEW, NEW.replace("CREW-OAT-L", "OTHER"))
    assert told(found) == [
        "line 3, SKU: stands in line 2 already",
        "line 4, Colour: has the colour and size of CREW-OAT-L",
    ]


@pytest.mark.parametrize(
    "lines",
    [[], [HEADING], ["a,b"], [HEADING, '"never ended'], [HEADING, '"a"b,c'], ["x" * 200_000], [HEADING + "\0", "\0"]],
)
def test_what_is_no_catalogue_is_refused(standing: Shop, lines: Sequence[str]) -> None:
    with standing.db() as db:
        found = plan_import(db, "\n".join(lines))
        assert found.problems
        with pytest.raises(BadCatalogue):
            apply(db, found)


def test_a_line_counts_from_where_it_begins(standing: Shop) -> None:
    long = PARENT.replace("Soft.", '"Soft\nand\nwarm."')
    with standing.db() as db:
        found = plan(db, long, NEW.replace("119.00", "x"))
    assert told(found)[0].startswith("line 5, ")


def test_a_plan_tells_each_change_and_makes_none(standing: Shop) -> None:
    with standing.db() as db:
        found = plan(db, PARENT.replace("Soft.", "Softer."), KNOWN.replace("119.00", "99.50"), NEW)
        assert changes(found) == [
            ("Everyday crew", "Description: Soft. → Softer."),
            ("CREW-OAT-S", "Regular price: 119.00 → 99.50"),
            ("CREW-OAT-L", "new variant, 4 in stock"),
        ]
        assert not db.new
        assert not db.dirty
    assert standing.variant("CREW-OAT-S").price_cents == 11900


def test_taking_over_what_is_there_changes_nothing(standing: Shop) -> None:
    with standing.db() as db:
        assert changes(plan(db, *CATALOGUE[1:], counts=True)) == []


def test_stock_is_left_alone_unless_it_was_asked_for(shop: Shop) -> None:
    counted = KNOWN.replace(",5,", ",7,")
    with shop.db() as db:
        assert apply(db, plan(db, counted)) == []
    assert shop.stock("CREW-OAT-S") == 5
    with shop.db() as db:
        found = plan(db, counted, counts=True)
        assert changes(found) == [("CREW-OAT-S", "Stock: 5 → 7")]
        apply(db, found, actor="max@example.org")
        moved = db.scalars(select(StockMovement).order_by(StockMovement.id.desc()).limit(1)).one()
        assert (moved.quantity, moved.cause, moved.actor) == (2, "import", "max@example.org")
        assert discrepancies(db) == []
    assert shop.stock("CREW-OAT-S") == 7


def test_a_new_variant_is_booked_and_keeps_the_colour_of_its_sisters(shop: Shop) -> None:
    with shop.db() as db:
        apply(db, plan(db, NEW.replace("#d2c4ab", "")))
        assert discrepancies(db) == []
        counts = [db.scalar(select(func.count()).select_from(table)) for table in (Category, Product, Variant)]
    assert counts == [2, 3, 6]
    new = shop.variant("CREW-OAT-L")
    assert (new.stock, new.swatch, new.position) == (4, "#d2c4ab", 3)


def test_an_export_of_woocommerce_is_understood(shop: Shop) -> None:
    with shop.db() as db:
        found = plan_import(db, FOREIGN)
        assert told(found) == []
        apply(db, found)
        product = db.scalars(select(Product).where(Product.sku == "woo-vneck")).one()
        assert [shelf.slug for shelf in product.category.path()] == ["clothing", "tshirts"]
        assert (product.slug, product.description) == ("v-neck", "Light & soft.\nOurs")
        blue, red = product.variants
        cap = db.scalars(select(Variant).where(Variant.sku == "woo-cap")).one()
        assert (cap.product.published, cap.product.description, cap.stock) == (False, "=1+1", 0)
        assert (cap.colour, cap.size) == ("One colour", "One size")
    assert (blue.colour, blue.size, blue.swatch, blue.picture) == ("Blue", "M", "#2f5d9b", "heavy-tee-ink.svg")
    assert (blue.price_cents, blue.sale_price_cents, blue.stock) == (2000, 1550, 7)
    assert blue.sale_starts_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert blue.sale_ends_at == datetime(2026, 1, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert (red.picture, red.stock, red.sale_price_cents) == ("everyday-crew-forest.svg", 0, None)


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("none.svg", "there is no picture “none.svg” in this shop"),
        ("https://shop.example/up/none.svg", "there is no picture “none.svg” in this shop"),
        ("..", "there is no picture “..” in this shop"),
        ("", "names no picture"),
    ],
)
def test_a_picture_that_is_missing_is_named_and_keeps_nothing_from_being_taken_over(
    shop: Shop, name: str, missing: str
) -> None:
    drawn = "everyday-crew-oatmeal.svg"
    with shop.db() as db:
        found = plan(db, KNOWN.replace(drawn, "none.svg").replace("119.00", "120.00"), NEW.replace(drawn, name))
        assert told(found) == []
        assert list(map(str, found.missing)) == [
            "line 2, Images: there is no picture “none.svg” in this shop",
            f"line 3, Images: {missing}",
        ]
        apply(db, found)
    known, new = shop.variant("CREW-OAT-S"), shop.variant("CREW-OAT-L")
    assert (known.price_cents, known.picture, new.picture) == (12000, drawn, NO_PICTURE)
    with shop.db() as db:
        again = plan_import(db, "".join(export(db)))
        assert (again.problems, again.changes, again.missing) == ([], [], [])


def test_two_products_of_one_name_get_two_addresses(shop: Shop) -> None:
    other = CATALOGUE[5].replace("OXF-SKY-M", "OXF-2")
    with shop.db() as db:
        apply(db, plan(db, other, other.replace("OXF-2", "OXF-3")))
        slugs = db.scalars(select(Product.slug).where(Product.name == "Oxford shirt").order_by(Product.id)).all()
    assert slugs == ["oxford-shirt", "oxford-shirt-oxf-2", "oxford-shirt-oxf-3"]


def test_a_name_of_other_letters_gets_an_address_too(shop: Shop) -> None:
    with shop.db() as db:
        apply(db, plan(db, CATALOGUE[5].replace("OXF-SKY-M", "KR-1").replace("Oxford shirt", "한복")))
        assert db.scalars(select(Product.slug).where(Product.name == "한복")).one() == "kr-1"


def test_a_bad_file_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("\n".join([HEADING, KNOWN.replace("119.00", "99"), NEW.replace("119.00", "x")]), "utf-8")
    with pytest.raises(CommandError, match="line 3, Regular price"):
        import_catalogue([str(file)], shop.settings)
    assert shop.variant("CREW-OAT-S").price_cents == 11900


def test_pages_show_an_import_at_once(shop: Shop, visitor: Visitor, tmp_path: Path) -> None:
    assert "€119.00" in visitor.get("/products/everyday-crew?colour=oatmeal").text
    file = tmp_path / "sale.csv"
    file.write_text("\ufeff" + "\n".join([HEADING, KNOWN.replace("119.00", "99.50")]), "utf-8")
    assert import_catalogue([str(file), "--dry-run"], shop.settings) == 0
    assert "€119.00" in visitor.get("/products/everyday-crew?colour=oatmeal").text
    assert import_catalogue([str(file)], shop.settings) == 0
    assert "€99.50" in visitor.get("/products/everyday-crew?colour=oatmeal").text
    assert check_stock([], shop.settings) == 0


def test_seeding_twice_brings_nothing_back_that_was_sold(shop: Shop) -> None:
    shop.set_stock("CREW-OAT-S", 1)
    for _ in range(2):
        with shop.db() as db:
            seed(db)
    assert shop.stock("CREW-OAT-S") == 1
    assert shop.visitor().sign_in(DEMO_EMAIL, DEMO_PASSWORD).status_code == 303

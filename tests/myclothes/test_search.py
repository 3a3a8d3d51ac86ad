"""Search: words in any order, the last one unfinished, in English and Korean, on SQLite and MariaDB."""

import pytest
from sqlalchemy import delete, select

from apps.myclothes.catalog.models import Product
from apps.myclothes.catalog.words import ProductWord, reindex, search, without_words
from tests.myclothes.shop import Shop, Visitor

NAMES = ("Everyday crew", "Oxford shirt", "Heavy tee")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("crew", {"Everyday crew"}),
        ("CREW lambswool", {"Everyday crew"}),
        ("lambswool cre", {"Everyday crew"}),
        ("cre lambswool", set()),
        ("cotton", {"Oxford shirt", "Heavy tee"}),
        ("forest", {"Everyday crew"}),
        ("tees sky", {"Oxford shirt"}),
        ("shirts", {"Oxford shirt", "Heavy tee"}),
        ("OXF-SKY-M", {"Oxford shirt"}),
        ("ｃｒéｗ", {"Everyday crew"}),
        ("100%", {"Heavy tee"}),
        ("%", set()),
        ("_", set()),
        ("crew cotton", set()),
        ("' OR 1=1 --", set()),
        ("\x00\U0010ffff", set()),
        ("", set()),
    ],
)
def test_search_finds_what_has_every_word(visitor: Visitor, query: str, found: set[str]) -> None:
    page = visitor.client.get("/search", query_string={"q": query}).text
    assert {name for name in NAMES if f">{name}</h2>" in page} == found


@pytest.mark.parametrize(
    ("query", "is_found"),
    [("코트", True), ("겨울 코", True), ("울코트", True), ("트", True), ("코코", False), ("여름 코트", False)],
)
def test_any_part_of_a_korean_word_is_found(shop: Shop, visitor: Visitor, query: str, is_found: bool) -> None:
    rename(shop, "oxford-shirt", "따뜻한 겨울코트")
    page = visitor.client.get("/search", query_string={"q": query}).text
    assert ("따뜻한 겨울코트</h2>" in page) is is_found


def test_a_name_says_more_than_a_description(shop: Shop) -> None:
    with shop.db() as db:
        crew = db.scalars(select(Product).where(Product.slug == "everyday-crew")).one()
        crew.description = "Goes under a shirt."
        reindex(db, crew)
        shirt = db.scalars(select(Product).where(Product.slug == "oxford-shirt")).one()
        found = search(db, "shirt")
        assert (found[0], found[-1]) == (shirt.id, crew.id)


def test_a_product_is_found_by_what_it_says_now_only(shop: Shop, visitor: Visitor) -> None:
    rename(shop, "oxford-shirt", "Poplin blouse")
    assert "Poplin blouse</h2>" in visitor.get("/search?q=poplin").text
    assert "1 piece found" not in visitor.get("/search?q=oxford").text


def test_products_of_before_there_was_an_index_are_found_out(shop: Shop) -> None:
    with shop.db() as db:
        db.execute(delete(ProductWord))
        assert len(without_words(db, 2)) == 2
        for product in without_words(db, 10):
            reindex(db, product)
        assert not without_words(db, 10)
        assert search(db, "crew")


def rename(shop: Shop, slug: str, name: str) -> None:
    with shop.db() as db:
        product = db.scalars(select(Product).where(Product.slug == slug)).one()
        product.name = name
        reindex(db, product)

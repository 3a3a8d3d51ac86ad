"""The front page, shelves, search and products."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apps.chassis.columns import now
from apps.myclothes.catalog import pages
from apps.myclothes.catalog.models import Category, Product, Variant, slug_of
from tests.myclothes.shop import Shop, Visitor


def test_every_page_of_the_catalogue_answers_without_a_session_or_a_cookie(visitor: Visitor) -> None:
    for path in ("/", "/shelves/knitwear", "/products/everyday-crew", "/search?q=crew"):
        response = visitor.get(path)
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers


def test_the_front_page_shows_shelves_and_what_is_new(visitor: Visitor) -> None:
    page = visitor.get("/").text
    for text in ("Knitwear", "Shirts &amp; tees", "Everyday crew", "€89.00", "from €119.00"):
        assert text in page


@pytest.mark.parametrize("path", ["/shelves/none", "/products/none", "/products/" + "x" * 200])
def test_what_is_not_there_is_404(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_warm_product_page_asks_the_database_nothing(shop: Shop, visitor: Visitor) -> None:
    visitor.get("/products/everyday-crew")
    timing = visitor.get("/products/everyday-crew").headers["Server-Timing"]
    assert "db;" not in timing
    assert 'cache;desc="hit"' in timing


def test_a_product_shows_the_colour_that_is_asked_for(visitor: Visitor) -> None:
    page = visitor.get("/products/everyday-crew?colour=forest").text
    assert "everyday-crew-forest.svg" in page
    assert "€129.00" in page
    assert '<a class="colour" href="/products/everyday-crew?colour=forest" data-swap-link aria-current="true">' in page


def test_sizes_that_are_sold_out_cannot_be_chosen(shop: Shop, visitor: Visitor) -> None:
    page = visitor.get("/products/everyday-crew?colour=oatmeal").text
    gone, there = shop.variant("CREW-OAT-M").id, shop.variant("CREW-OAT-S").id
    assert f'value="{gone}" required disabled>' in page
    assert f'value="{there}" required>' in page


def test_a_product_that_is_sold_out_says_so(visitor: Visitor) -> None:
    page = visitor.get("/products/heavy-tee").text
    assert "Sold out in ink" in page
    assert "sold out" in visitor.get("/shelves/shirts-and-tees").text


def test_a_search_is_shown_escaped_and_bounded(visitor: Visitor) -> None:
    page = visitor.client.get("/search", query_string={"q": "<script>" + "x" * 500}).text
    assert "<script>x" not in page
    assert "x" * 101 not in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?colour=sky", 1),
        ("?size=M", 2),
        ("?size=M&stock=1", 1),
        ("?stock=1", 1),
        ("?price=50", 1),
        ("?colour=sky&price=50", 0),
        ("?price=cheap", 2),
        ("?sort=sideways", 2),
    ],
)
def test_a_shelf_is_narrowed_by_colour_size_price_and_stock(visitor: Visitor, query: str, count: int) -> None:
    assert f"{count} of 2 pieces" in visitor.get(f"/shelves/shirts-and-tees{query}").text


def test_each_choice_tells_how_much_would_be_left(visitor: Visitor) -> None:
    page = visitor.get("/shelves/shirts-and-tees?price=50").text
    assert '<option value="sky" disabled>Sky (0)</option>' in page
    assert '<option value="ink">Ink (1)</option>' in page
    assert "In stock (0)" in page


@pytest.mark.parametrize("cursor", ["x", "~", "1~x", "~~", "9" * 5000])
def test_a_page_of_a_shelf_that_cannot_be_is_404(visitor: Visitor, cursor: str) -> None:
    response = visitor.client.get("/shelves/shirts-and-tees", query_string={"after": cursor})
    assert response.status_code == 404
    assert "no such page" in response.text


def test_what_is_not_published_is_nowhere(shop: Shop, visitor: Visitor) -> None:
    with shop.db() as db:
        db.scalars(select(Product).where(Product.slug == "oxford-shirt")).one().published = False
    assert visitor.get("/products/oxford-shirt").status_code == 404
    for path in (
        "/",
        "/shelves/shirts-and-tees",
        "/shelves/shirts-and-tees?sort=new",
        "/search?q=oxford",
        "/sitemap.xml",
    ):
        response = visitor.get(path)
        assert response.status_code == 200
        assert "oxford-shirt" not in response.text
    assert "1 of 1 pieces" in visitor.get("/shelves/shirts-and-tees").text


def test_a_shelf_shows_what_stands_on_the_shelves_within_it(shop: Shop, visitor: Visitor) -> None:
    with shop.db() as db:
        clothing = Category(slug="clothing", name="Clothing", position=9)
        db.add(clothing)
        for shelf in db.scalars(select(Category).where(Category.slug != "clothing")):
            shelf.parent = clothing
    page = visitor.get("/shelves/clothing").text
    assert "3 of 3 pieces" in page
    # One shelf that holds all others is no choice.
    assert 'href="/shelves/clothing"' not in visitor.get("/").text
    assert '<a href="/shelves/clothing">Clothing</a>' in visitor.get("/products/everyday-crew").text
    assert '<a href="/shelves/clothing">Clothing</a>' in visitor.get("/shelves/knitwear").text


def test_a_sale_shows_both_prices_and_ends_by_itself(shop: Shop, visitor: Visitor) -> None:
    set_sale(shop, "OXF-SKY-M", 5900, ends_at=now() + timedelta(days=1))
    page = visitor.get("/products/oxford-shirt").text
    assert re.search(r"<del.*€89\.00</del>\s*<ins.*€59\.00</ins>", page)
    assert '"price": "59.00"' in page
    assert "€59.00" in visitor.get("/shelves/shirts-and-tees").text
    set_sale(shop, "OXF-SKY-M", 5900, ends_at=now() - timedelta(seconds=1))
    assert "<del" not in visitor.get("/products/oxford-shirt").text


def test_a_size_that_is_not_made_in_a_colour_cannot_be_chosen(visitor: Visitor) -> None:
    page = visitor.get("/products/everyday-crew?colour=forest").text
    size = re.search(r'<input[^>]*data-size="M"[^>]*>', page)
    assert size is not None
    assert "disabled" in size[0]
    assert "value=" not in size[0]
    assert "not made in this colour" in page


def test_a_picture_that_is_gone_breaks_no_page(shop: Shop, visitor: Visitor) -> None:
    with shop.db() as db:
        db.scalars(select(Variant).where(Variant.sku == "OXF-SKY-M")).one().picture = "gone.svg"
        pages.invalidate(shop.app.cache, db.scalars(select(Product)))
    assert "/static/no-picture.svg" in visitor.get("/products/oxford-shirt").text


def test_products_are_told_to_search_engines(visitor: Visitor) -> None:
    page = visitor.get("/products/everyday-crew").text
    group, path = structured_data(page)
    assert (group["@type"], group["name"], len(group["hasVariant"])) == ("ProductGroup", "Everyday crew", 3)
    offers = {each["sku"]: each["offers"] for each in group["hasVariant"]}
    assert offers["CREW-OAT-M"]["availability"] == "https://schema.org/OutOfStock"
    assert offers["CREW-FOR-S"]["price"] == "129.00"
    assert offers["CREW-FOR-S"]["url"] == "http://localhost/products/everyday-crew?colour=forest"
    assert [item["name"] for item in path["itemListElement"]] == ["Knitwear"]


def test_no_name_breaks_out_of_structured_data(shop: Shop, visitor: Visitor) -> None:
    with shop.db() as db:
        db.scalars(select(Product).where(Product.slug == "oxford-shirt")).one().name = "</script><script>alert(1)"
    page = visitor.get("/products/oxford-shirt").text
    assert "<script>alert" not in page
    assert structured_data(page)[0]["name"] == "</script><script>alert(1)"


def test_the_sitemap_lists_every_page_and_robots_find_it(visitor: Visitor) -> None:
    response = visitor.get("/sitemap.xml")
    assert response.mimetype == "application/xml"
    found = re.findall(r"<loc>(.*?)</loc>", response.text)
    assert "http://localhost/products/everyday-crew?colour=forest" in found
    assert "http://localhost/shelves/shirts-and-tees" in found
    assert all(visitor.get(address).status_code == 200 for address in found)
    assert "Sitemap: http://localhost/sitemap.xml" in visitor.get("/robots.txt").text


def set_sale(shop: Shop, sku: str, cents: int, ends_at: datetime) -> None:
    with shop.db() as db:
        variant = db.scalars(select(Variant).where(Variant.sku == sku)).one()
        variant.sale_price_cents, variant.sale_ends_at = cents, ends_at
        pages.invalidate(shop.app.cache, [variant.product])


def structured_data(page: str) -> Any:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Shirts & tees", "shirts-and-tees"), ("Crêpe d’été", "crepe-dete"), ("  A--B ", "a-b"), ("한국", "")],
)
def test_a_slug_is_ascii(name: str, slug: str) -> None:
    assert slug_of(name) == slug

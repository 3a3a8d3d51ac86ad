"""The front page, shelves, search and products."""

import pytest

from apps.myclothes.catalog.cards import Card
from apps.myclothes.catalog.choices import Choice, colours_of, sizes_of
from apps.myclothes.catalog.models import slug_of
from apps.myclothes.catalog.pages import shelf_page
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
    assert f'value="{gone}" required disabled' in page
    assert f'value="{there}" required>' in page


def test_a_product_that_is_sold_out_says_so(visitor: Visitor) -> None:
    page = visitor.get("/products/heavy-tee").text
    assert "Sold out in ink" in page
    assert "sold out" in visitor.get("/shelves/shirts-and-tees").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("crew", {"Everyday crew"}),
        ("CREW lambswool", {"Everyday crew"}),
        ("cotton", {"Oxford shirt", "Heavy tee"}),
        ("forest", {"Everyday crew"}),
        ("tees sky", {"Oxford shirt"}),
        ("100%", {"Heavy tee"}),
        ("%", {"Heavy tee"}),
        ("_", set()),
        ("crew cotton", set()),
        ("' OR 1=1 --", set()),
        ("", set()),
    ],
)
def test_search_finds_what_has_every_word(visitor: Visitor, query: str, found: set[str]) -> None:
    page = visitor.client.get("/search", query_string={"q": query}).text
    assert {name for name in ("Everyday crew", "Oxford shirt", "Heavy tee") if f">{name}</h2>" in page} == found


def test_a_search_is_shown_escaped_and_bounded(visitor: Visitor) -> None:
    page = visitor.client.get("/search", query_string={"q": "<script>" + "x" * 500}).text
    assert "<script>x" not in page
    assert "x" * 101 not in page


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("?colour=sky", 1), ("?size=M", 1), ("?price=50", 1), ("?colour=sky&price=50", 0), ("?price=cheap", 2)],
)
def test_a_shelf_is_narrowed_by_colour_size_in_stock_and_price(visitor: Visitor, query: str, count: int) -> None:
    assert f"{count} of 2 pieces" in visitor.get(f"/shelves/shirts-and-tees{query}").text


def test_a_narrowed_shelf_shows_the_colour_that_fits(shop: Shop) -> None:
    cards = cards_of_knitwear(shop)
    assert [card["colours"][0]["slug"] for card in Choice(colour="forest").narrow(cards)] == ["forest"]
    assert [card["colours"][0]["slug"] for card in Choice(size="S").narrow(cards)] == ["oatmeal"]
    assert Choice(size="M").narrow(cards) == []


def test_what_can_be_chosen_is_in_order(shop: Shop) -> None:
    cards = cards_of_knitwear(shop)
    assert colours_of(cards) == [("forest", "Forest"), ("oatmeal", "Oatmeal")]
    assert sizes_of(cards) == ["S", "M"]


def cards_of_knitwear(shop: Shop) -> list[Card]:
    with shop.app.test_request_context():
        cards = shelf_page(shop.app.cache, "knitwear")
    assert cards is not None
    return cards


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Shirts & tees", "shirts-and-tees"), ("Crêpe d’été", "crepe-dete"), ("  A--B ", "a-b"), ("한국", "")],
)
def test_a_slug_is_ascii(name: str, slug: str) -> None:
    assert slug_of(name) == slug

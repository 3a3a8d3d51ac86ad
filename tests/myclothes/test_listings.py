"""Narrowing down, sorting and paging: cards in, cards out."""

import pytest

from apps.myclothes.catalog.cards import Card, Piece
from apps.myclothes.catalog.choices import Choice, sizes_in_order
from apps.myclothes.catalog.listings import ON_A_PAGE, NoSuchPage, Page, order_of, page_of

pytestmark = pytest.mark.unit


def card(number: int, *pieces: tuple[str, str, int, int], name: str = "") -> Card:
    """A card of pieces, each of colour, size, price and stock."""
    made: dict[str, list[Piece]] = {}
    for at, (colour, size, cents, stock) in enumerate(pieces):
        piece: Piece = {
            "id": number * 100 + at,
            "sku": f"{number}-{at}",
            "size": size,
            "price_cents": cents,
            "regular_cents": cents,
            "stock": stock,
        }
        made.setdefault(colour, []).append(piece)
    prices = [piece[2] for piece in pieces]
    return {
        "id": number,
        "slug": f"p{number}",
        "name": name or f"Piece {number}",
        "category": "Coats",
        "category_slug": "coats",
        "from_cents": min(prices),
        "regular_cents": min(prices),
        "to_cents": max(prices),
        "in_stock": any(piece[3] for piece in pieces),
        "colours": [
            {"slug": colour, "name": colour.title(), "swatch": "#000000", "picture": "x.svg", "pieces": pieces}
            for colour, pieces in made.items()
        ],
    }


CARDS = [
    card(1, ("navy", "M", 9000, 1), ("camel", "L", 12000, 0)),
    card(2, ("navy", "L", 4000, 0), ("navy", "M", 4000, 2)),
    card(3, ("camel", "M", 30000, 5)),
]


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        (Choice(), [1, 2, 3]),
        (Choice(colour="navy"), [1, 2]),
        (Choice(colour="camel", size="L"), [1]),
        (Choice(colour="navy", size="L", stock="1"), []),
        (Choice(colour="camel", stock="1"), [3]),
        (Choice(price="100"), [1, 2]),
        (Choice(price="free"), [1, 2, 3]),
        (Choice(colour="nothing"), []),
    ],
)
def test_one_piece_fits_the_whole_choice(choice: Choice, left: list[int]) -> None:
    assert [found["id"] for found in choice.narrow(CARDS)] == left


def test_the_colour_that_fits_is_shown_first() -> None:
    (found,) = Choice(colour="camel", size="L").narrow(CARDS)
    assert [colour["slug"] for colour in found["colours"]] == ["camel", "navy"]
    assert [colour["slug"] for colour in CARDS[0]["colours"]] == ["navy", "camel"]


@pytest.mark.parametrize("choice", [Choice(), Choice(colour="navy"), Choice(size="M", stock="1"), Choice(price="50")])
def test_a_count_is_what_choosing_it_would_leave(choice: Choice) -> None:
    for facet in ("colour", "size", "price"):
        options = {"colour": choice.colours, "size": choice.sizes, "price": choice.prices}[facet](CARDS)
        chosen = {name: getattr(choice, name) for name in ("colour", "size", "price", "stock")}
        for option in options:
            assert option.count == len(Choice(**chosen | {facet: option.value}).narrow(CARDS))
    assert choice.in_stock(CARDS) == len(Choice(**chosen | {"stock": "1"}).narrow(CARDS))


def test_sizes_stand_small_to_large() -> None:
    assert sizes_in_order(["L", "XS", "S/M", "41", "9", "38,5", "One size", "L"]) == [
        "XS", "S/M", "L", "9", "38,5", "41", "One size",
    ]  # fmt: skip


def walk(cards: list[Card], sort: str) -> list[list[int]]:
    """All pages from the first on."""
    found, after = [], None
    while True:
        page = page_of(cards, order_of(sort), after, None)
        found.append([each["id"] for each in page.cards])
        if page.after is None:
            return found
        after = page.after


MANY = [card(number, ("navy", "M", 1000 * (number % 7 + 1), 1), name=f"N{number % 5}~ä") for number in range(1, 61)]


@pytest.mark.parametrize("sort", ["", "new", "price", "-price", "name", "unknown"])
def test_pages_show_each_piece_once_in_order(sort: str) -> None:
    pages = walk(MANY, sort)
    assert [len(page) for page in pages] == [24, 24, 12]
    order = order_of(sort)
    wanted = sorted(MANY, key=lambda item: (order(item), item["id"]))
    assert [each for page in pages for each in page] == [each["id"] for each in wanted]


def test_what_comes_and_goes_shifts_no_page() -> None:
    first = page_of(MANY, order_of("new"), None, None)
    fewer_and_more = [card(99, ("navy", "M", 1, 1)), *(each for each in MANY if each["id"] not in (60, 37))]
    second = page_of(fewer_and_more, order_of("new"), first.after, None)
    assert second.cards[0]["id"] == first.cards[-1]["id"] - 1


def test_the_way_back_leads_to_the_page_before() -> None:
    first = page_of(MANY, order_of("price"), None, None)
    second = page_of(MANY, order_of("price"), first.after, None)
    assert page_of(MANY, order_of("price"), None, second.before) == first
    assert first.before is None


def test_what_is_found_comes_best_first_unless_another_order_is_asked_for() -> None:
    ranks = {1: 2, 2: 0, 3: 1}
    by_rank = page_of(CARDS, order_of("", ranks), None, None)
    assert [each["id"] for each in by_rank.cards] == [2, 3, 1]
    assert [each["id"] for each in page_of(CARDS, order_of("-price", ranks), None, None).cards] == [3, 1, 2]


@pytest.mark.parametrize("cursor", ["", "x", "1", "1~x", "~5", "1~1.5"])
def test_what_is_no_cursor_leads_nowhere(cursor: str) -> None:
    with pytest.raises(NoSuchPage):
        page_of(CARDS, order_of("price"), cursor, None)


def test_there_is_nothing_behind_the_end() -> None:
    assert page_of(MANY, order_of("price"), "5~999999", None) == Page([], None, None)
    assert len(page_of(MANY, order_of("price"), None, "5~999999").cards) == ON_A_PAGE

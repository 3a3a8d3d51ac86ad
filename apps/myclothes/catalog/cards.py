"""What pages show of the catalogue: plain data, as it is kept in the cache for everybody."""

from collections.abc import Iterable, Sequence
from typing import TypedDict

from apps.myclothes.catalog.models import Product, Variant, slug_of


class Piece(TypedDict):
    """One size of one colour."""

    id: int
    size: str
    price_cents: int
    stock: int


class Colour(TypedDict):
    """A product in one colour, with its picture and sizes."""

    slug: str
    name: str
    swatch: str
    picture: str
    pieces: list[Piece]


class Card(TypedDict):
    """A product as it stands on a shelf; the prices are those of its cheapest and its dearest piece."""

    slug: str
    name: str
    category: str
    category_slug: str
    from_cents: int
    to_cents: int
    in_stock: bool
    colours: list[Colour]


class Shelf(TypedDict):
    """A category on the front page, with the picture of one of its products."""

    slug: str
    name: str
    count: int
    picture: str


class ProductPage(TypedDict):
    """All that the page of one product shows."""

    card: Card
    description: str
    material: str
    related: list[Card]


class FrontPage(TypedDict):
    """All that the front page shows."""

    shelves: list[Shelf]
    new: list[Card]


def card_of(product: Product) -> Card:
    """The card of a product that has at least one variant."""
    prices = [variant.price_cents for variant in product.variants]
    return {
        "slug": product.slug,
        "name": product.name,
        "category": product.category.name,
        "category_slug": product.category.slug,
        "from_cents": min(prices),
        "to_cents": max(prices),
        "in_stock": any(variant.stock for variant in product.variants),
        "colours": _colours(product.variants),
    }


def cards_of(products: Iterable[Product]) -> list[Card]:
    return [card_of(product) for product in products if product.variants]


def _colours(variants: Sequence[Variant]) -> list[Colour]:
    colours: dict[str, Colour] = {}
    for variant in variants:
        slug = slug_of(variant.colour) or str(variant.id)
        empty: Colour = {
            "slug": slug,
            "name": variant.colour,
            "swatch": variant.swatch,
            "picture": f"products/{variant.picture}",
            "pieces": [],
        }
        colours.setdefault(slug, empty)["pieces"].append(
            {"id": variant.id, "size": variant.size, "price_cents": variant.price_cents, "stock": variant.stock}
        )
    return list(colours.values())

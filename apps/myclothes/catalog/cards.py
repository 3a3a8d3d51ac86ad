"""What pages show of the catalogue: plain data, as it is kept in the cache for everybody."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.myclothes.catalog.models import Product, Variant, price_at, slug_of
from apps.myclothes.catalog.shelves import Shelves


class Piece(TypedDict):
    """One size of one colour; it costs its regular price unless it is on sale."""

    id: int
    sku: str
    size: str
    price_cents: int
    regular_cents: int
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

    id: int
    slug: str
    name: str
    category: str
    category_slug: str
    from_cents: int
    regular_cents: int
    to_cents: int
    in_stock: bool
    colours: list[Colour]


def load_cards(db: Session, shelves: Shelves, *which: ColumnElement[bool]) -> list[Card]:
    """The cards of the published products of which that is true, in the order of their ids; in one query."""
    found = _pieces().where(Product.published, *which).order_by(Product.id, Variant.position, Variant.id)
    moment = now()
    rows = groupby(db.execute(found), key=lambda row: row.product_id)
    return [_card(list(pieces), shelves, moment) for _, pieces in rows]


def _pieces() -> Select[*tuple[Any, ...]]:
    # Rows and no objects: a long shelf has thousands, and an object costs ten times as much.
    return select(
        Product.id.label("product_id"),
        Product.slug,
        Product.name,
        Product.category_id,
        Variant.id,
        Variant.sku,
        Variant.colour,
        Variant.swatch,
        Variant.size,
        Variant.price_cents,
        Variant.sale_price_cents,
        Variant.sale_starts_at,
        Variant.sale_ends_at,
        Variant.stock,
        Variant.picture,
    ).join(Variant, Variant.product_id == Product.id)


def _card(rows: list[Any], shelves: Shelves, moment: datetime) -> Card:
    first, shelf = rows[0], shelves.of(rows[0].category_id)
    colours = _colours(rows, moment)
    pieces = [piece for colour in colours for piece in colour["pieces"]]
    cheapest = min(pieces, key=lambda piece: piece["price_cents"])
    return {
        "id": first.product_id,
        "slug": first.slug,
        "name": first.name,
        "category": shelf["name"],
        "category_slug": shelf["slug"],
        "from_cents": cheapest["price_cents"],
        "regular_cents": cheapest["regular_cents"],
        "to_cents": max(piece["price_cents"] for piece in pieces),
        "in_stock": any(piece["stock"] for piece in pieces),
        "colours": colours,
    }


def _colours(rows: Iterable[Any], moment: datetime) -> list[Colour]:
    colours: dict[str, Colour] = {}
    for row in rows:
        # A colour that is written in no letter of ASCII is told apart by its first piece.
        found = colours.get(row.colour)
        if found is None:
            slug = slug_of(row.colour) or str(row.id)
            found = colours[row.colour] = _colour(row, slug)
        found["pieces"].append(_piece(row, moment))
    return list(colours.values())


def _colour(row: Any, slug: str) -> Colour:
    picture = f"products/{row.picture}"
    return {"slug": slug, "name": row.colour, "swatch": row.swatch, "picture": picture, "pieces": []}


def _piece(row: Any, moment: datetime) -> Piece:
    return {
        "id": row.id,
        "sku": row.sku,
        "size": row.size,
        "price_cents": price_at(row, moment),
        "regular_cents": row.price_cents,
        "stock": row.stock,
    }

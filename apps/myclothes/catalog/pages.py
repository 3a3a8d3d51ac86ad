"""The catalogue through the cache. What pages say about stock may be seconds old; what is sold never is.

A page that many ask for is kept whole, once for each language; shelves are kept as data, too, to be narrowed down.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TypedDict, cast

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from apps.chassis.cache import Cache
from apps.myclothes import SITE
from apps.myclothes.catalog.cards import Card, load_cards
from apps.myclothes.catalog.models import Product, Variant
from apps.myclothes.catalog.shelves import Shelf, Shelves

LIFETIME_SECONDS = 60.0
SITEMAP_SECONDS = 600.0
TREE, FRONT, SITEMAP = "catalog:shelves", "front", "catalog:sitemap"
MOST_NEW, MOST_RELATED = 8, 4
MOST_IN_SITEMAP = 45_000
END = b"\0"


class FrontPage(TypedDict):
    """The picture of each shelf by its slug, and what is new, the newest of each shelf in turn."""

    faces: dict[str, str]
    new: list[Card]


class ShelfPage(TypedDict):
    """A shelf, those around it, and all that stands on it and below."""

    shelves: Sequence[Shelf]
    cards: list[Card]


class ProductPage(TypedDict):
    """All that the page of one product shows."""

    card: Card
    description: str
    material: str
    related: list[Card]


def shelves(cache: Cache) -> Shelves:
    """All shelves of the shop."""
    return Shelves(cache.fetch(TREE, LIFETIME_SECONDS, lambda db: Shelves.load(db).all))


def shelf_page(cache: Cache, slug: str) -> ShelfPage | None:
    """A shelf with all its products, in the order of their ids; None if there is none of that name, or it is empty."""
    # Packed, for a long shelf would not fit otherwise.
    packed = cache.fetch(shelf_key(slug), LIFETIME_SECONDS, lambda db: _packed(load_shelf(db, slug)))
    return cast(ShelfPage | None, json.loads(zlib.decompress(packed)))


def kept_pages(cache: Cache, name: str, edition: str, make: Callable[[Session], dict[str, str]]) -> dict[str, bytes]:
    """Pages of one thing, by a name of each, as kept for all who read this edition; made at need; {} if there is none.

    An edition is a language, with or without the mark that the visitor chose it.
    """
    found = cache.fetch(page_key(name, edition), LIFETIME_SECONDS, lambda db: _joined(make(db)))
    parts = found.split(END) if found else []
    return {key.decode(): page for key, page in zip(parts[::2], parts[1::2], strict=True)}


def sitemap(cache: Cache, make: Callable[[Session], str]) -> bytes:
    """The list of all pages, minutes old at most."""
    return cache.fetch(SITEMAP, SITEMAP_SECONDS, lambda db: make(db).encode())


def invalidate(cache: Cache, products: Iterable[Product]) -> None:
    """Forget the pages that show any of these products, now and once this transaction has committed.

    Those that show it as a neighbour are forgotten when their time is over.
    """
    names, keys = {FRONT}, {TREE}
    for product in products:
        slugs = [shelf.slug for shelf in product.category.path()]
        names |= {product_name(product.slug), *map(shelf_name, slugs)}
        keys |= set(map(shelf_key, slugs))
    keys |= {page_key(name, edition) for name in names for edition in editions()}
    cache.invalidate_with_commit(*sorted(keys))


def editions() -> Iterator[str]:
    """The languages of the site, each with and without the choice of it."""
    for code in SITE.languages:
        yield from (code, f"{code}?lang={code}")


def shelf_name(slug: str) -> str:
    """What the kept pages of a shelf are called; see `page_key`."""
    return f"shelf:{slug}"


def product_name(slug: str) -> str:
    """What the kept pages of a product are called; see `page_key`."""
    return f"product:{slug}"


def shelf_key(slug: str) -> str:
    """The cache's key of a shelf's data."""
    return f"catalog:shelf:{slug}"


def page_key(name: str, edition: str) -> str:
    """The cache's key of a whole page in one of the `editions`."""
    return f"catalog:page:{name}:{edition}"


def load_front(db: Session) -> tuple[Shelves, FrontPage]:
    """The front page as it is now."""
    shelves = Shelves.load(db)
    turn = func.row_number().over(partition_by=Product.category_id, order_by=Product.id.desc()).label("turn")
    is_seen = select(Variant.id).where(Variant.product_id == Product.id).exists()
    ranked = select(Product.id, turn).where(Product.published, is_seen).subquery()
    newest = load_cards(db, shelves, Product.id.in_(select(ranked.c.id).where(ranked.c.turn <= MOST_NEW)))[::-1]
    within = {shelf["slug"]: {inner["slug"] for inner in shelves.within(shelf)} for shelf in shelves.nav}
    groups = {slug: [card for card in newest if card["category_slug"] in inner] for slug, inner in within.items()}
    # Of each shelf in turn, so that the front page shows the breadth of the shop.
    turns = [card for cards in zip_longest(*groups.values()) for card in cards if card is not None]
    faces = {slug: cards[min(1, len(cards) - 1)]["colours"][0]["picture"] for slug, cards in groups.items()}
    return shelves, {"faces": faces, "new": turns[:MOST_NEW]}


def load_shelf(db: Session, slug: str) -> ShelfPage | None:
    """The shelf of that name as it is now; None if there is none, or it is empty."""
    shelves = Shelves.load(db)
    shelf = shelves.named(slug)
    if shelf is None or not shelf["count"]:
        return None
    cards = load_cards(db, shelves, Product.category_id.in_([inner["id"] for inner in shelves.within(shelf)]))
    return {"shelves": shelves.all, "cards": cards}


def load_product(db: Session, slug: str) -> tuple[Shelves, ProductPage] | None:
    """The published product of that name as it is now; None if there is none, or nothing of it to buy."""
    shelves = Shelves.load(db)
    found = select(Product.id, Product.category_id, Product.description, Product.material)
    product = db.execute(found.where(Product.slug == slug, Product.published)).first()
    if product is None:
        return None
    cards = {card["id"]: card for card in load_cards(db, shelves, _near(shelves, product))}
    if product.id not in cards:
        return None
    card = cards.pop(product.id)
    # Its own shelf first, and there whoever stands behind it, so that neighbours lead through the whole shelf.
    near = sorted(cards.values(), key=lambda o: (o["category"] != card["category"], o["id"] < card["id"], o["id"]))
    return shelves, {
        "card": card,
        "description": product.description,
        "material": product.material,
        "related": near[:MOST_RELATED],
    }


def load_addresses(db: Session) -> list[tuple[str, str]]:
    """Slug of the product and name of the colour of all that there is to see, newest first, at most 45,000."""
    found = select(Product.slug, Variant.colour).join(Variant, Variant.product_id == Product.id)
    each = found.where(Product.published).group_by(Product.id, Product.slug, Variant.colour)
    return [(slug, colour) for slug, colour in db.execute(each.order_by(Product.id.desc()).limit(MOST_IN_SITEMAP))]


def _near(shelves: Shelves, product: Row[int, int, str, str]) -> ColumnElement[bool]:
    """The product and the few that stand behind it on its shelf, else anywhere on the shelf that holds it all."""
    family = [shelf["id"] for shelf in shelves.within(shelves.path(shelves.of(product.category_id))[0])]
    far, before = Product.category_id != product.category_id, Product.id <= product.id
    is_seen = select(Variant.id).where(Variant.product_id == Product.id).exists()
    others = select(Product.id).where(Product.category_id.in_(family), Product.published, is_seen)
    nearest = others.where(Product.id != product.id).order_by(far, before, Product.id).limit(MOST_RELATED)
    # MariaDB takes no limit right inside of IN.
    return or_(Product.id == product.id, Product.id.in_(select(nearest.subquery().c.id)))


def _packed(page: object) -> bytes:
    return zlib.compress(json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def _joined(pages: dict[str, str]) -> bytes:
    return END.join(text.replace("\0", "").encode() for pair in pages.items() for text in pair)

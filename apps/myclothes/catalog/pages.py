"""The catalogue through the cache. What pages say about stock may be seconds old; what is sold never is."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from apps.chassis.cache import Cache
from apps.myclothes.catalog.cards import Card, FrontPage, ProductPage, Shelf, card_of, cards_of
from apps.myclothes.catalog.models import Category, Product

LIFETIME_SECONDS = 60.0
FRONT = "catalog:front"
MOST_NEW, MOST_RELATED = 8, 4


def front_page(cache: Cache) -> FrontPage:
    return cast(FrontPage, cache.fetch(FRONT, LIFETIME_SECONDS, _load_front))


def shelf_page(cache: Cache, slug: str) -> list[Card] | None:
    """The cards of a category; None if there is no such category."""
    if all(shelf["slug"] != slug for shelf in front_page(cache)["shelves"]):
        return None
    return cast(list[Card], cache.fetch(shelf_key(slug), LIFETIME_SECONDS, lambda db: _load_shelf(db, slug)))


def product_page(cache: Cache, slug: str) -> ProductPage | None:
    """A product with all its colours and sizes; None if there is none of that name."""
    found = cache.fetch(product_key(slug), LIFETIME_SECONDS, lambda db: _load_product(db, slug))
    return cast(ProductPage | None, found)


def invalidate(cache: Cache, products: Iterable[Product]) -> None:
    """Forget the pages that show any of these products, now and once this transaction has committed."""
    changed = list(products)
    keys = {product_key(product.slug) for product in changed} | {shelf_key(item.category.slug) for item in changed}
    cache.invalidate_with_commit(FRONT, *sorted(keys))


def shelf_key(slug: str) -> str:
    return f"catalog:shelf:{slug}"


def product_key(slug: str) -> str:
    return f"catalog:product:{slug}"


def _load_front(db: Session) -> Any:
    shelves = db.scalars(
        select(Category)
        .order_by(Category.position)
        .options(selectinload(Category.products).selectinload(Product.variants))
    ).all()
    full = [shelf for shelf in shelves if cards_of(shelf.products)]
    # The newest of each shelf in turn, so that the front page shows the breadth of the shop.
    turns = max((len(shelf.products) for shelf in full), default=0)
    ordered = [shelf.products[turn] for turn in range(turns) for shelf in full if turn < len(shelf.products)]
    return {"shelves": [_shelf(shelf) for shelf in full], "new": cards_of(ordered)[:MOST_NEW]}


def _shelf(category: Category) -> Shelf:
    cards = cards_of(category.products)
    face = cards[min(1, len(cards) - 1)]["colours"][0]["picture"]
    return {"slug": category.slug, "name": category.name, "count": len(cards), "picture": face}


def _load_shelf(db: Session, slug: str) -> Any:
    return cards_of(_products(db, slug))


def _load_product(db: Session, slug: str) -> Any:
    product = db.scalar(
        select(Product)
        .where(Product.slug == slug)
        .options(selectinload(Product.variants), selectinload(Product.category))
    )
    if product is None or not product.variants:
        return None
    neighbours = [other for other in _products(db, product.category.slug) if other.id != product.id]
    # Whoever stands behind it on the shelf comes first, so that neighbours lead through the whole shelf.
    behind = [*(o for o in neighbours if o.id > product.id), *(o for o in neighbours if o.id < product.id)]
    return {
        "card": card_of(product),
        "description": product.description,
        "material": product.material,
        "related": cards_of(behind)[:MOST_RELATED],
    }


def _products(db: Session, category_slug: str) -> list[Product]:
    found = (
        select(Product)
        .join(Product.category)
        .where(Category.slug == category_slug)
        .order_by(Product.id)
        .options(contains_eager(Product.category), selectinload(Product.variants))
    )
    return list(db.scalars(found).unique())

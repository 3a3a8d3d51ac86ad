"""The catalogue as WooCommerce's CSV; taken over again, it changes nothing."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from apps.myclothes.catalog import woocommerce as woo
from apps.myclothes.catalog.models import Category, Product, Variant
from apps.myclothes.catalog.sheets import ONE_COLOUR, ONE_SIZE

AT_ONCE = 200


def export(db: Session) -> Iterator[str]:
    """The file in pieces, so that no catalogue is too large: each product's line before those of its variants."""
    db.scalars(select(Category)).all()
    # WooCommerce numbers variations and products alike, so ours follow behind the last product.
    behind = db.scalar(select(func.max(Product.id))) or 0
    yield _lines([dict(zip(woo.COLUMNS, woo.COLUMNS, strict=True))])
    last = 0
    while products := _products_after(db, last):
        last = products[-1].id
        yield _lines([row for product in products for row in _rows(product, behind)])


def _products_after(db: Session, product_id: int) -> list[Product]:
    found = select(Product).where(Product.id > product_id).order_by(Product.id).limit(AT_ONCE)
    return list(db.scalars(found.options(selectinload(Product.variants), selectinload(Product.category))))


def _lines(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    # Its own lines end with a line feed, as WooCommerce's do.
    csv.DictWriter(text, woo.COLUMNS, restval="", lineterminator="\n").writerows(rows)
    return text.getvalue()


def _rows(product: Product, behind: int) -> Iterator[dict[str, Any]]:
    variants = product.variants
    if len(variants) == 1 and product.sku is None:
        yield (
            _shared(product) | _sold(variants[0]) | {"ID": product.id, "Type": "simple", "Images": variants[0].picture}
        )
        return
    colours = list(dict.fromkeys(variant.colour for variant in variants))
    sizes = list(dict.fromkeys(variant.size for variant in variants))
    pictures = list(dict.fromkeys(variant.picture for variant in variants))
    row = _shared(product) | _looks(woo.listed(colours), woo.listed(sizes))
    images = woo.listed(pictures)
    yield row | {"ID": product.id, "Type": "variable", "SKU": woo.guarded(product.sku or ""), "Images": images}
    for variant in variants:
        yield _variation(product, variant, behind + variant.id)


def _shared(product: Product) -> dict[str, Any]:
    path = " > ".join(shelf.name for shelf in product.category.path())
    return {
        "Name": woo.guarded(product.name),
        "Published": int(product.published),
        "Is featured?": 0,
        "Visibility in catalog": "visible",
        "Description": woo.guarded(woo.described(product.description)),
        "Tax status": "taxable",
        "Categories": woo.guarded(woo.listed([path])),
        "Position": 0,
        "Attribute 3 name": woo.MATERIAL,
        "Attribute 3 value(s)": woo.guarded(woo.listed([product.material])),
        "Attribute 3 visible": 1,
        "Attribute 3 global": 0,
    }


def _variation(product: Product, variant: Variant, number: int) -> dict[str, Any]:
    look = " - ".join((product.name, f"{variant.colour}, {variant.size}"))
    named = {"ID": number, "Type": "variation", "Name": woo.guarded(look), "Published": int(product.published)}
    parent = product.sku or f"id:{product.id}"
    return named | _sold(variant) | {"Tax status": "taxable", "Parent": parent, "Images": variant.picture}


def _sold(variant: Variant) -> dict[str, Any]:
    return {
        "SKU": woo.guarded(variant.sku),
        "Date sale price starts": variant.sale_starts_at.isoformat() if variant.sale_starts_at else "",
        "Date sale price ends": variant.sale_ends_at.isoformat() if variant.sale_ends_at else "",
        "In stock?": int(variant.stock > 0),
        "Stock": variant.stock,
        "Low stock amount": "" if variant.low_stock is None else variant.low_stock,
        "Backorders allowed?": 0,
        "Sale price": woo.priced(variant.sale_price_cents),
        "Regular price": woo.priced(variant.price_cents),
        "Position": variant.position,
        "Meta: swatch": variant.swatch,
    } | _looks(*(woo.listed([text]) for text in (variant.colour, variant.size)))


def _looks(colour: str, size: str) -> dict[str, Any]:
    """Colour and size as attributes, but for those that say nothing."""
    look = {"Attribute 1 name": woo.COLOUR, "Attribute 1 value(s)": woo.guarded(colour)} if colour != ONE_COLOUR else {}
    if size != ONE_SIZE:
        look |= {"Attribute 2 name": woo.SIZE, "Attribute 2 value(s)": woo.guarded(size)}
    return look | {"Attribute 1 visible": 1, "Attribute 1 global": 0, "Attribute 2 visible": 1, "Attribute 2 global": 0}

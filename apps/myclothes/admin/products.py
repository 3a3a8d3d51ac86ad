"""Keeping the catalogue: products, their variants, and the pictures there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache as remembered
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from apps.chassis.columns import now
from apps.chassis.pictures import Encoded
from apps.myclothes.admin.changes import assign
from apps.myclothes.catalog import ledger, photographs
from apps.myclothes.catalog.models import Category, Product, Variant, slug_of

PICTURES = Path(__file__).parents[1] / "static" / "products"
MOST_SLUGS = 100
SHOWN = ("published", "hidden")


class Taken(Exception):
    """Something else has this name already; the text is the field that must differ."""


def search(text: str, state: str) -> Select[Product]:
    """Products by a part of their name or by an SKU, all or only those shown or hidden."""
    found = select(Product).options(selectinload(Product.variants), selectinload(Product.category))
    if text:
        coded = Product.variants.any(Variant.sku.istartswith(text, autoescape=True))
        found = found.where(or_(Product.name.icontains(text, autoescape=True), coded))
    return found.where(Product.published.is_(state == "published")) if state in SHOWN else found


def categories(db: Session) -> list[tuple[str, str]]:
    """Id and name of each category, as a choice; a category within another after it, with both names."""
    rows = {row.id: row for row in db.scalars(select(Category).order_by(Category.position, Category.id))}
    named = [(str(row.id), path_of(row, rows)) for row in rows.values()]
    return sorted(named, key=lambda choice: choice[1])


def path_of(category: Category, rows: dict[int, Category]) -> str:
    """The category's name after those that it lies within."""
    names, seen = [category.name], {category.id}
    # A circle of parents, which only a mistaken import could make, must not go round for ever.
    while (category := rows.get(category.parent_id or 0, category)).id not in seen:
        names.append(category.name)
        seen.add(category.id)
    return " › ".join(reversed(names))


def create(db: Session, values: dict[str, Any]) -> Product:
    """A new product, which is shown once it has a variant; raises Taken for an SKU that another has."""
    product = Product(created_at=now(), slug=free_slug(db, values["name"]), variants=[], **values)
    with unique(db, "sku"):
        db.add(product)
    return product


def change(db: Session, product: Product, values: dict[str, Any]) -> dict[str, str]:
    """Change it, and tell what changed; its address stays, since others link to it. Raises Taken."""
    with unique(db, "sku"):
        return assign(product, values)


def free_slug(db: Session, name: str) -> str:
    """The name as an address that no product has yet."""
    slug = slug_of(name)[:100] or "product"
    taken = set(db.scalars(select(Product.slug).where(Product.slug.startswith(slug, autoescape=True))))
    numbered = (f"{slug}-{number}" for number in range(2, MOST_SLUGS + len(taken)))
    return slug if slug not in taken else next(each for each in numbered if each not in taken)


def add_variant(db: Session, product: Product, values: dict[str, Any], stock: int) -> Variant:
    """A new variant at the end of the product's, its stock booked as its opening; raises Taken."""
    last = db.scalar(select(func.max(Variant.position)).where(Variant.product_id == product.id))
    variant = Variant(product_id=product.id, position=(last or 0) + 1, stock=stock, **values)
    photographs.hold(db, [variant.picture])
    with unique(db, "sku", "size"):
        db.add(variant)
    ledger.opening(db, variant)
    db.refresh(product, ["variants"])
    return variant


def change_variant(db: Session, variant: Variant, values: dict[str, Any]) -> dict[str, str]:
    """Change all but its stock, which only a count does, and tell what changed; raises Taken."""
    with unique(db, "sku", "size"):
        if values["picture"] != variant.picture:
            photographs.hold(db, [values["picture"], variant.picture])
        return assign(variant, values)


def give_picture(db: Session, variant: Variant, picture: Encoded) -> dict[str, str]:
    """Show this picture for all sizes of the variant's colour, and tell what changed of it."""
    same = [each for each in variant.product.variants if each.colour == variant.colour]
    name = photographs.keep(db, picture)
    photographs.hold(db, {each.picture for each in same})
    changed = [assign(each, {"picture": name}) for each in sorted(same, key=lambda each: each.id)]
    return next(filter(None, changed), {})


@contextmanager
def unique(db: Session, *names: str) -> Iterator[None]:
    """Write what is changed within it, or raise Taken and leave the database as it was."""
    try:
        # Begun before the change: what is refused on the way to a savepoint would end the whole transaction.
        with db.begin_nested():
            yield
    except IntegrityError as error:
        # SQLite names the columns, MariaDB the index, which is named after them; before it stands what was typed.
        text = str(error.orig).rpartition(" for key ")[2]
        raise Taken(next((name for name in names if name in text), names[0])) from None


@remembered
def pictures() -> tuple[str, ...]:
    """The names of the drawings that come with the shop."""
    return tuple(sorted(path.name for path in PICTURES.iterdir() if path.is_file()))

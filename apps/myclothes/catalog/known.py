"""The catalogue as an import finds it: which product, variant and shelf a line of the file means."""

import re
import unicodedata
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from apps.myclothes.catalog.models import Category, Product, slug_of
from apps.myclothes.catalog.photographs import uploaded
from apps.myclothes.catalog.sheets import Entry

PICTURES = Path(__file__).parent.parent / "static" / "products"
NO_SWATCH = "#9a9a96"
# For catalogues that name colours and do not show them.
SWATCHES = {
    "black": "#1d1d1f",
    "blue": "#2f5d9b",
    "brown": "#6b4a32",
    "gray": "#8b8b88",
    "green": "#4b7a4f",
    "grey": "#8b8b88",
    "navy": "#232f4b",
    "orange": "#d2762d",
    "pink": "#dba3ad",
    "purple": "#6b4a7d",
    "red": "#a8322d",
    "white": "#f5f3ee",
    "yellow": "#e0bd45",
}
MOST_ADDRESSES = 10_000


class Known:
    """All products with their variants, and all shelves, by whatever a file may call them."""

    def __init__(self, db: Session) -> None:
        together = (selectinload(Product.variants), selectinload(Product.category))
        products = db.scalars(select(Product).options(*together).order_by(Product.id)).all()
        self.categories = {(row.parent_id, folded(row.name)): row for row in db.scalars(select(Category))}
        self.by_sku = {product.sku: product for product in products if product.sku}
        self.by_slug = {product.slug: product for product in products}
        # A name that has no letter of ASCII, or was changed, is not that of the address.
        self.by_name = {folded(product.name): product for product in reversed(products)}
        self.variants = {variant.sku: variant for product in products for variant in product.variants}
        # Those of before; `variants` takes up the new ones as they are made.
        self.met = frozenset(self.variants)
        looks = ((folded(variant.colour), variant.swatch) for variant in self.variants.values())
        self.swatches = SWATCHES | dict(looks)
        self._slugs = set(self.by_slug)
        self._uploaded = uploaded(db)
        self._shelf_slugs = {row.slug for row in self.categories.values()}

    def product(self, entry: Entry) -> Product | None:
        """The product of that SKU, else of those variants, else of that name if no other SKU has it."""
        if entry.sku in self.by_sku:
            return self.by_sku[entry.sku]
        for piece in entry.pieces:
            if piece.sku in self.variants:
                return self.variants[piece.sku].product
        named = None if entry.alone else self._named(entry.values.get("name", ""))
        return named if named is not None and (named.sku is None or not entry.sku) else None

    def _named(self, name: str) -> Product | None:
        return self.by_name.get(folded(name)) or self.by_slug.get(slug_of(name))

    def combinations(self, product: Product | None, entry: Entry) -> dict[tuple[str, str], str]:
        """The colours and sizes that the product has, each with its SKU."""
        variants = product.variants if product is not None else []
        return {(folded(variant.colour), folded(variant.size)): variant.sku for variant in variants}

    def shelf(self, db: Session, path: tuple[str, ...]) -> Category:
        """The shelf at the end of the path; those that are missing are made."""
        parent: Category | None = None
        for depth, name in enumerate(path):
            key = (None if parent is None else parent.id, folded(name))
            if key not in self.categories:
                slug = _free(self._shelf_slugs, slug_of(name) or "shelf", slug_of(" ".join(path[: depth + 1])), 80)
                self.categories[key] = Category(slug=slug, name=name, parent=parent, position=len(self.categories))
                db.add(self.categories[key])
                db.flush()
            parent = self.categories[key]
        assert parent is not None
        return parent

    def free_slug(self, name: str, sku: str) -> str:
        """An address for a new product, from its name, its SKU, or a number."""
        return _free(self._slugs, slug_of(name) or slug_of(sku) or "product", slug_of(f"{name} {sku}"), 120)

    def has_picture(self, name: str) -> bool:
        """Whether it was uploaded, or this release has it; a name never leads out of their folder."""
        is_name = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,180}", name) is not None
        return name in self._uploaded or (is_name and (PICTURES / name).is_file())


def folded(text: str) -> str:
    """The text as the least picky of our databases compares it: without case, accents and spaces around it."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).strip()


def _free(taken: set[str], first: str, second: str, most: int) -> str:
    base = first[: most - 6].strip("-")
    wishes = (base, second[:most].strip("-"), *(f"{base}-{number}" for number in range(2, MOST_ADDRESSES)))
    found = next(wish for wish in wishes if wish and wish not in taken)
    taken.add(found)
    return found

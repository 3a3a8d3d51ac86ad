"""Take over a catalogue from CSV: one line per variant, all of the file or nothing."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.myclothes.catalog.models import Category, Product, Variant, slug_of

PICTURES = Path(__file__).parent.parent / "static" / "products"
COLUMNS = (
    "category",
    "product",
    "description",
    "material",
    "colour",
    "swatch",
    "size",
    "sku",
    "price_cents",
    "stock",
    "picture",
)
LONGEST = {"category": 80, "product": 120, "description": 1000, "material": 200, "colour": 40, "size": 20, "sku": 64}
MOST_CENTS, MOST_STOCK, MOST_MISTAKES = 10_000_000, 1_000_000, 50
SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
SWATCH = re.compile(r"#[0-9a-f]{6}")


class BadCatalogue(Exception):
    """The file cannot be taken over; `mistakes` names what is wrong, line by line."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Line:
    """One variant, checked."""

    category: str
    product: str
    description: str
    material: str
    colour: str
    swatch: str
    size: str
    sku: str
    price_cents: int
    stock: int
    picture: str


def read_catalogue(text: Iterable[str]) -> list[Line]:
    """Every line of the file, checked; raises BadCatalogue with each mistake and its line."""
    try:
        return _checked(csv.DictReader(text, strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadCatalogue([f"this is no CSV file in UTF-8: {error}"]) from error


def apply_catalogue(db: Session, lines: Iterable[Line]) -> set[str]:
    """Create what is new and change what is known by its SKU; what the file does not name stays as it is.

    Answers the slugs of all products that the lines name.
    """
    categories = {category.slug: category for category in db.scalars(select(Category))}
    products = {product.slug: product for product in db.scalars(select(Product))}
    variants = {variant.sku: variant for variant in db.scalars(select(Variant))}
    touched = set()
    for position, line in enumerate(lines):
        category = _category(db, categories, line)
        product = _product(db, products, category, line)
        _variant(db, variants, product, line, position)
        touched.add(product.slug)
    db.flush()
    return touched


def _checked(rows: "csv.DictReader[str]") -> list[Line]:
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise BadCatalogue([f"line 1: these columns are missing: {', '.join(missing)}"])
    lines: list[Line] = []
    mistakes: list[str] = []
    seen: dict[object, int] = {}
    for row in rows:
        found = [*_mistakes(row), *_repeats(row, seen, rows.line_num)]
        mistakes += [f"line {rows.line_num}: {mistake}" for mistake in found]
        if not found:
            lines.append(_line(row))
    if not mistakes and not lines:
        mistakes = ["line 1: there is no line after the heading"]
    if mistakes:
        raise BadCatalogue(mistakes[:MOST_MISTAKES])
    return lines


def _mistakes(row: Mapping[str | None, str | None]) -> Iterator[str]:
    if None in row or None in row.values():
        yield "it has another number of fields than the heading"
        return
    fields = {str(name): str(value).strip() for name, value in row.items()}
    yield from _bad_texts(fields)
    yield from _bad_numbers(fields)
    if not SWATCH.fullmatch(fields["swatch"].lower()):
        yield f"swatch takes a colour such as #a1b2c3, not {fields['swatch'][:40]!r}"
    if not _has_picture(fields["picture"]):
        yield f"there is no picture {fields['picture'][:100]!r}"


def _bad_texts(fields: Mapping[str, str]) -> Iterator[str]:
    for name, longest in LONGEST.items():
        if not 0 < len(fields[name]) <= longest:
            yield f"{name} takes 1 to {longest} characters"
    if fields["sku"] and not SKU.fullmatch(fields["sku"]):
        yield f"sku takes letters, digits, dots, hyphens and underscores, not {fields['sku'][:64]!r}"
    for name in ("category", "product"):
        if fields[name] and not slug_of(fields[name]):
            yield f"{name} needs a letter or digit of ASCII for its address"


def _bad_numbers(fields: Mapping[str, str]) -> Iterator[str]:
    for name, least, most in (("price_cents", 1, MOST_CENTS), ("stock", 0, MOST_STOCK)):
        if not re.fullmatch(r"[0-9]{1,9}", fields[name]) or not least <= int(fields[name]) <= most:
            yield f"{name} takes a whole number from {least} to {most}, not {fields[name][:40]!r}"


def _has_picture(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,180}", name) is not None and (PICTURES / name).is_file()


def _repeats(row: Mapping[str, str], seen: dict[object, int], number: int) -> Iterator[str]:
    sku = row.get("sku") or ""
    kind = (slug_of(row.get("product") or ""), row.get("colour"), row.get("size"))
    for key, name in ((sku, f"sku {sku[:64]}"), (kind, "this product, colour and size")):
        if seen.setdefault(key, number) != number:
            yield f"{name} stands in line {seen[key]} already"


def _line(row: Mapping[str, str]) -> Line:
    fields: dict[str, Any] = {name: row[name].strip() for name in COLUMNS}
    fields |= {name: int(fields[name]) for name in ("price_cents", "stock")}
    fields["swatch"] = fields["swatch"].lower()
    return Line(**fields)


def _category(db: Session, known: dict[str, Category], line: Line) -> Category:
    slug = slug_of(line.category)
    if slug not in known:
        known[slug] = Category(slug=slug, position=len(known))
        db.add(known[slug])
    known[slug].name = line.category
    return known[slug]


def _product(db: Session, known: dict[str, Product], category: Category, line: Line) -> Product:
    slug = slug_of(line.product)
    if slug not in known:
        known[slug] = Product(slug=slug, created_at=now())
        db.add(known[slug])
    product = known[slug]
    product.category, product.name = category, line.product
    product.description, product.material = line.description, line.material
    return product


def _variant(db: Session, known: dict[str, Variant], product: Product, line: Line, position: int) -> None:
    variant = known.get(line.sku)
    if variant is None:
        variant = known[line.sku] = Variant(sku=line.sku)
        db.add(variant)
    variant.product, variant.position = product, position
    variant.colour, variant.swatch, variant.size = line.colour, line.swatch, line.size
    variant.price_cents, variant.stock, variant.picture = line.price_cents, line.stock, line.picture

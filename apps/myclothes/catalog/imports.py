"""Take over a catalogue in WooCommerce's CSV, all of it or nothing, after a plan that changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.chassis.languages import gettext as _
from apps.myclothes.catalog import woocommerce as woo
from apps.myclothes.catalog.known import NO_SWATCH, Known, folded
from apps.myclothes.catalog.ledger import Cause, opening, set_count
from apps.myclothes.catalog.models import Product, Variant
from apps.myclothes.catalog.photographs import NO_PICTURE, hold
from apps.myclothes.catalog.sheets import Entry, Piece, Problem, read
from apps.myclothes.catalog.words import reindex

COLUMN_OF = {
    "name": "Name",
    "description": "Description",
    "material": woo.MATERIAL,
    "published": "Published",
    "sku": "SKU",
    "colour": woo.COLOUR,
    "size": woo.SIZE,
    "swatch": "Meta: swatch",
    "position": "Position",
    "price_cents": "Regular price",
    "sale_price_cents": "Sale price",
    "sale_starts_at": "Date sale price starts",
    "sale_ends_at": "Date sale price ends",
    "low_stock": "Low stock amount",
    "picture": "Images",
}

# What a new product says of which the file says nothing.
BLANK = {"description": "", "material": ""}


class BadCatalogue(Exception):
    """The file cannot be taken over; `problems` names what is wrong, line by line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Change(NamedTuple):
    """What taking the file over would change; `subject` is the product's name or the variant's SKU."""

    line: int
    subject: str
    text: str


@dataclass(slots=True)
class Plan:
    """What a file would change, and why it cannot be taken over if there are problems.

    `missing` names pictures that this shop does not have: they keep nothing from being taken over, and are uploaded
    once there are variants that show them.
    """

    problems: list[Problem]
    entries: list[tuple[Entry, Product | None]]
    known: Known
    counts: bool
    changes: list[Change] = field(default_factory=list)
    missing: list[Problem] = field(default_factory=list)


def plan_import(db: Session, text: str, *, counts: bool = False) -> Plan:
    """Compare the file with the catalogue and change nothing. `counts`: the stock of known variants is to be set."""
    sheet, known = read(text), Known(db)
    plan = Plan(list(sheet.problems), [(entry, known.product(entry)) for entry in sheet.entries], known, counts)
    for entry, product in plan.entries:
        plan.missing += (problem for piece in entry.pieces for problem in _missing_picture(piece, known))
        plan.problems += _problems(entry, product, known)
        plan.changes += _changes(entry, product, plan)
    plan.problems += _met_twice(plan)
    plan.problems.sort()
    plan.missing.sort()
    return plan


def apply(db: Session, plan: Plan, actor: str = "") -> list[Product]:
    """Do what was planned in this same session, and answer the products that changed; raises BadCatalogue."""
    if plan.problems:
        raise BadCatalogue(plan.problems)
    changed = {line for line, *_ in plan.changes}
    entries = [pair for pair in plan.entries if not changed.isdisjoint(_lines(pair[0]))]
    _hold_pictures(db, [piece for entry, _ in entries for piece in entry.pieces], plan)
    products = [_take_over(db, entry, product, plan.known) for entry, product in entries]
    db.flush()
    _count(db, [piece for entry, _ in entries for piece in entry.pieces], plan, actor)
    for product in sorted(products, key=lambda product: product.id):
        db.expire(product, ["variants"])
        reindex(db, product)
    return products


def _lines(entry: Entry) -> set[int]:
    return {entry.line, *(piece.line for piece in entry.pieces)}


def _missing_picture(piece: Piece, known: Known) -> Iterator[Problem]:
    """Have the variant show what the shop has: the picture that it had, or none yet."""
    variant, wanted = known.variants.get(piece.sku), piece.values.pop("picture", None)
    if wanted and (known.has_picture(wanted) or (variant is not None and variant.picture == wanted)):
        piece.values["picture"] = wanted
    elif wanted or variant is None:
        yield Problem(piece.line, COLUMN_OF["picture"], _no_picture(wanted) if wanted else _("names no picture"))
    if variant is None:
        piece.values.setdefault("picture", NO_PICTURE)


def _problems(entry: Entry, product: Product | None, known: Known) -> Iterator[Problem]:
    if product is None and not entry.values:
        yield Problem(entry.line, "Parent", _("there is no product “%(sku)s”", sku=entry.sku))
    elif product is None and not entry.shelves:
        yield Problem(entry.line, "Categories", _("names no category for a new product"))
    taken = known.combinations(product, entry)
    for piece in entry.pieces:
        variant = known.variants.get(piece.sku)
        if variant is not None and variant.product is not product:
            yield Problem(piece.line, "SKU", _("is a variant of “%(name)s”", name=variant.product.name))
        elif entry.alone and product is not None and len(product.variants) > 1:
            yield Problem(piece.line, "Type", _("is one of several variants of “%(name)s”", name=product.name))
        yield from _piece_problems(piece, variant)
        look = (folded(piece.values["colour"]), folded(piece.values["size"]))
        if taken.setdefault(look, piece.sku) != piece.sku:
            yield Problem(piece.line, woo.COLOUR, _("has the colour and size of %(sku)s", sku=taken[look]))


def _piece_problems(piece: Piece, variant: Variant | None) -> Iterator[Problem]:
    had = {name: getattr(variant, name, None) for name in COLUMN_OF}
    wanted = had | piece.values
    if wanted["price_cents"] is None and "price_cents" not in piece.values:
        yield Problem(piece.line, COLUMN_OF["price_cents"], _("is missing for a new variant"))
    if (wanted["sale_price_cents"] or 0) >= (wanted["price_cents"] or woo.MOST_CENTS + 1):
        yield Problem(piece.line, "Sale price", _("is not below the regular price"))
    if wanted["sale_starts_at"] and wanted["sale_ends_at"] and wanted["sale_ends_at"] <= wanted["sale_starts_at"]:
        yield Problem(piece.line, "Date sale price ends", _("is not after the start"))


def _met_twice(plan: Plan) -> Iterator[Problem]:
    seen: dict[int, int] = {}
    for entry, product in plan.entries:
        if product is not None and seen.setdefault(product.id, entry.line) != entry.line:
            yield Problem(entry.line, "Name", _("is the product of line %(line)s already", line=seen[product.id]))


def _changes(entry: Entry, product: Product | None, plan: Plan) -> Iterator[Change]:
    name = entry.values.get("name") or entry.sku
    if product is None:
        yield Change(entry.line, name, _("new product"))
    else:
        wanted = entry.values | ({"sku": entry.sku} if entry.sku else {})
        yield from (Change(entry.line, product.name, text) for text in _differences(product, wanted))
        path = [shelf.name for shelf in product.category.path()]
        if entry.shelves and list(map(folded, path)) != list(map(folded, entry.shelves)):
            yield Change(
                entry.line, product.name, _difference("Categories", " > ".join(path), " > ".join(entry.shelves))
            )
    for piece in entry.pieces:
        yield from (Change(piece.line, piece.sku, text) for text in _piece_changes(piece, plan))


def _piece_changes(piece: Piece, plan: Plan) -> Iterator[str]:
    variant = plan.known.variants.get(piece.sku)
    if variant is None:
        yield _("new variant, %(pieces)s in stock", pieces=piece.stock or 0)
        return
    yield from _differences(variant, piece.values)
    if plan.counts and piece.stock not in (None, variant.stock):
        yield _difference("Stock", variant.stock, piece.stock)


def _differences(thing: Product | Variant, wanted: dict[str, Any]) -> Iterator[str]:
    for name, value in wanted.items():
        had = getattr(thing, name)
        if had != value:
            yield _difference(COLUMN_OF[name], _said(name, had), _said(name, value))


def _difference(column: str, had: object, wanted: object) -> str:
    return f"{column}: {had} → {wanted}"


def _said(name: str, value: Any) -> str:
    if name.endswith("_cents"):
        value = woo.priced(value)
    elif isinstance(value, datetime):
        value = value.isoformat(sep=" ", timespec="minutes")
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _take_over(db: Session, entry: Entry, product: Product | None, known: Known) -> Product:
    # First, because a shelf that is new is written at once, and a product without one cannot be.
    shelf = known.shelf(db, entry.shelves) if entry.shelves else None
    if product is None:
        slug = known.free_slug(entry.values["name"], entry.pieces[0].sku if entry.alone else entry.sku)
        product = Product(slug=slug, created_at=now(), published=True, variants=[], **BLANK)
        db.add(product)
    if shelf is not None:
        product.category = shelf
    for name, value in (entry.values | ({"sku": entry.sku} if entry.sku else {})).items():
        setattr(product, name, value)
    for piece in entry.pieces:
        _take_over_piece(db, piece, product, known)
    return product


def _take_over_piece(db: Session, piece: Piece, product: Product, known: Known) -> None:
    variant = known.variants.get(piece.sku)
    if variant is None:
        last = max((other.position for other in product.variants), default=-1)
        swatch = known.swatches.get(folded(piece.values["colour"]), NO_SWATCH)
        variant = Variant(product=product, sku=piece.sku, stock=piece.stock or 0, position=last + 1, swatch=swatch)
        known.variants[piece.sku] = variant
        db.add(variant)
    for name, value in piece.values.items():
        setattr(variant, name, value)


def _hold_pictures(db: Session, pieces: list[Piece], plan: Plan) -> None:
    """Keep the pictures that variants take or leave; raises BadCatalogue if one was swept away since the plan."""
    had = {piece.line: getattr(plan.known.variants.get(piece.sku), "picture", "") for piece in pieces}
    wanted = {piece.line: piece.values.get("picture") or had[piece.line] for piece in pieces}
    taken = {line: name for line, name in wanted.items() if name != had[line]}
    gone = hold(db, {*taken.values(), *(had[line] for line in taken)})
    plan.problems += [Problem(line, "Images", _no_picture(name)) for line, name in taken.items() if name in gone]
    if plan.problems:
        raise BadCatalogue(plan.problems)


def _no_picture(name: str) -> str:
    return _("there is no picture “%(name)s” in this shop", name=name[:100])


def _count(db: Session, pieces: list[Piece], plan: Plan, actor: str) -> None:
    """Book what new variants begin with, and what known ones have now if that was asked for."""
    counted = [(plan.known.variants[piece.sku], piece) for piece in pieces]
    # By their ids, as orders take them, so that neither waits for the other.
    for variant, piece in sorted(counted, key=lambda pair: pair[0].id):
        if piece.sku in plan.known.met:
            if plan.counts and piece.stock is not None:
                set_count(db, variant, piece.stock, actor=actor, cause=Cause.IMPORT)
        else:
            opening(db, variant)

"""How WooCommerce writes products into CSV: its columns, and what stands in a cell."""

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time

# In WooCommerce's own order. What we have nothing to say about is exported empty and left alone by an import.
COLUMNS = (
    "ID",
    "Type",
    "SKU",
    "GTIN, UPC, EAN, or ISBN",
    "Name",
    "Published",
    "Is featured?",
    "Visibility in catalog",
    "Short description",
    "Description",
    "Date sale price starts",
    "Date sale price ends",
    "Tax status",
    "Tax class",
    "In stock?",
    "Stock",
    "Low stock amount",
    "Backorders allowed?",
    "Sold individually?",
    "Weight (kg)",
    "Length (cm)",
    "Width (cm)",
    "Height (cm)",
    "Allow customer reviews?",
    "Purchase note",
    "Sale price",
    "Regular price",
    "Categories",
    "Tags",
    "Shipping class",
    "Images",
    "Download limit",
    "Download expiry days",
    "Parent",
    "Grouped products",
    "Upsells",
    "Cross-sells",
    "External URL",
    "Button text",
    "Position",
    "Attribute 1 name",
    "Attribute 1 value(s)",
    "Attribute 1 visible",
    "Attribute 1 global",
    "Attribute 2 name",
    "Attribute 2 value(s)",
    "Attribute 2 visible",
    "Attribute 2 global",
    "Attribute 3 name",
    "Attribute 3 value(s)",
    "Attribute 3 visible",
    "Attribute 3 global",
    "Meta: swatch",
)
NEEDED = ("Type", "SKU", "Name")
KINDS = frozenset({"simple", "variable", "variation"})
COLOUR, SIZE, MATERIAL = "Colour", "Size", "Material"
# What other shops call them.
ATTRIBUTES = {
    **dict.fromkeys(("colour", "color", "pa_colour", "pa_color", "farbe", "색상"), COLOUR),
    **dict.fromkeys(("size", "pa_size", "größe", "사이즈"), SIZE),
    **dict.fromkeys(("material", "pa_material", "소재"), MATERIAL),
}
MOST_CENTS, MOST_PIECES = 10_000_000, 1_000_000

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_FORMULA, _GUARDED = re.compile(r"'*[=+\-@\t\r]"), re.compile(r"'+[=+\-@\t\r]")
_PRICE = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")


def guarded(text: str) -> str:
    """The text as a cell: a spreadsheet must not take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell without what guards it."""
    return cell[1:] if _GUARDED.match(cell) else cell


def listed(values: Sequence[str]) -> str:
    """Several values in one cell, their own commas escaped."""
    return ", ".join(value.replace(",", "\\,") for value in values)


def values_of(cell: str) -> list[str]:
    """The values of a cell that may have several."""
    parts = (part.replace("\\,", ",").strip() for part in re.split(r"(?<!\\),", cell))
    return [part for part in parts if part]


def described(text: str) -> str:
    """A plain text as the HTML of a description, in one line."""
    return html.escape(text, quote=False).replace("\\n", "\\\\n").replace("\n", "\\n")


def description_of(cell: str) -> str:
    """The plain text of a description; tags are dropped."""
    lines = re.sub(r"\\\\n|\\n", lambda found: "\n" if found[0] == "\\n" else "\\n", cell)
    return html.unescape(_TAG.sub("", lines)).strip()


def priced(cents: int | None) -> str:
    """An amount of money as a cell."""
    return "" if cents is None else f"{cents // 100}.{cents % 100:02}"


def cents_of(cell: str) -> int:
    """A price in cents; raises ValueError."""
    found = _PRICE.fullmatch(cell)
    cents = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0
    if not 0 < cents <= MOST_CENTS:
        raise ValueError(cell)
    return cents


def moment_of(cell: str, *, end: bool = False) -> datetime:
    """A date or a time, in UTC unless it names a zone; a date alone means its end if asked. Raises ValueError."""
    try:
        found = datetime.fromisoformat(cell)
        if end and len(cell) <= len("2026-01-01"):
            found = datetime.combine(found, time.max)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(cell) from error


def whole_of(cell: str, most: int) -> int:
    """A number of pieces; raises ValueError."""
    if not re.fullmatch(r"[0-9]{1,9}", cell) or int(cell) > most:
        raise ValueError(cell)
    return int(cell)

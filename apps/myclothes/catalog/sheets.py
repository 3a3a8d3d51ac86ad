"""Read a product CSV and check all that the file alone can tell. Nothing here asks the database."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from apps.chassis.languages import gettext as _
from apps.myclothes.catalog import woocommerce as woo

MOST_ROWS, MOST_CHARACTERS, MOST_DEEP = 20_000, 20_000_000, 5
LONGEST = {"Name": 120, "Description": 1000, "category": 80, woo.COLOUR: 40, woo.SIZE: 20, woo.MATERIAL: 200}
ONE_COLOUR, ONE_SIZE = "One colour", "One size"
SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/ -]{0,63}\Z")
SWATCH = re.compile(r"#[0-9a-f]{6}")

T = TypeVar("T")


class Problem(NamedTuple):
    """Why a line cannot be taken over."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return _("line %(line)s, %(column)s: %(what)s", line=self.line, column=self.column, what=self.text)


@dataclass(slots=True)
class Piece:
    """A variant as the file wants it; `values` has only what the file speaks of."""

    line: int
    sku: str
    values: dict[str, Any]
    stock: int | None = None


@dataclass(slots=True)
class Entry:
    """A product as the file wants it; None for its line means that only variants of it are named."""

    line: int
    sku: str
    values: dict[str, Any]
    shelves: tuple[str, ...] = ()
    alone: bool = False
    pictures: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


class Sheet(NamedTuple):
    """What a file says, and what is wrong with it."""

    entries: list[Entry]
    problems: list[Problem]


class Row:
    """One line of the file and the columns that it has; what is wrong is noted, and read as nothing."""

    def __init__(self, line: int, cells: Mapping[str, str], problems: list[Problem]) -> None:
        self.line = line
        self.cells = cells
        self.problems = problems

    def has(self, column: str) -> bool:
        return column in self.cells

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def wrong(self, column: str, text: str) -> None:
        self.problems.append(Problem(self.line, column, text))

    def read(self, column: str, reader: Callable[[str], T], takes: str) -> T | None:
        """The cell by its reader, or None if it is empty or wrong."""
        cell = self.text(column)
        try:
            return reader(cell) if cell else None
        except ValueError:
            self.wrong(column, _("takes %(what)s, not “%(cell)s”", what=takes, cell=cell[:40]))
            return None

    def attributes(self) -> dict[str, str]:
        """Colour, size and material, by our names for them."""
        numbers = (name.split()[1] for name in self.cells if re.fullmatch(r"Attribute [0-9]{1,3} name", name))
        pairs = ((self.text(f"Attribute {n} name"), self.text(f"Attribute {n} value(s)")) for n in numbers)
        known = ((woo.ATTRIBUTES.get(name.casefold()), cell) for name, cell in pairs)
        return {name: " / ".join(woo.values_of(cell)) for name, cell in known if name}


def read(text: str) -> Sheet:
    """All products of the file; where there is a problem, some may be missing."""
    problems: list[Problem] = []
    try:
        rows = list(_rows(text, problems))
    except csv.Error as error:
        problems.append(Problem(1, "CSV", _("this is no CSV file: %(error)s", error=str(error))))
        return Sheet([], problems)
    if not rows and not problems:
        problems.append(Problem(1, "CSV", _("there is no line after the heading")))
    return Sheet(_entries(rows), problems)


def _rows(text: str, problems: list[Problem]) -> Iterator[Row]:
    if len(text) > MOST_CHARACTERS:
        raise csv.Error(_("it is too long"))
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    heading = [name.strip() for name in next(reader, [])]
    for column in woo.NEEDED:
        if column not in heading:
            problems.append(Problem(1, column, _("this column is missing")))
    before = reader.line_num
    for cells in () if problems else reader:
        # A text of several lines counts from where it begins.
        line, before = before + 1, reader.line_num
        if line > MOST_ROWS:
            raise csv.Error(_("it has more than %(most)s lines", most=MOST_ROWS))
        if len(cells) != len(heading) and cells:
            problems.append(Problem(line, "CSV", _("it has another number of cells than the heading")))
        elif any(cells):
            yield Row(line, {n: woo.unguarded(c.strip()) for n, c in zip(heading, cells, strict=True)}, problems)


def _entries(rows: list[Row]) -> list[Entry]:
    kinds = {id(row): _kind(row) for row in rows}
    entries = [_entry(row, kinds[id(row)]) for row in rows if kinds[id(row)] in ("simple", "variable")]
    by_name = {entry.sku: entry for entry in entries if entry.sku and not entry.alone}
    ids = [row.text("ID") for row in rows if kinds[id(row)] in ("simple", "variable")]
    by_name |= {f"id:{number}": entry for number, entry in zip(ids, entries, strict=True) if number and not entry.alone}
    for row in rows:
        if kinds[id(row)] == "variation":
            _join(row, by_name, entries)
    _refuse_repeats(rows)
    return entries


def _kind(row: Row) -> str:
    words = {word.lower() for word in woo.values_of(row.text("Type"))} - {"virtual", "downloadable"}
    kind = words.pop() if len(words) == 1 else ""
    if kind in woo.KINDS:
        return kind
    row.wrong("Type", _("takes simple, variable or variation, not “%(cell)s”", cell=row.text("Type")[:40]))
    return ""


def _entry(row: Row, kind: str) -> Entry:
    alone, attributes = kind == "simple", row.attributes()
    values: dict[str, Any] = {"name": _bounded(row, "Name", row.text("Name"), least=1)}
    if row.has("Description") or row.has("Short description"):
        told = row.text("Description") or row.text("Short description")
        values["description"] = _bounded(row, "Description", woo.description_of(told))
    if woo.MATERIAL in attributes:
        values["material"] = _bounded(row, woo.MATERIAL, attributes[woo.MATERIAL])
    if row.text("Published"):
        values["published"] = row.read("Published", _published, "1, 0, -1")
    sku = _sku(row, needed=alone)
    entry = Entry(row.line, "" if alone else sku, values, _shelves(row), alone, _pictures(row))
    if alone:
        entry.pieces.append(_piece(row, sku, entry, attributes))
    return entry


def _published(cell: str) -> bool:
    if cell not in ("1", "0", "-1", "2"):
        raise ValueError(cell)
    return cell == "1"


def _bounded(row: Row, name: str, text: str, *, least: int = 0) -> str:
    most = LONGEST[name]
    if not least <= len(text) <= most or "\0" in text:
        row.wrong(name, _("takes %(least)s to %(most)s characters", least=least, most=most))
    return text


def _sku(row: Row, *, needed: bool) -> str:
    sku = row.text("SKU")
    if (sku or needed) and not SKU.match(sku):
        takes = _("takes 1 to 64 letters, digits, spaces and . _ / -, not “%(cell)s”", cell=sku[:64])
        row.wrong("SKU", takes)
    return sku


def _shelves(row: Row) -> tuple[str, ...]:
    """The names that lead to the shelf; of several shelves the deepest, since a product stands on one."""
    paths = [tuple(name.strip() for name in path.split(">")) for path in woo.values_of(row.text("Categories"))]
    path = max(paths, key=len, default=())
    if len(path) > MOST_DEEP or any(not 0 < len(name) <= LONGEST["category"] for name in path):
        row.wrong("Categories", _("takes names of up to 80 characters, at most five within each other"))
    return path


def _pictures(row: Row) -> list[str]:
    # Of an address only the file's name counts: a page never depends on another host.
    return [value.rpartition("/")[2] for value in woo.values_of(row.text("Images"))]


def _piece(row: Row, sku: str, entry: Entry, attributes: Mapping[str, str]) -> Piece:
    values = _money(row) | _looks(row, attributes)
    if row.has("Low stock amount"):
        values["low_stock"] = row.read("Low stock amount", _pieces, _("a whole number"))
    if row.text("Position"):
        values["position"] = row.read("Position", _pieces, _("a whole number"))
    pictures = _pictures(row) or entry.pictures
    if pictures:
        values["picture"] = pictures[0]
    counted = row.text("Stock") != "parent"
    return Piece(row.line, sku, values, row.read("Stock", _pieces, _("a whole number")) if counted else None)


def _pieces(cell: str) -> int:
    return woo.whole_of(cell, woo.MOST_PIECES)


def _money(row: Row) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if row.has("Regular price"):
        values["price_cents"] = row.read("Regular price", woo.cents_of, _("a price such as 119.00"))
        if not row.text("Regular price"):
            row.wrong("Regular price", _("is missing"))
    if row.has("Sale price"):
        values["sale_price_cents"] = row.read("Sale price", woo.cents_of, _("a price such as 99.00"))
    return values | _sale(row)


def _sale(row: Row) -> dict[str, Any]:
    takes, values = _("a date such as 2026-01-31"), {}
    if row.has("Date sale price starts"):
        values["sale_starts_at"] = row.read("Date sale price starts", woo.moment_of, takes)
    if row.has("Date sale price ends"):
        values["sale_ends_at"] = row.read("Date sale price ends", lambda cell: woo.moment_of(cell, end=True), takes)
    return values


def _looks(row: Row, attributes: Mapping[str, str]) -> dict[str, Any]:
    colour = _bounded(row, woo.COLOUR, attributes.get(woo.COLOUR, "")) or ONE_COLOUR
    values: dict[str, Any] = {
        "colour": colour,
        "size": _bounded(row, woo.SIZE, attributes.get(woo.SIZE, "")) or ONE_SIZE,
    }
    if row.text("Meta: swatch"):
        values["swatch"] = row.read("Meta: swatch", _swatch, _("a colour such as #a1b2c3"))
    return values


def _swatch(cell: str) -> str:
    if not SWATCH.fullmatch(cell.lower()):
        raise ValueError(cell)
    return cell.lower()


def _join(row: Row, by_name: dict[str, Entry], entries: list[Entry]) -> None:
    """Put a variation to its product, which may stand in the shop already."""
    parent, attributes = row.text("Parent"), row.attributes()
    if parent not in by_name and (not parent or parent.startswith("id:")):
        row.wrong("Parent", _("there is no variable product “%(cell)s” in the file", cell=parent[:64]))
        return
    if parent not in by_name:
        by_name[parent] = Entry(row.line, parent, {})
        entries.append(by_name[parent])
    entry = by_name[parent]
    if any(name in attributes and not attributes[name] for name in (woo.COLOUR, woo.SIZE)):
        row.wrong("Attribute", _("names no value; what is any of them cannot be counted"))
    entry.pieces.append(_piece(row, _sku(row, needed=True), entry, attributes))


def _refuse_repeats(rows: list[Row]) -> None:
    seen: dict[tuple[bool, str], int] = {}
    for row in rows:
        key = (row.text("Type") == "variable", row.text("SKU"))
        if key[1] and seen.setdefault(key, row.line) != row.line:
            row.wrong("SKU", _("stands in line %(line)s already", line=seen[key]))

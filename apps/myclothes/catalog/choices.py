"""Narrowing a shelf down by colour, size, price and stock. Pure: cards in, cards out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from apps.myclothes.catalog.cards import Card, Colour, Piece

PRICES = {"50": 5_000, "100": 10_000, "150": 15_000, "250": 25_000}
SIZES = ("XXS", "XS", "S", "S/M", "M", "M/L", "L", "L/XL", "XL", "XXL")
STOCK = "1"


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose and how many products would be shown; `name` is empty where its value says all."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor asks for; empty means all. The price is the most that a piece may cost, in whole units.

    A product fits if it has one piece that is all of it at once: this colour, this size, at this price, in stock.
    """

    colour: str = ""
    size: str = ""
    price: str = ""
    stock: str = ""

    def __bool__(self) -> bool:
        return bool(self.colour or self.size or self.price in PRICES or self.stock == STOCK)

    def narrow(self, cards: Iterable[Card]) -> list[Card]:
        """The products with a piece that fits the whole choice, each showing the colour that does first."""
        if not self:
            return list(cards)
        fitting = ((card, next((colour for colour, _ in self._fitting(card)), None)) for card in cards)
        return [_with_first(card, colour) for card, colour in fitting if colour is not None]

    def colours(self, cards: Sequence[Card]) -> list[Option]:
        """Each colour there is, by name, and how many products would be left of it beside the rest of the choice."""
        names = {colour["slug"]: colour["name"] for card in cards for colour in card["colours"]}
        counts = replace(self, colour="")._count(cards, lambda colour, _: [colour["slug"]])
        return [Option(slug, name, counts[slug]) for slug, name in sorted(names.items(), key=lambda item: item[1])]

    def sizes(self, cards: Sequence[Card]) -> list[Option]:
        """Each size there is, small to large."""
        found = {piece["size"] for card in cards for colour in card["colours"] for piece in colour["pieces"]}
        counts = replace(self, size="")._count(cards, lambda _, piece: [piece["size"]])
        return [Option(size, size, counts[size]) for size in sorted(found, key=_size_order)]

    def prices(self, cards: Sequence[Card]) -> list[Option]:
        """Each limit of price, low to high; a product counts for every limit that it stays within."""
        counts = replace(self, price="")._count(cards, lambda _, piece: _limits(piece))
        return [Option(price, "", counts[price]) for price in PRICES]

    def in_stock(self, cards: Sequence[Card]) -> int:
        """How many products would be left if only what is in stock were shown."""
        return len(replace(self, stock=STOCK).narrow(cards))

    def _count(self, cards: Iterable[Card], values: Callable[[Colour, Piece], Iterable[str]]) -> Counter[str]:
        return Counter(
            value
            for card in cards
            for value in {value for colour, piece in self._fitting(card) for value in values(colour, piece)}
        )

    def _fitting(self, card: Card) -> Iterator[tuple[Colour, Piece]]:
        most = PRICES.get(self.price)
        for colour in card["colours"]:
            if self.colour in ("", colour["slug"]):
                yield from ((colour, piece) for piece in colour["pieces"] if self._fits(piece, most))

    def _fits(self, piece: Piece, most: int | None) -> bool:
        if self.size not in ("", piece["size"]) or (self.stock == STOCK and not piece["stock"]):
            return False
        return most is None or piece["price_cents"] <= most


def sizes_in_order(sizes: Iterable[str]) -> list[str]:
    """Each of the sizes once, small to large."""
    return sorted(set(sizes), key=_size_order)


def _limits(piece: Piece) -> list[str]:
    return [price for price, most in PRICES.items() if piece["price_cents"] <= most]


def _with_first(card: Card, colour: Colour) -> Card:
    others: Sequence[Colour] = [other for other in card["colours"] if other is not colour]
    return {**card, "colours": [colour, *others]}


def _size_order(size: str) -> tuple[int, float, str]:
    if size in SIZES:
        return (0, SIZES.index(size), "")
    # Shoes have numbers, which sort as numbers.
    number = size.replace(",", ".")
    return (1, float(number), size) if number.replace(".", "", 1).isdecimal() else (2, 0, size)

"""Narrowing a shelf down by colour, size and price. Pure: cards in, cards out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.myclothes.catalog.cards import Card, Colour, Piece

PRICES = {"50": 5_000, "100": 10_000, "150": 15_000, "250": 25_000}
SIZES = ("XS", "S", "S/M", "M", "L", "L/XL", "XL")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor asks for; empty means all. The price is the most that a piece may cost, in whole units."""

    colour: str = ""
    size: str = ""
    price: str = ""

    def __bool__(self) -> bool:
        return bool(self.colour or self.size or self.price in PRICES)

    def narrow(self, cards: Iterable[Card]) -> list[Card]:
        """The products with a piece that fits the whole choice, each showing the colour that does first."""
        fitting = ((card, [colour for colour in card["colours"] if self._fits(colour)]) for card in cards)
        return [_with_first(card, colours[0]) for card, colours in fitting if colours]

    def _fits(self, colour: Colour) -> bool:
        return self.colour in ("", colour["slug"]) and any(self._fits_piece(piece) for piece in colour["pieces"])

    def _fits_piece(self, piece: Piece) -> bool:
        if self.size and (piece["size"] != self.size or not piece["stock"]):
            return False
        return self.price not in PRICES or piece["price_cents"] <= PRICES[self.price]


def colours_of(cards: Iterable[Card]) -> list[tuple[str, str]]:
    """Slug and name of every colour there is, by name."""
    found = {colour["slug"]: colour["name"] for card in cards for colour in card["colours"]}
    return sorted(found.items(), key=lambda item: item[1])


def sizes_of(cards: Iterable[Card]) -> list[str]:
    """Every size there is, small to large."""
    found = {piece["size"] for card in cards for colour in card["colours"] for piece in colour["pieces"]}
    return sorted(found, key=_size_order)


def _with_first(card: Card, colour: Colour) -> Card:
    others: Sequence[Colour] = [other for other in card["colours"] if other is not colour]
    return {**card, "colours": [colour, *others]}


def _size_order(size: str) -> tuple[int, str]:
    return (SIZES.index(size), "") if size in SIZES else (len(SIZES), size)

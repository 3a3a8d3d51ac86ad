"""The cart: counters in the visitor's session, so that two tabs never overwrite each other, and a generation.

A cart is known by its id and generation. Ordering it ends the generation; what was added meanwhile is in the next one.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from apps.myclothes.catalog.models import Product, Variant

MOST_PIECES, MOST_LINES = 20, 40
PREFIX = "cart:"
GENERATION = "cart_generation"


class CartFull(Exception):
    """A cart takes no more than 40 different pieces."""


class Kept(Protocol):
    """What a cart needs of a session."""

    def get(self, field: str, default: Any = None) -> Any: ...
    def fields(self, prefix: str = "") -> dict[str, Any]: ...
    def __setitem__(self, field: str, value: Any) -> None: ...
    def add(self, field: str, amount: int, *, maximum: int | None = None) -> None: ...
    def move_on(self, field: str, expected: int, *, subtract: Mapping[str, int]) -> None: ...


# What was ordered of the cart with this id and generation; None if it was not ordered.
Ordered = Callable[[Session, str, int], Mapping[int, int] | None]


@dataclass(frozen=True, slots=True)
class CartLine:
    """A variant as the shop has it now, and how many of it are wanted."""

    variant: Variant
    quantity: int

    @property
    def total_cents(self) -> int:
        return self.variant.price_cents * self.quantity

    @property
    def is_short(self) -> bool:
        """Whether the shop has fewer of it than are wanted."""
        return self.variant.stock < self.quantity


class Cart:
    """One visitor's cart. Nothing is read before it is asked for; whatever is read may raise SessionUnavailable."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    @property
    def id(self) -> str | None:
        """Told by nobody else's cart; None until something is put in."""
        kept: str | None = self._kept.get("cart_id")
        return kept

    @property
    def generation(self) -> int:
        return int(self._kept.get(GENERATION, 0))

    def quantities(self) -> dict[int, int]:
        """Variant id and quantity of each line, in the order of the ids."""
        found = {int(name.removeprefix(PREFIX)): int(count) for name, count in self._kept.fields(PREFIX).items()}
        return dict(sorted(found.items()))

    @property
    def count(self) -> int:
        """How many pieces there are in all."""
        return sum(self.quantities().values())

    def add(self, variant_id: int, quantity: int) -> None:
        """Put in so many more, clipped at 20 of a kind; raises CartFull for the 41st kind."""
        known = self.quantities()
        if variant_id not in known and len(known) >= MOST_LINES:
            raise CartFull
        if self.id is None:
            self._kept["cart_id"] = secrets.token_hex(16)
        self._kept.add(_field(variant_id), quantity, maximum=MOST_PIECES)

    def change(self, variant_id: int, quantity: int) -> None:
        """Have exactly so many of a piece that is in the cart; of one that is not, there still is none."""
        if variant_id in self.quantities():
            self._kept[_field(variant_id)] = quantity

    def remove(self, variant_id: int) -> None:
        self._kept.add(_field(variant_id), -MOST_PIECES)

    def move_on(self, generation: int, ordered: Mapping[int, int]) -> None:
        """Take out what was ordered of this generation; nothing happens if the cart has moved on already."""
        self._kept.move_on(GENERATION, generation, subtract={_field(key): count for key, count in ordered.items()})

    def settle(self, db: Session, ordered: Ordered) -> None:
        """Move on if this generation was ordered but the session was not told, as after a crash."""
        if self.id is not None and self.quantities():
            taken = ordered(db, self.id, self.generation)
            if taken is not None:
                self.move_on(self.generation, taken)

    def lines(self, db: Session) -> list[CartLine]:
        """The lines with their variants, ordered by variant; what the shop does not know any more is left out."""
        wanted = self.quantities()
        if not wanted:
            return []
        found = (
            select(Variant)
            .where(Variant.id.in_(wanted))
            .order_by(Variant.id)
            .options(joinedload(Variant.product).joinedload(Product.category))
        )
        return [CartLine(variant, wanted[variant.id]) for variant in db.scalars(found)]


def total_cents(lines: list[CartLine]) -> int:
    return sum(line.total_cents for line in lines)


def _field(variant_id: int) -> str:
    return f"{PREFIX}{variant_id}"

"""The cart: counters in the visitor's session or, once signed in, in what all sessions of the account share.

Each change is an operation on one counter, so that two tabs or devices never overwrite each other. A cart is known by
its id and generation. Ordering it ends the generation; what was added meanwhile is in the next one.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, defer, joinedload

from apps.chassis.columns import now
from apps.myclothes.catalog.models import Product, Variant

MOST_PIECES, MOST_LINES = 20, 40
PREFIX, SEEN = "cart:", "seen:"
ID, GENERATION = "cart_id", "cart_generation"


class CartFull(Exception):
    """A cart takes no more than 40 different pieces."""


class Kept(Protocol):
    """What a cart needs of where it is kept."""

    def get(self, field: str, default: Any = None) -> Any: ...
    def fields(self, prefix: str = "") -> dict[str, Any]: ...
    def __setitem__(self, field: str, value: Any) -> None: ...
    def __delitem__(self, field: str) -> None: ...
    def keep(self, field: str, value: Any) -> None: ...
    def add(self, field: str, amount: int, *, maximum: int | None = None) -> None: ...
    def move_on(self, field: str, expected: int, *, subtract: Mapping[str, int]) -> None: ...


# What was ordered of the cart with this id and generation; None if it was not ordered.
Ordered = Callable[[Session, str, int], Mapping[int, int] | None]


@dataclass(frozen=True, slots=True)
class CartLine:
    """A variant as the shop has it now, at the price of now, and how many of it are wanted.

    `seen_cents` is what it cost when it was put in, or when the visitor last agreed: a hint, never a price.
    """

    variant: Variant
    quantity: int
    unit_cents: int
    seen_cents: int

    @property
    def total_cents(self) -> int:
        return self.unit_cents * self.quantity

    @property
    def is_short(self) -> bool:
        """Whether the shop has fewer of it than are wanted."""
        return self.variant.stock < self.quantity

    @property
    def price_changed(self) -> bool:
        return self.unit_cents != self.seen_cents


@dataclass(frozen=True, slots=True)
class Contents:
    """What can be ordered, and what the shop no longer has: by its variant id, with the variant if that is known."""

    lines: list[CartLine]
    gone: dict[int, Variant | None]


class Cart:
    """One visitor's cart. Nothing is read before it is asked for; whatever is read may raise SessionUnavailable."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    @property
    def id(self) -> str | None:
        """Told by nobody else's cart; None until something is put in."""
        kept: str | None = self._kept.get(ID)
        return kept

    @property
    def generation(self) -> int:
        return int(self._kept.get(GENERATION, 0))

    def quantities(self) -> dict[int, int]:
        """Variant id and quantity of each line, in the order of the ids."""
        return _by_id(self._kept.fields(PREFIX), PREFIX)

    @property
    def count(self) -> int:
        """How many pieces there are in all."""
        return sum(self.quantities().values())

    def add(self, variant_id: int, quantity: int, seen_cents: int | None = None) -> None:
        """Put in so many more, clipped at 20 of a kind; raises CartFull for the 41st kind."""
        known = self.quantities()
        if variant_id not in known and len(known) >= MOST_LINES:
            raise CartFull
        self.begin()
        self._kept.add(_field(variant_id), quantity, maximum=MOST_PIECES)
        if seen_cents is not None:
            self._kept[f"{SEEN}{variant_id}"] = seen_cents
        self._tidy()

    def change(self, variant_id: int, quantity: int) -> None:
        """Have exactly so many of a piece that is in the cart; of one that is not, there still is none."""
        if variant_id in self.quantities():
            self._kept[_field(variant_id)] = quantity

    def remove(self, variant_id: int) -> None:
        self._kept.add(_field(variant_id), -MOST_PIECES)
        self._tidy()

    def agree(self, seen: Mapping[int, int]) -> None:
        """The visitor has seen these prices, by variant id."""
        for variant_id in self.quantities().keys() & seen.keys():
            self._kept[f"{SEEN}{variant_id}"] = seen[variant_id]

    def begin(self) -> None:
        """Give the cart its id, unless it has one: of two tabs that do so at once, the first one's counts."""
        if self.id is None:
            self._kept.keep(ID, secrets.token_hex(16))

    def seen(self) -> dict[int, int]:
        """Variant id and the price that the visitor has seen."""
        return _by_id(self._kept.fields(SEEN), SEEN)

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
        """What of it the shop has, ordered by variant."""
        return self.contents(db).lines

    def contents(self, db: Session, moment: datetime | None = None) -> Contents:
        """The lines at the prices of this moment, and which pieces the shop does not sell any more."""
        wanted, seen, moment = self.quantities(), self.seen(), moment or now()
        known = variants(db, wanted)
        sold = {key: variant for key, variant in known.items() if variant.product.published}
        lines = []
        for key, variant in sold.items():
            price = variant.price_now(moment)
            lines.append(CartLine(variant, wanted[key], price, seen.get(key, price)))
        return Contents(lines, {key: known.get(key) for key in wanted if key not in sold})

    def _tidy(self) -> None:
        """Forget the prices of what is not in it any more, so that no cart grows with the years."""
        for variant_id in self.seen().keys() - self.quantities().keys():
            del self._kept[f"{SEEN}{variant_id}"]


def total_cents(lines: Sequence[CartLine]) -> int:
    """What all lines cost now, without delivery."""
    return sum(line.total_cents for line in lines)


def variants(db: Session, wanted: Collection[int]) -> dict[int, Variant]:
    """The variants with these ids, in the order of the ids, each with its product; unknown ids are left out."""
    if not wanted:
        return {}
    return {variant.id: variant for variant in db.scalars(_wanted, {"ids": list(wanted)})}


# Made once, and without what only the product's own page shows: every order waits for this.
_wanted = (
    select(Variant)
    .where(Variant.id.in_(bindparam("ids", expanding=True)))
    .order_by(Variant.id)
    .options(
        defer(Variant.swatch),
        defer(Variant.position),
        defer(Variant.low_stock),
        joinedload(Variant.product).load_only(Product.category_id, Product.slug, Product.name, Product.published),
    )
)


def _field(variant_id: int) -> str:
    return f"{PREFIX}{variant_id}"


def _by_id(fields: Mapping[str, Any], prefix: str) -> dict[int, int]:
    return dict(sorted((int(name.removeprefix(prefix)), int(count)) for name, count in fields.items()))

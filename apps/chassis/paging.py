"""Long lists by key: a page begins where the one before ended, however much was added meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

PAGE = 50
LONGEST_KEY = 10

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, newest first, and the key before which the next page begins; None at the end."""

    items: Sequence[T]
    before: int | None


def newest(
    db: Session, found: Select[T], key: InstrumentedAttribute[int], before: int | None, most: int = PAGE
) -> Page[T]:
    """The `most` rows of the highest keys below `before`."""
    narrowed = found if before is None else found.where(key < before)
    # One more than is shown tells whether there is a next page.
    items: list[Any] = list(db.scalars(narrowed.order_by(key.desc()).limit(most + 1)).unique())
    shown = items[:most]
    return Page(shown, getattr(shown[-1], key.key) if len(items) > most else None)


def key_of(text: str) -> int | None:
    """The key that an address gives as `before`; None for what is none, which then means the first page."""
    is_key = text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
    return int(text) if is_key else None

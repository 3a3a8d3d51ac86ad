"""What a request changes in a session: operations on single fields, so that two tabs never overwrite each other.

Every store applies them atomically to what is stored at that moment, not to what the request has read.
"""

import json
from dataclasses import dataclass
from typing import Any

OWNER = "@owner"
LONGEST_FIELD = 200
# Lua counts in doubles, which are exact up to here.
LARGEST_COUNT = 2**53 - 1

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Put:
    """Set a field; the value travels as JSON text."""

    field: str
    text: str

    def apply(self, fields: Fields) -> None:
        fields[self.field] = json.loads(self.text)

    def as_list(self) -> list[Any]:
        return ["put", self.field, self.text]


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove a field if it is there."""

    field: str

    def apply(self, fields: Fields) -> None:
        fields.pop(self.field, None)

    def as_list(self) -> list[Any]:
        return ["drop", self.field]


@dataclass(frozen=True, slots=True)
class Add:
    """Count up or down, clipped at a maximum; a count of zero or less is removed."""

    field: str
    amount: int
    maximum: int

    def apply(self, fields: Fields) -> None:
        set_count(fields, self.field, min(count_of(fields, self.field) + self.amount, self.maximum))

    def as_list(self) -> list[Any]:
        return ["add", self.field, self.amount, self.maximum]


@dataclass(frozen=True, slots=True)
class MoveOn:
    """If the counter still is what was expected: count it up by one and take each amount from its counter."""

    field: str
    expected: int
    subtract: tuple[tuple[str, int], ...]

    def apply(self, fields: Fields) -> None:
        if count_of(fields, self.field) != self.expected:
            return
        set_count(fields, self.field, self.expected + 1)
        for field, amount in self.subtract:
            set_count(fields, field, count_of(fields, field) - amount)

    def as_list(self) -> list[Any]:
        return ["move_on", self.field, self.expected, self.subtract]


Operation = Put | Drop | Add | MoveOn


@dataclass(frozen=True, slots=True)
class Change:
    """All that one request changes. `loaded`: the request has read this session, so it must still exist."""

    operations: tuple[Operation, ...]
    rotate: bool
    loaded: bool
    lifetime: float


def count_of(fields: Fields, field: str) -> int:
    """The field's value as a counter; whatever is no whole number counts as zero."""
    value = fields.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def set_count(fields: Fields, field: str, count: int) -> None:
    if count > 0:
        fields[field] = min(count, LARGEST_COUNT)
    else:
        fields.pop(field, None)


def encoded(value: Any) -> str:
    """The value as compact JSON; raises TypeError or ValueError for what JSON or UTF-8 cannot say."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text.encode()
    return text


def checked_field(field: str) -> str:
    """The field's name, or ValueError: 1 to 200 characters, and `@` in front is kept for the session's own."""
    if not 0 < len(field) <= LONGEST_FIELD or field.startswith("@"):
        raise ValueError(f"not a name for a session field: {field[:LONGEST_FIELD]!r}")
    field.encode()
    return field


def checked_count(count: int) -> int:
    """The number, or ValueError when not every store can count so far."""
    if not -LARGEST_COUNT <= count <= LARGEST_COUNT:
        raise ValueError(f"not a number that a session counts with: {count}")
    return count

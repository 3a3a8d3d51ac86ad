"""What a request changes in a session: operations on single fields, so that two tabs never overwrite each other.

Every store applies them atomically to what is stored at that moment, not to what the request has read.
"""

import json
import logging
from dataclasses import dataclass
from typing import Any

OWNER = "@owner"
LONGEST_FIELD = 200
# Lua counts in doubles, which are exact up to here.
LARGEST_COUNT = 2**53 - 1

Fields = dict[str, Any]

log = logging.getLogger(__name__)


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
class Keep:
    """Set a field unless it is there already."""

    field: str
    text: str

    def apply(self, fields: Fields) -> None:
        fields.setdefault(self.field, json.loads(self.text))

    def as_list(self) -> list[Any]:
        return ["keep", self.field, self.text]


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


Operation = Put | Keep | Drop | Add | MoveOn


@dataclass(frozen=True, slots=True)
class HandOver:
    """Add all counters of a session whose names begin with `prefix` to its owner's shared record, and take them out.

    Each counter is clipped at `maximum`, and there are no more than `most` of them. The session's field `note` then
    says what was moved and what was left out: `{"moved": {name: amount}, "left": {name: amount}}`.
    """

    prefix: str
    maximum: int
    most: int
    note: str

    def apply(self, fields: Fields, shared: Fields) -> None:
        names = sorted(name for name in fields if name.startswith(self.prefix))
        moved: dict[str, int] = {}
        left: dict[str, int] = {}
        for name in names:
            wanted, fits = count_of(fields, name), self._fits(shared, name, count_of(fields, name))
            set_count(shared, name, count_of(shared, name) + fits)
            moved |= {name: fits} if fits else {}
            left |= {name: wanted - fits} if wanted > fits else {}
            del fields[name]
        if names:
            fields[self.note] = {"moved": moved, "left": left}

    def as_list(self) -> list[Any]:
        return [self.prefix, self.maximum, self.most, self.note]

    def _fits(self, shared: Fields, name: str, wanted: int) -> int:
        kinds = sum(known.startswith(self.prefix) for known in shared)
        return max(0, min(wanted, self.maximum - count_of(shared, name))) if name in shared or kinds < self.most else 0


@dataclass(frozen=True, slots=True)
class Change:
    """All that one request changes. `loaded`: the request has read this session, so it must still exist.

    `shared` and `hand_over` are meant for what `owner` shares, and must not reach anybody else's.
    """

    operations: tuple[Operation, ...]
    rotate: bool
    loaded: bool
    lifetime: float
    owner: str | None = None
    shared: tuple[Operation, ...] = ()
    hand_over: HandOver | None = None

    @property
    def shares(self) -> bool:
        """Whether it changes what an owner shares."""
        return bool(self.shared or self.hand_over)


def count_of(fields: Fields, field: str) -> int:
    """The field's value as a counter; whatever is no whole number counts as zero."""
    value = fields.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def set_count(fields: Fields, field: str, count: int) -> None:
    """Set a count within its bounds; one of nothing is no field."""
    if count > 0:
        fields[field] = min(count, LARGEST_COUNT)
    else:
        fields.pop(field, None)


def encoded(value: Any) -> str:
    """The value as compact JSON; raises TypeError or ValueError for what JSON or UTF-8 cannot say."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text.encode()
    return text


def decoded(text: str) -> Fields | None:
    """The fields that were stored as this text; None, and a line in the log, where it is no map of fields."""
    try:
        fields = json.loads(text)
        if not isinstance(fields, dict) or not isinstance(fields.get(OWNER, ""), str):
            raise ValueError("not a map of fields")
    except (ValueError, TypeError) as error:
        log.warning("a stored session cannot be read and counts as unknown: %s", error)
        return None
    return fields


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

"""Fields as a view sees them: read from what was loaded, changed by operations that the store applies at the save."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from apps.chassis.sessions.operations import (
    LARGEST_COUNT,
    OWNER,
    Add,
    Drop,
    Fields,
    Keep,
    MoveOn,
    Operation,
    Put,
    checked_count,
    checked_field,
    encoded,
)


class FieldMap:
    """Fields of JSON values. A value is changed by assigning it anew; changes inside of it are not seen."""

    def get(self, field: str, default: Any = None) -> Any:
        return self._read().get(field, default)

    def __getitem__(self, field: str) -> Any:
        return self._read()[field]

    def __contains__(self, field: object) -> bool:
        return field in self._read()

    def fields(self, prefix: str = "") -> dict[str, Any]:
        """All fields whose names begin so, sorted by name."""
        found = self._read()
        return {name: found[name] for name in sorted(found) if name.startswith(prefix) and name != OWNER}

    def __setitem__(self, field: str, value: Any) -> None:
        """Set a field; raises TypeError or ValueError for what is no JSON value or no name for a field."""
        self._do(Put(checked_field(field), encoded(value)))

    def __delitem__(self, field: str) -> None:
        """Remove a field; raises KeyError where there is none."""
        del self._read()[checked_field(field)]
        self._do(Drop(field))

    def keep(self, field: str, value: Any) -> None:
        """Set a field unless one is stored at the save, so that of two requests the first one sets it."""
        self._do(Keep(checked_field(field), encoded(value)))

    def add(self, field: str, amount: int, *, maximum: int | None = None) -> None:
        """Count up or down from what is stored at the save, clipped at `maximum`; zero or less removes the field."""
        most = LARGEST_COUNT if maximum is None else checked_count(maximum)
        self._do(Add(checked_field(field), checked_count(amount), most))

    def move_on(self, field: str, expected: int, *, subtract: Mapping[str, int]) -> None:
        """If counter `field` is `expected` at the save: add one to it and take each amount from its counter.

        Else nothing happens, so two requests that move on from the same generation do so once.
        """
        amounts = tuple((checked_field(name), checked_count(amount)) for name, amount in subtract.items())
        self._do(MoveOn(checked_field(field), checked_count(expected), amounts))

    @abstractmethod
    def _read(self) -> Fields: ...

    @abstractmethod
    def _do(self, operation: Operation) -> None: ...

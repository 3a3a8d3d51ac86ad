"""Whole numbers in addresses, as far as a database can hold them."""

from typing import TYPE_CHECKING, Any

from werkzeug.routing import IntegerConverter

if TYPE_CHECKING:
    from werkzeug.routing import Map

LARGEST = 2**63 - 1


class Number(IntegerConverter):
    """What `<int:...>` means in an address: nothing has a number beyond 64 bits, so such an address does not exist."""

    def __init__(self, map: "Map", *arguments: Any, **named: Any) -> None:
        # SQLite refuses a larger number with an error of its own, which would be answered by 500.
        super().__init__(map, *arguments, **{"max": LARGEST, **named})
        if self.fixed_digits:
            # What has another number of digits is not this address, and may be that of another rule.
            self.regex = f"[0-9]{{{self.fixed_digits}}}"


def number(text: str) -> int:
    """The number that `text` is; raises ValueError for what is none, or lies beyond 64 bits."""
    found = int(text)
    if abs(found) > LARGEST:
        raise ValueError(f"{len(text)} digits are too many")
    return found

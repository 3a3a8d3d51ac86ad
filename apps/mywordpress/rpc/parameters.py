"""What a method takes, place by place, and how what was sent becomes that; as lenient as WordPress, and no more."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.mywordpress.rpc.faults import TOO_FEW, WRONG_PARAMETERS, Fault
from apps.mywordpress.rpc.reading import Bits

NUMBER = re.compile(r"\s*[+-]?[0-9]{1,18}\s*", re.ASCII)
REQUIRED: Any = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One place: what it is called in faults, how it is read, and what it is when nothing was sent."""

    name: str
    read: Callable[[Any], Any]
    default: Any = REQUIRED

    def taken(self, params: list[Any], place: int) -> Any:
        """What was sent in this place; raises Fault."""
        if place >= len(params):
            return self.default() if callable(self.default) else self.default
        try:
            return self.read(params[place])
        except TypeError as error:
            raise wrong(f"parameter {place + 1} ({self.name})", error) from None


def wrong(where: str, error: TypeError) -> Fault:
    """What was sent is of another type."""
    return Fault(WRONG_PARAMETERS, f"Invalid method parameters: {where} must be {error}.")


def number(value: Any) -> int:
    """A number, sent as one or as its digits; nothing is 0. Raises TypeError that says what it must be."""
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return 0
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return int(value)
    raise TypeError("a number")


def text(value: Any) -> str:
    """Words; a number becomes its digits. Raises TypeError."""
    if isinstance(value, Bits):
        return value.text()
    if value is None or isinstance(value, str | int | float):
        return "" if value is None else str(value)
    raise TypeError("a string")


def flag(value: Any) -> bool:
    """Yes or no, in the ways in which clients say it. Raises TypeError."""
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "false", "no")
    if value is None or isinstance(value, bool | int | float):
        return bool(value)
    raise TypeError("a boolean")


def struct(value: Any) -> dict[str, Any]:
    """A struct; what was sent as nil in it was not sent. Raises TypeError."""
    # Clients that know only arrays send an empty one.
    if value is None or value == [] or value == "":
        return {}
    if not isinstance(value, dict):
        raise TypeError("a struct")
    return {name: one for name, one in value.items() if one is not None}


def array(value: Any) -> list[Any]:
    """An array; a struct counts by its values, as in PHP. Raises TypeError."""
    if isinstance(value, dict):
        return list(value.values())
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        raise TypeError("an array")
    return value


def texts(value: Any) -> list[str]:
    """An array of words, or one word. Raises TypeError."""
    return [value] if isinstance(value, str) and value else [text(one) for one in array(value)]


def anything(value: Any) -> Any:
    return value


NAME, PASSWORD = Parameter("username", text), Parameter("password", text)
LOGIN = (NAME, PASSWORD)
# WordPress has one blog and Blogger's keys are long gone, so these mean nothing.
BLOG, KEY = Parameter("blog_id", anything), Parameter("app_key", anything)
POST = Parameter("post_id", number)
PUBLISH = Parameter("publish", flag, False)
# What Blogger's deletion has, and nobody minds.
REPUBLISH = Parameter("republish", anything, None)
UNREAD = (BLOG, KEY, *LOGIN, REPUBLISH)
FILTER = Parameter("filter", struct, dict)
CONTENT = Parameter("content", struct)
FIELDS = Parameter("fields", texts, None)


def check_number(takes: tuple[Parameter, ...], params: list[Any]) -> None:
    """Raise Fault unless all that is needed was sent."""
    if len(params) < sum(1 for one in takes if one.default is REQUIRED):
        raise Fault(TOO_FEW, "Insufficient arguments passed to this XML-RPC method.")


@dataclass(frozen=True, slots=True)
class Sent:
    """The members of a struct, each read as what it must be."""

    members: dict[str, Any]

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def get(self, name: str, read: Callable[[Any], Any] = text, default: Any = None) -> Any:
        """The member, or `default` where there is none; raises Fault."""
        if name not in self.members:
            return default
        try:
            return read(self.members[name])
        except TypeError as error:
            raise wrong(name, error) from None

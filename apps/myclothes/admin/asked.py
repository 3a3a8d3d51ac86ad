"""What an address behind the counter asks for, bounded."""

from flask import request

from apps.chassis import paging

LONGEST_QUERY = 100


def text(name: str = "q") -> str:
    """What is searched for."""
    return " ".join(request.args.get(name, "").split())[:LONGEST_QUERY]


def key(name: str = "before") -> int | None:
    """Where a page of a list begins; None for the first, and for what is no key."""
    return paging.key_of(request.args.get(name, ""))


def chosen(name: str, values: "tuple[str, ...]") -> str:
    """One of these values, or the empty text."""
    value = request.args.get(name, "")
    return value if value in values else ""

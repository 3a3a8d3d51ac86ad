"""The order of what is found, and one page of it.

Pages are told apart by the key of the piece they begin behind and never by a number, so that nothing is shown twice or
left out where pieces come and go between two pages.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from apps.chassis.languages import later
from apps.myclothes.catalog.cards import Card

ON_A_PAGE = 24
LONGEST_CURSOR = 400

Order = Callable[[Card], int | str]
Key = tuple[int | str, int]

# By the name that stands in the address: what it is called, and what it sorts by.
SORTS: Mapping[str, tuple[str, Order]] = {
    "": (later("As on the shelf"), lambda card: 0),
    "new": (later("Newest first"), lambda card: -card["id"]),
    "price": (later("Price, low to high"), lambda card: card["from_cents"]),
    "-price": (later("Price, high to low"), lambda card: -card["from_cents"]),
    "name": (later("Name"), lambda card: card["name"].casefold()),
}


class NoSuchPage(ValueError):
    """No page of ours begins or ends there."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some neighbours, and the cursors of the pages before and behind them; None where there is no more."""

    cards: Sequence[Card]
    before: str | None
    after: str | None


def order_of(sort: str, ranks: Mapping[int, int] | None = None) -> Order:
    """What to sort by; the order of ids, or of the ranks by id if there are any, is that of all unknown names."""
    if ranks is not None and sort not in tuple(SORTS)[1:]:
        return lambda card: ranks[card["id"]]
    return SORTS[sort if sort in SORTS else ""][1]


def page_of(cards: Sequence[Card], order: Order, after: str | None, before: str | None) -> Page:
    """The first page, or the one behind or before a cursor; raises NoSuchPage for what is no cursor of this order."""
    keyed = sorted((((order(card), card["id"]), card) for card in cards), key=lambda item: item[0])
    keys = [key for key, _ in keyed]
    begin = 0
    if after is not None:
        begin = bisect_right(keys, _key(after, keys))
    elif before is not None:
        begin = max(0, bisect_left(keys, _key(before, keys)) - ON_A_PAGE)
    shown = keyed[begin : begin + ON_A_PAGE]
    if not shown:
        return Page([], None, None)
    return Page(
        [card for _, card in shown],
        _cursor(shown[0][0]) if begin else None,
        _cursor(shown[-1][0]) if begin + ON_A_PAGE < len(keyed) else None,
    )


def _cursor(key: Key) -> str:
    return f"{key[1]}~{key[0]}"


def _key(cursor: str, keys: Sequence[Key]) -> Key:
    number, _, value = cursor[:LONGEST_CURSOR].partition("~")
    is_text = bool(keys) and isinstance(keys[0][0], str)
    try:
        return (value if is_text else int(value), int(number))
    except ValueError:
        raise NoSuchPage(cursor[:LONGEST_CURSOR]) from None

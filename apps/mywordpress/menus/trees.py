"""The order of a menu: which item stands below which, and how one is moved. Plain data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.mywordpress.menus.models import MenuItem

# Deeper ones, which nothing of ours makes, begin again at the top.
MOST_LEVELS = 12


class Where(StrEnum):
    """In which relation an item is put to another."""

    BEFORE = "before"
    AFTER = "after"
    BELOW = "below"


class ImpossiblePlace(ValueError):
    """One of the two items is not in this menu, or the other one stands below the one that moves, or is too deep."""


@dataclass(slots=True)
class Branch:
    """An item and what stands below it."""

    item: "MenuItem"
    below: "list[Branch]" = field(default_factory=list)

    @property
    def height(self) -> int:
        """How many levels it has, 1 for a leaf."""
        return 1 + max((branch.height for branch in self.below), default=0)


class Tree:
    """The items of one menu, which come in their order. A circle, which nothing of ours makes, is cut."""

    def __init__(self, items: "Iterable[MenuItem]") -> None:
        self._waiting: dict[int | None, list[MenuItem]] = {}
        in_order = list(items)
        ids = {item.id for item in in_order}
        for item in in_order:
            self._waiting.setdefault(item.parent_id if item.parent_id in ids else None, []).append(item)
        self.top: list[Branch] = self._grown(None, 1)
        while self._waiting:
            self.top += self._grown(next(iter(self._waiting)), 1)

    def walk(self) -> "Iterator[tuple[MenuItem, MenuItem | None]]":
        """All items, each behind its parent and with it."""
        return _walk(self.top, None)

    def place(self, item_id: int, where: Where, other_id: int) -> None:
        """Put an item, with what is below it, beside or below another; raises ImpossiblePlace and moves none."""
        branch, other = self._path(item_id)[-1], self._path(other_id)
        level = len(other) + (where == Where.BELOW)
        if branch in other or level - 1 + branch.height > MOST_LEVELS:
            raise ImpossiblePlace(other_id)
        self._siblings(item_id).remove(branch)
        if where == Where.BELOW:
            other[-1].below.append(branch)
        else:
            beside = self._siblings(other_id)
            beside.insert(beside.index(other[-1]) + (where == Where.AFTER), branch)

    def take_out(self, item_id: int) -> "MenuItem | None":
        """Remove an item, whose place is taken by what is below it; None if there is none such."""
        try:
            branch = self._path(item_id)[-1]
        except ImpossiblePlace:
            return None
        beside = self._siblings(item_id)
        at = beside.index(branch)
        beside[at : at + 1] = branch.below
        return branch.item

    def _grown(self, parent: int | None, level: int) -> list[Branch]:
        items = self._waiting.pop(parent, [])
        return [Branch(item, self._grown(item.id, level + 1) if level < MOST_LEVELS else []) for item in items]

    def _path(self, item_id: int) -> list[Branch]:
        found = next((path for path in _paths(self.top) if path[-1].item.id == item_id), None)
        if found is None:
            raise ImpossiblePlace(item_id)
        return found

    def _siblings(self, item_id: int) -> list[Branch]:
        path = self._path(item_id)
        return path[-2].below if len(path) > 1 else self.top


def _walk(branches: list[Branch], parent: "MenuItem | None") -> "Iterator[tuple[MenuItem, MenuItem | None]]":
    for branch in branches:
        yield branch.item, parent
        yield from _walk(branch.below, branch.item)


def _paths(branches: list[Branch]) -> Iterator[list[Branch]]:
    for branch in branches:
        yield [branch]
        yield from ([branch, *path] for path in _paths(branch.below))

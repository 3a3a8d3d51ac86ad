"""The shelves as a tree: plain data, as it is kept in the cache, and the ways through it."""

from collections.abc import Sequence
from typing import TypedDict

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from apps.myclothes.catalog.models import Category, Product, Variant


class Shelf(TypedDict):
    """A category and how many products there are to see, on it and on those below."""

    id: int
    slug: str
    name: str
    parent_id: int | None
    count: int


class Shelves:
    """All shelves of the shop, in the order in which they stand."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self.all = shelves
        self._by_id = {shelf["id"]: shelf for shelf in shelves}
        self._by_slug = {shelf["slug"]: shelf for shelf in shelves}

    @classmethod
    def load(cls, db: Session) -> "Shelves":
        """As the shop has them now; in one query."""
        # MariaDB shows the outer row to a subquery, and not to a table that is derived within it.
        own = select(func.count(Product.id)).where(Product.category_id == Category.id, Product.published)
        own = own.where(select(Variant.id).where(Variant.product_id == Product.id).exists())
        found = select(
            Category.id,
            Category.slug,
            Category.name,
            Category.parent_id,
            own.correlate(Category).scalar_subquery().label("own"),
        )
        return cls(_counted(db.execute(found.order_by(Category.position, Category.id)).all()))

    @property
    def top(self) -> list[Shelf]:
        """The shelves that no other holds, without the empty ones."""
        return [shelf for shelf in self.all if shelf["parent_id"] is None and shelf["count"]]

    @property
    def nav(self) -> list[Shelf]:
        """What to choose from first: the top, or what stands on it if that is one shelf that holds all others."""
        top = self.top
        return (self.below(top[0]) or top) if len(top) == 1 else top

    def named(self, slug: str) -> Shelf | None:
        return self._by_slug.get(slug)

    def of(self, category_id: int) -> Shelf:
        return self._by_id[category_id]

    def below(self, shelf: Shelf) -> list[Shelf]:
        """The shelves that stand on this one, without the empty ones."""
        return [each for each in self.all if each["parent_id"] == shelf["id"] and each["count"]]

    def path(self, shelf: Shelf) -> list[Shelf]:
        """The shelves that lead to this one from the top, and this one."""
        found = [shelf]
        # A circle, which nothing of ours would draw, must not hang the page.
        while (parent := self._by_id.get(found[0]["parent_id"] or 0)) is not None and parent not in found:
            found.insert(0, parent)
        return found

    def within(self, shelf: Shelf) -> list[Shelf]:
        """This shelf and all that stand on it, however deep."""
        return [each for each in self.all if shelf in self.path(each)]


def _counted(rows: Sequence[Row[int, str, str, int | None, int]]) -> list[Shelf]:
    shelves: list[Shelf] = [
        {"id": row.id, "slug": row.slug, "name": row.name, "parent_id": row.parent_id, "count": 0} for row in rows
    ]
    tree = Shelves(shelves)
    for row in rows:
        for shelf in tree.path(tree.of(row.id)):
            shelf["count"] += row.own
    return shelves

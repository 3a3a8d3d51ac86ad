"""The shop's own catalogue in a database, with more in stock than any measurement buys."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select, update

from apps.chassis.database import Database
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes import SITE
from apps.myclothes.catalog.ledger import discrepancies, set_count
from apps.myclothes.catalog.models import Product, Variant
from apps.myclothes.orders.models import OrderLine
from apps.myclothes.seed import seed

LINES, PLENTY, PRICE_CENTS = 3, 10_000_000, 5000


class Goods(NamedTuple):
    """What is bought: pieces of one's choice, and in every order the hot one, unless that is None."""

    variants: Sequence[int]
    hot: int | None = None

    def chosen(self) -> list[int]:
        """The variants of one order."""
        others = random.sample(self.variants, LINES - (self.hot is not None))
        return others if self.hot is None else [self.hot, *others]


class Holdings(NamedTuple):
    """What the books say of one variant."""

    stock: int
    sold: int


def filled(url: str) -> Database:
    """The database at this address with the catalogue in it, everything at one price; the caller disposes of it."""
    settings = Settings.from_environ({"APP": "myclothes", "DATABASE_URL": url})
    migrate(SITE, settings)
    database = Database(url)
    with transaction(database) as db:
        seed(db)
        # At one price, so that every order costs what its buyer has seen without asking for it.
        db.execute(update(Variant).values(price_cents=PRICE_CENTS, sale_price_cents=None))
        for variant in db.scalars(select(Variant)):
            set_count(db, variant, PLENTY, "for a measurement")
    return database


def goods(database: Database) -> Goods:
    """All that is sold; the last ones have ids that no count or price in an order's statements has."""
    with transaction(database) as db:
        return Goods(tuple(db.scalars(select(Variant.id).order_by(Variant.id))))


def stock(database: Database, variant_id: int, count: int) -> None:
    """Have so many of one variant."""
    with transaction(database) as db:
        set_count(db, db.get_one(Variant, variant_id), count, "for a measurement")


def holdings(database: Database, variant_id: int) -> Holdings:
    with transaction(database) as db:
        sold = select(func.coalesce(func.sum(OrderLine.quantity), 0)).where(OrderLine.variant_id == variant_id)
        return Holdings(db.get_one(Variant, variant_id).stock, int(db.scalars(sold).one()))


def unbooked(database: Database) -> int:
    """How many variants have another stock than their movements say."""
    with transaction(database) as db:
        return len(discrepancies(db))


def addresses(database: Database) -> tuple[str, str]:
    """The page of the fullest shelf, and that of a product on it."""
    with transaction(database) as db:
        fullest = select(Product.category_id).group_by(Product.category_id).order_by(func.count().desc()).limit(1)
        product = db.scalars(select(Product).where(Product.category_id == fullest.scalar_subquery())).first()
        assert product is not None
        return f"/shelves/{product.category.slug}", f"/products/{product.slug}"

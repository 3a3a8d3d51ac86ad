"""Orders at the models' own door, on both databases."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from apps.chassis import transactions
from apps.chassis.app import open_database
from apps.chassis.columns import now
from apps.chassis.database import Database
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.myclothes import SITE
from apps.myclothes.accounts.addresses import Address
from apps.myclothes.cart.models import Cart
from apps.myclothes.catalog.imports import apply, plan_import
from apps.myclothes.catalog.ledger import StockMovement, set_count
from apps.myclothes.catalog.models import Variant
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.coupons import Coupon, CouponCustomer, Kind
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.models import Order, OrderLine
from tests.myclothes.shop import CATALOGUE

_numbers = itertools.count(1)
HOME = Address("Ada Lovelace", "Unter den Linden 6", "", "10117", "Berlin", "DE")


class Counter:
    """A shop without pages: its database, carts as they are wanted, and orders of them."""

    def __init__(self, settings: Settings) -> None:
        database = open_database(SITE, settings)
        assert database is not None
        self.database: Database = database
        with self.db() as db:
            apply(db, plan_import(db, "\n".join(CATALOGUE)))
            known = db.scalars(select(Variant)).all()
            self.ids = {variant.sku: variant.id for variant in known}
            self._stock = {variant.id: variant.stock for variant in known}

    def reopen(self) -> None:
        """As on the first day: no orders, no coupons, no letters, and the stock of the catalogue."""
        with self.db() as db:
            for table in (OrderEvent, OrderLine, Order, CouponCustomer, Coupon, Letter, StockMovement):
                db.execute(delete(table))
            db.execute(update(Variant).values(stock=0))
            for variant in db.scalars(select(Variant).execution_options(populate_existing=True)):
                set_count(db, variant, self._stock[variant.id], "first day")

    @contextmanager
    def db(self) -> Iterator[Session]:
        with transactions.transaction(self.database) as session:
            yield session

    def run(self, work: Callable[[Session], Any]) -> Any:
        """Do it as a request does, repeated after a deadlock."""
        return transactions.run(
            self.database,
            read_only=False,
            pinned=True,
            work=lambda: work(transactions.current_session()),
            commit_if=lambda _: True,
        )

    def cart(self, **pieces: int) -> Cart:
        """A new cart: `cart(OXF_SKY_M=2)`."""
        kept = Kept({f"cart:{self.ids[sku.replace('_', '-')]}": count for sku, count in pieces.items()})
        kept["cart_id"] = f"cart-{next(_numbers)}"
        return Cart(kept)

    def place(self, db: Session, cart: Cart, seen_cents: int, **more: Any) -> Order:
        options: dict[str, Any] = {"email": "ada@example.org", "address": HOME, "method": "standard", "code": ""}
        options |= {"customer": None, "language": "en", **more}
        return Order.place(db, cart=cart, seen_cents=seen_cents, **options)

    def order(self, cart: Cart, seen_cents: int, **more: Any) -> int:
        """The id of the order that this cart has become."""
        placed: int = self.run(lambda db: self.place(db, cart, seen_cents, **more).id)
        return placed

    def coupon(self, code: str, amount: int = 10, **limits: Any) -> int:
        with self.db() as db:
            values = {"kind": Kind.PERCENT, "minimum_cents": 0, "used": 0, "created_at": now(), **limits}
            coupon = Coupon(code=code, amount=amount, **values)
            db.add(coupon)
            db.flush()
            return coupon.id

    def stock(self, sku: str) -> int:
        with self.db() as db:
            return db.scalars(select(Variant.stock).where(Variant.sku == sku)).one()


class Kept(dict[str, Any]):
    """What a session keeps of a cart."""

    def fields(self, prefix: str = "") -> dict[str, Any]:
        return {name: value for name, value in self.items() if name.startswith(prefix)}

    def keep(self, field: str, value: Any) -> None:
        raise NotImplementedError

    def add(self, field: str, amount: int, *, maximum: int | None = None) -> None:
        raise NotImplementedError

    def move_on(self, field: str, expected: int, *, subtract: object) -> None:
        raise NotImplementedError


@pytest.fixture(scope="session")
def counters() -> Iterator[dict[str, Counter]]:
    """Kept for the whole run: migrating takes longer than most tests."""
    opened: dict[str, Counter] = {}
    yield opened
    for counter in opened.values():
        counter.database.dispose()


@pytest.fixture(params=["sqlite", "mariadb"])
def counter(counters: dict[str, Counter], tmp_path: Path, request: pytest.FixtureRequest) -> Counter:
    kind: str = request.param
    if kind not in counters:
        counters[kind] = Counter(_migrated(kind, tmp_path, request))
    counters[kind].reopen()
    return counters[kind]


def _migrated(kind: str, folder: Path, request: pytest.FixtureRequest) -> Settings:
    environ = {"APP": "myclothes", "VAR_DIR": str(folder), "SECRET_KEY": "a key that nobody guesses, in tests only"}
    if kind == "mariadb":
        server, name = request.getfixturevalue("mariadb"), "clothes_orders"
        server.create(name)
        environ["DATABASE_URL"] = server.url(name)
    settings = Settings.from_environ(environ)
    settings.data_dir.mkdir(parents=True)
    migrate(SITE, settings)
    return settings

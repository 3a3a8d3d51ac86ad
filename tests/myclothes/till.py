"""A shop without pages: its tables, some orders that wait to be paid, and the test gateway."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session, selectinload

from apps.chassis import engines
from apps.chassis.columns import now
from apps.chassis.database import Database
from apps.chassis.transactions import transaction
from apps.myclothes import SITE
from apps.myclothes.catalog import ledger
from apps.myclothes.catalog.models import Category, Product, Variant
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.models import Order, OrderLine, State
from apps.myclothes.payments import asking, paying, testgateway
from apps.myclothes.payments.cards import CARDS
from apps.myclothes.payments.gateway import Entry
from apps.myclothes.payments.models import Outcome, Payment, Refund

PAYS, DECLINED, POOR, LOST_BEFORE, LOST_AFTER, THRICE, LATE, REFUND_LOST = CARDS
STOCK, PRICE = 100, 2500

_filled: bytes | None = None


class Till:
    """Orders of two pieces each of two variants, at 25 euros a piece."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, pool_size=32)
        self.gateway = testgateway.TestGateway(self.database, self.hear)

    @classmethod
    def in_folder(cls, folder: Path) -> "Till":
        """One whose database is a file, filled once for all tests, since that takes longer than most of them."""
        global _filled  # noqa: PLW0603
        file = folder / "shop.sqlite3"
        till = cls(f"sqlite:///{file}")
        if _filled is None:
            till.fill()
            till.close()
            _filled = file.read_bytes()
        file.write_bytes(_filled)
        return till

    def fill(self) -> None:
        """Make the tables, and two variants with a hundred pieces each."""
        engine = create_engine(engines.normalised(str(self.database.url.render_as_string(hide_password=False))))
        assert SITE.metadata is not None
        SITE.metadata().create_all(engine)
        engine.dispose()
        with self.db() as db:
            shelf = Category(slug="tops", name="Tops", position=1)
            product = Product(slug="tee", name="Tee", description="", material="", created_at=now(), category=shelf)
            for number, size in enumerate("SM"):
                variant = Variant(sku=f"TEE-{size}", colour="Ink", swatch="#000000", size=size, position=number)
                variant.price_cents, variant.stock, variant.picture = PRICE, STOCK, "tee.svg"
                product.variants.append(variant)
            db.add(product)
            for variant in product.variants:
                ledger.opening(db, variant)

    @contextmanager
    def db(self) -> Iterator[Session]:
        with transaction(self.database) as db:
            yield db

    def order(self) -> int:
        """Place an order over 100 euros; answers its id."""
        with self.db() as db:
            variants = db.scalars(select(Variant).order_by(Variant.id).options(selectinload(Variant.product))).all()
            order = _order()
            ledger.take(db, dict.fromkeys(variants, 2), order.number)
            order.lines = [_line(variant) for variant in variants]
            db.add(order)
            db.flush()
            return order.id

    def begin(self, order_id: int) -> Payment | None:
        with self.db() as db:
            return paying.begin(db, order_id)

    def pay(self, order_id: int, card: str = PAYS) -> Payment:
        """Try to pay as the page does: the try is committed, then charged."""
        payment = self.begin(order_id)
        assert payment is not None
        asking.charge(self.database, self.gateway, payment, card)
        return self.payments(order_id)[-1]

    def ask(self, payment: Payment) -> Payment:
        asking.ask(self.database, self.gateway, payment.id)
        return next(found for found in self.payments(payment.order_id) if found.id == payment.id)

    def hear(self, entry: Entry) -> None:
        with self.db() as db:
            assert paying.hear(db, entry)

    def repay(self, refund: Refund) -> None:
        asking.repay(self.database, self.gateway, refund.id)

    def state(self, order_id: int) -> State:
        return State(self.show(order_id).state)

    def show(self, order_id: int) -> Order:
        with self.db() as db:
            return db.get_one(Order, order_id, options=[selectinload(Order.lines)])

    def payments(self, order_id: int) -> Sequence[Payment]:
        with self.db() as db:
            return db.scalars(select(Payment).where(Payment.order_id == order_id).order_by(Payment.id)).all()

    def refunds(self, order_id: int) -> Sequence[Refund]:
        with self.db() as db:
            return db.scalars(select(Refund).where(Refund.order_id == order_id).order_by(Refund.id)).all()

    def letters(self, kind: str) -> int:
        with self.db() as db:
            return db.scalars(select(func.count(Letter.id)).where(Letter.kind == kind)).one()

    def stocks(self) -> list[int]:
        """What is left of each variant, which the books agree with."""
        with self.db() as db:
            assert ledger.discrepancies(db) == []
            return list(db.scalars(select(Variant.stock).order_by(Variant.id)))

    def balance(self) -> int:
        """What the gateway has charged and not given back, in cents."""
        entry = testgateway.GatewayEntry
        with self.db() as db:
            moved = db.execute(select(entry.charge, entry.amount_cents).where(entry.outcome == Outcome.SUCCEEDED))
            return sum(cents if charge is None else -cents for charge, cents in moved)

    def let_pass(self, minutes: float) -> None:
        """Let everything that waits have begun so much earlier."""
        earlier = timedelta(minutes=minutes)
        columns = (Payment.created_at, Refund.created_at, testgateway.GatewayEntry.entered_at, Order.expires_at)
        with self.db() as db:
            for column in columns:
                for row in db.scalars(select(column.class_)):
                    moment = getattr(row, column.key)
                    setattr(row, column.key, moment - earlier if moment else None)

    def change(self, order_id: int, **values: object) -> None:
        with self.db() as db:
            db.execute(update(Order).where(Order.id == order_id).values(**values))

    def close(self) -> None:
        self.database.dispose()


def _order() -> Order:
    order = Order(number=secrets.token_hex(5), cart_id=secrets.token_hex(8), cart_generation=0, state=State.PLACED)
    order.currency, order.email, order.language = "EUR", "ada@example.org", "en"
    order.goods_cents = order.total_cents = 4 * PRICE
    order.refunded_cents = order.discount_cents = order.shipping_cents = order.tax_cents = 0
    order.name, order.street, order.extra, order.parcel = "Ada", "High Street 1", "", ""
    order.postal_code, order.city, order.country, order.shipping_method = "1010", "Vienna", "AT", "standard"
    order.placed_at, order.expires_at = now(), now() + timedelta(minutes=30)
    return order


def _line(variant: Variant) -> OrderLine:
    return OrderLine(
        variant_id=variant.id, sku=variant.sku, name="Tee", colour="Ink", size=variant.size, picture="tee.svg",
        quantity=2, unit_price_cents=PRICE, returned=0,
    )  # fmt: skip

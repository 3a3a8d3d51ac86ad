"""Orders: what was bought, at which price, and where it goes."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.people import LONGEST_EMAIL
from apps.myclothes.accounts.models import Customer
from apps.myclothes.cart.models import Cart, CartLine, total_cents
from apps.myclothes.catalog.models import Variant
from apps.myclothes.models import Base
from apps.myclothes.money import CURRENCY

# Without letters and digits that are mistaken for one another when read aloud.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER_LETTERS = 10
PLACED = "placed"


class CartEmpty(Exception):
    """There is nothing in the cart that could be ordered."""


class CartChanged(Exception):
    """What the cart costs is not what the customer has seen."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an order goes."""

    name: str
    street: str
    extra: str
    postal_code: str
    city: str
    country: str


class Order(Base):
    """One cart's one generation, ordered once: their pair is unique among orders, however often it is sent."""

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("cart_id", "cart_generation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(exact(20), unique=True)
    cart_id: Mapped[str] = mapped_column(exact(40))
    cart_generation: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    total_cents: Mapped[int]
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    name: Mapped[str] = mapped_column(String(120))
    street: Mapped[str] = mapped_column(String(120))
    extra: Mapped[str] = mapped_column(String(120))
    postal_code: Mapped[str] = mapped_column(String(20))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    receipt_claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    receipt_refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order", order_by="OrderLine.id")

    @classmethod
    def place(cls, db: Session, customer: Customer, cart: Cart, address: Address, seen_cents: int) -> "Order":
        """Order what is in the cart, taking it from stock, or find the order that this cart's generation has become.

        Raises CartEmpty, CartChanged if it costs other than `seen_cents`, or OutOfStock naming the piece; nothing is
        kept then once the transaction is rolled back, as it must be.
        """
        lines = cart.lines(db)
        if cart.id is None or not lines:
            raise CartEmpty
        if total_cents(lines) != seen_cents:
            raise CartChanged
        order = cls._of(customer, cart, address, seen_cents)
        try:
            with db.begin_nested():
                db.add(order)
        except IntegrityError:
            return cls._first(db, cart.id, cart.generation)
        # Stock before lines: a line's foreign key locks its variant, too, and two orders that hold such a shared lock
        # each would wait for one another. And always in the same order, for the same reason.
        for line in lines:
            line.variant.take(db, line.quantity)
        db.add_all(OrderLine.of(order, line) for line in lines)
        db.flush()
        return order

    @classmethod
    def of_cart(cls, db: Session, cart_id: str | None, generation: int) -> "Order | None":
        """The order that this generation of a cart has become, if any."""
        found = select(cls).where(cls.cart_id == cart_id, cls.cart_generation == generation)
        return db.scalar(found.options(selectinload(cls.lines)))

    @classmethod
    def with_number(cls, db: Session, number: str, customer: Customer) -> "Order | None":
        """This customer's order of that number; nobody sees anybody else's."""
        found = select(cls).where(cls.number == number, cls.customer_id == customer.id)
        return db.scalar(found.options(selectinload(cls.lines)))

    @classmethod
    def latest(cls, db: Session, customer: Customer | None = None, most: int = 100) -> Sequence["Order"]:
        """The newest orders, of one customer or of all."""
        found = select(cls).order_by(cls.id.desc()).limit(most).options(selectinload(cls.lines))
        return db.scalars(found if customer is None else found.where(cls.customer_id == customer.id)).all()

    @property
    def ordered(self) -> dict[int, int]:
        """Variant id and quantity of each line."""
        return {line.variant_id: line.quantity for line in self.lines}

    @classmethod
    def _of(cls, customer: Customer, cart: Cart, address: Address, cents: int) -> "Order":
        return cls(
            number=new_number(),
            cart_id=cart.id,
            cart_generation=cart.generation,
            customer_id=customer.id,
            state=PLACED,
            currency=CURRENCY,
            total_cents=cents,
            email=customer.email,
            placed_at=now(),
            lines=[],
            **asdict(address),
        )

    @classmethod
    def _first(cls, db: Session, cart_id: str, generation: int) -> "Order":
        first = cls.of_cart(db, cart_id, generation)
        if first is None:
            raise RuntimeError("an order was refused as a repeat, and there is no first one")
        return first


class OrderLine(Base):
    """What was ordered, as it was called and priced at that moment."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    sku: Mapped[str] = mapped_column(exact(64))
    name: Mapped[str] = mapped_column(String(120))
    colour: Mapped[str] = mapped_column(String(40))
    size: Mapped[str] = mapped_column(String(20))
    picture: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int]
    unit_price_cents: Mapped[int]

    order: Mapped[Order] = relationship(back_populates="lines")
    variant: Mapped[Variant] = relationship()

    @classmethod
    def of(cls, order: Order, line: CartLine) -> "OrderLine":
        variant = line.variant
        return cls(
            order=order,
            variant=variant,
            sku=variant.sku,
            name=variant.product.name,
            colour=variant.colour,
            size=variant.size,
            picture=variant.picture,
            quantity=line.quantity,
            unit_price_cents=variant.price_cents,
        )

    @property
    def total_cents(self) -> int:
        return self.unit_price_cents * self.quantity


def new_number() -> str:
    """An order's number such as `7KQ2M-9XDFT`: 50 random bits, so that nobody guesses another's."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LETTERS))
    return f"{letters[:5]}-{letters[5:]}"


def ordered_of_cart(db: Session, cart_id: str, generation: int) -> Mapping[int, int] | None:
    """What was ordered of this generation of a cart; None if it was not ordered."""
    order = Order.of_cart(db, cart_id, generation)
    return None if order is None else order.ordered

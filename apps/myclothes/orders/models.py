"""Orders: what was bought, at which price, and where it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ForeignKey, Select, String, Table, UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import (
    Mapped,
    Session,
    make_transient_to_detached,
    mapped_column,
    relationship,
    selectinload,
)

from apps.chassis.columns import exact, now
from apps.chassis.database import UtcDateTime
from apps.chassis.people import LONGEST_EMAIL, normal_email
from apps.chassis.statements import Prepared
from apps.myclothes.accounts.addresses import Address, Addressed
from apps.myclothes.accounts.models import Customer
from apps.myclothes.cart.models import Cart, CartLine
from apps.myclothes.catalog.ledger import take
from apps.myclothes.catalog.models import OutOfStock, Variant
from apps.myclothes.models import Base
from apps.myclothes.money import CURRENCY
from apps.myclothes.orders.coupons import Coupon
from apps.myclothes.orders.destinations import method_of
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.ordernumbers import LONGEST_NUMBER, new_number, normal_number
from apps.myclothes.orders.quotes import Piece, Quote

TIME_TO_PAY = timedelta(minutes=30)


class State(StrEnum):
    """How far an order has come."""

    PLACED = "placed"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class CartEmpty(Exception):
    """There is nothing in the cart that could be ordered."""


class CartChanged(Exception):
    """What the cart costs is not what the customer has seen."""


class Order(Addressed, Base):
    """One cart's one generation, ordered once: their pair is unique among orders, however often it is sent."""

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("cart_id", "cart_generation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(exact(20), unique=True)
    cart_id: Mapped[str] = mapped_column(exact(40))
    cart_generation: Mapped[int]
    # None for a guest.
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    currency: Mapped[str] = mapped_column(String(3))
    # What the goods cost, less what a coupon takes off, and what sending them costs, make the total; tax is part of it.
    goods_cents: Mapped[int] = mapped_column(server_default="0")
    discount_cents: Mapped[int] = mapped_column(server_default="0")
    shipping_cents: Mapped[int] = mapped_column(server_default="0")
    tax_cents: Mapped[int] = mapped_column(server_default="0")
    total_cents: Mapped[int]
    refunded_cents: Mapped[int] = mapped_column(server_default="0")
    shipping_method: Mapped[str] = mapped_column(String(20), server_default="standard")
    coupon_id: Mapped[int | None] = mapped_column(ForeignKey("coupons.id"))
    language: Mapped[str] = mapped_column(String(5), server_default="en")
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Until then its pieces wait for the payment.
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    shipped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parcel: Mapped[str] = mapped_column(String(80), server_default="")

    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order", order_by="OrderLine.id")

    @classmethod
    def place(
        cls,
        db: Session,
        *,
        cart: Cart,
        customer: Customer | None,
        email: str,
        address: Address,
        method: str,
        code: str,
        seen_cents: int,
        language: str,
    ) -> "Order":
        """Order what is in the cart, taking it from stock, or find the order that this cart's generation has become.

        The country and the method are among those of `destinations`. Raises CartEmpty, CouponRefused, CartChanged if
        it costs other than `seen_cents`, or OutOfStock naming the piece; nothing is kept then once the transaction is
        rolled back, as it must be. An order that costs nothing still waits to be paid: by `states.pay`.
        """
        moment = now()
        quote = quote_of(db, cart.lines(db), address.country, method, code, moment)
        if cart.id is None or not quote.pieces:
            raise CartEmpty
        if quote.total_cents != seen_cents:
            raise CartChanged
        order = cls._of(quote, cart, address, placed_at=moment, email=normal_email(email), language=language)
        order.customer_id = customer.id if customer else None
        if not _inserted(db, order):
            return cls._first(db, cart.id, cart.generation)
        order._fill(db, quote)
        return order

    @classmethod
    def of_cart(cls, db: Session, cart_id: str | None, generation: int) -> "Order | None":
        """The order that this generation of a cart has become, if any."""
        found = select(cls).where(cls.cart_id == cart_id, cls.cart_generation == generation)
        return db.scalar(found.options(selectinload(cls.lines)))

    @classmethod
    def with_number(cls, db: Session, number: str, customer: Customer | None = None) -> "Order | None":
        """The order of that number, if it is this customer's where one is given: nobody sees anybody else's."""
        found = select(cls).where(cls.number == number[:LONGEST_NUMBER])
        found = found if customer is None else found.where(cls.customer_id == customer.id)
        return db.scalar(found.options(selectinload(cls.lines)))

    @classmethod
    def tracked(cls, db: Session, number: str, email: str) -> "Order | None":
        """The order of that number, however it is spelt, if this is its address."""
        order = cls.with_number(db, normal_number(number))
        return order if order and order.email and normal_email(order.email) == normal_email(email) else None

    @classmethod
    def found(cls, customer: Customer | None = None) -> Select["Order"]:
        """Orders with their lines, of one customer or of all."""
        found = select(cls).options(selectinload(cls.lines))
        return found if customer is None else found.where(cls.customer_id == customer.id)

    @classmethod
    def latest(cls, db: Session, customer: Customer | None = None, most: int = 100) -> Sequence["Order"]:
        """The newest orders, of one customer or of all."""
        return db.scalars(cls.found(customer).order_by(cls.id.desc()).limit(most)).all()

    @property
    def ordered(self) -> dict[int, int]:
        """Variant id and quantity of each line."""
        return {line.variant_id: line.quantity for line in self.lines}

    @classmethod
    def _of(cls, quote: Quote, cart: Cart, address: Address, **more: Any) -> "Order":
        return cls(
            number=new_number(),
            cart_id=cart.id,
            cart_generation=cart.generation,
            state=State.PLACED.value,
            currency=CURRENCY,
            goods_cents=quote.goods_cents,
            discount_cents=quote.discount_cents,
            shipping_cents=quote.shipping_cents,
            tax_cents=quote.tax_cents,
            total_cents=quote.total_cents,
            shipping_method=quote.method.name,
            expires_at=more["placed_at"] + TIME_TO_PAY,
            **asdict(address),
            **more,
        )

    def _fill(self, db: Session, quote: Quote) -> None:
        """Take stock and coupon, then write what belongs to the order."""
        for piece in quote.pieces:
            if not piece.variant.product.published:
                raise OutOfStock(piece.variant)
        # Stock before lines: a line's foreign key locks its variant, too, and two orders that hold such a shared lock
        # each would wait for one another. The same goes for the coupon, which the order names only once it is ours.
        take(db, {piece.variant: piece.quantity for piece in quote.pieces}, self.number)
        if quote.coupon is not None:
            quote.coupon.use(db, self.email, self.placed_at)
            self.coupon_id = quote.coupon.id
            db.flush()
        _lines.run_many(db.connection(), [OrderLine.row(self.id, piece) for piece in quote.pieces])
        OrderEvent.record(db, self.id, State.PLACED)

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
    # Pieces that came back after they were sent.
    returned: Mapped[int] = mapped_column(server_default="0")

    order: Mapped[Order] = relationship(back_populates="lines")
    variant: Mapped[Variant] = relationship()

    @staticmethod
    def row(order_id: int, piece: Piece) -> dict[str, Any]:
        """The columns of a new line."""
        variant = piece.variant
        return {
            "order_id": order_id,
            "variant_id": variant.id,
            "sku": variant.sku,
            "name": variant.product.name,
            "colour": variant.colour,
            "size": variant.size,
            "picture": variant.picture,
            "quantity": piece.quantity,
            "unit_price_cents": piece.unit_cents,
            "returned": 0,
        }

    @property
    def total_cents(self) -> int:
        return self.unit_price_cents * self.quantity


# Tables instead of classes: placing an order is the shop's hottest path, and a savepoint costs two round trips.
_orders = cast(Table, Order.__table__)
# What a new order has not got yet.
_LATER = {"id", "coupon_id", "refunded_cents", "paid_at", "shipped_at", "parcel"}
_new = Prepared(insert(_orders), *(name for name in map(str, _orders.c.keys()) if name not in _LATER))
_lines = Prepared(
    insert(cast(Table, OrderLine.__table__)),
    *("order_id", "variant_id", "sku", "name", "colour", "size", "picture", "quantity", "unit_price_cents", "returned"),
)


def _inserted(db: Session, order: Order) -> bool:
    """Write the order's row and make `order` known to the session; False if its cart's generation was ordered."""
    try:
        # A repeat ends only this statement, not the transaction.
        written = _new.run(db.connection(), vars(order))
    except IntegrityError:
        return False
    order.id = written.lastrowid
    make_transient_to_detached(order)
    db.add(order)
    return True


def quote_of(db: Session, lines: Sequence[CartLine], country: str, method: str, code: str, moment: datetime) -> Quote:
    """What these lines cost there, sent so, with that coupon (none if the code is empty); raises CouponRefused."""
    coupon = Coupon.with_code(db, code) if code.strip() else None
    return Quote.of(lines, country, method_of(country, method), coupon, moment)


def ordered_of_cart(db: Session, cart_id: str, generation: int) -> Mapping[int, int] | None:
    """What was ordered of this generation of a cart; None if it was not ordered."""
    order = Order.of_cart(db, cart_id, generation)
    return None if order is None else order.ordered

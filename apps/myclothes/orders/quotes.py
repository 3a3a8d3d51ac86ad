"""What a cart would cost at a destination, line by line: shown before paying, and reckoned again when ordering."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.myclothes.cart.models import CartLine
from apps.myclothes.catalog.models import Variant
from apps.myclothes.orders.coupons import Coupon
from apps.myclothes.orders.destinations import Method, included_tax, price_at


@dataclass(frozen=True, slots=True)
class Piece:
    """A variant at its price for one destination, and how many of it are wanted."""

    variant: Variant
    quantity: int
    unit_cents: int

    @property
    def total_cents(self) -> int:
        return self.unit_cents * self.quantity


@dataclass(frozen=True, slots=True)
class Quote:
    """The goods, less what a coupon takes off, and what sending them costs, make the total; tax is part of it."""

    pieces: tuple[Piece, ...]
    country: str
    method: Method
    coupon: Coupon | None
    goods_cents: int
    discount_cents: int
    shipping_cents: int

    @classmethod
    def of(
        cls, lines: Sequence[CartLine], country: str, method: Method, coupon: Coupon | None, moment: datetime
    ) -> "Quote":
        """Raises CouponRefused. Coupons and free delivery ask for the goods' worth at the prices of the shop."""
        worth = shop_cents(lines, moment)
        if coupon is not None:
            coupon.check(worth, moment)
        pieces = tuple(
            Piece(line.variant, line.quantity, price_at(country, line.variant.price_now(moment))) for line in lines
        )
        goods = sum(piece.total_cents for piece in pieces)
        return cls(
            pieces=pieces,
            country=country,
            method=method,
            coupon=coupon,
            goods_cents=goods,
            discount_cents=coupon.discount(goods) if coupon else 0,
            shipping_cents=shipping_cents(country, method, worth),
        )

    @property
    def total_cents(self) -> int:
        return self.goods_cents - self.discount_cents + self.shipping_cents

    @property
    def tax_cents(self) -> int:
        """The tax in the total; none beyond the union."""
        return included_tax(self.country, self.total_cents)


def shop_cents(lines: Sequence[CartLine], moment: datetime) -> int:
    """What the lines cost at the prices of the shop."""
    return sum(line.variant.price_now(moment) * line.quantity for line in lines)


def shipping_cents(country: str, method: Method, worth_cents: int) -> int:
    """What sending goods of this worth costs there."""
    free = method.free_from_cents is not None and worth_cents >= method.free_from_cents
    return 0 if free else price_at(country, method.cents)

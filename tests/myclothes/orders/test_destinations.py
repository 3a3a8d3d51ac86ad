"""What things cost where: whole cents, half a cent up, and lines that add up."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.myclothes.accounts.addresses import COUNTRIES
from apps.myclothes.cart.models import CartLine
from apps.myclothes.catalog.models import Variant
from apps.myclothes.orders.coupons import Coupon, Kind
from apps.myclothes.orders.destinations import (
    HOME,
    METHOD_NAMES,
    UNION_VAT,
    included_tax,
    method_of,
    price_at,
)
from apps.myclothes.orders.quotes import Quote

MOMENT = datetime(2026, 5, 1, tzinfo=UTC)
cents = st.integers(0, 10**9)
countries = st.sampled_from(COUNTRIES)


@given(st.sampled_from(sorted(UNION_VAT)), cents)
def test_the_tax_within_a_price_is_right_to_half_a_cent(country: str, price: int) -> None:
    rate = Fraction(UNION_VAT[country], 1000)
    exact = price * rate / (1 + rate)
    assert -Fraction(1, 2) <= exact - included_tax(country, price) < Fraction(1, 2)
    assert 0 <= included_tax(country, price) <= price


@given(cents)
def test_beyond_the_union_the_home_tax_is_taken_off_and_none_is_due(price: int) -> None:
    assert price_at("KR", price) + included_tax(HOME, price) == price
    assert included_tax("KR", price) == 0
    assert price_at("FR", price) == price


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 20)), min_size=1, max_size=5),
    countries,
    st.sampled_from(sorted(METHOD_NAMES)),
    st.none() | st.tuples(st.sampled_from(Kind), st.integers(1, 100)),
)
def test_a_quote_adds_up(
    wanted: list[tuple[int, int]], country: str, method: str, off: tuple[Kind, int] | None
) -> None:
    lines = [line(price, quantity) for price, quantity in wanted]
    coupon = Coupon(kind=off[0], amount=off[1], minimum_cents=0, used=0) if off else None
    quote = Quote.of(lines, country, method_of(country, method), coupon, MOMENT)
    assert quote.goods_cents == sum(piece.unit_cents * piece.quantity for piece in quote.pieces)
    assert quote.total_cents == quote.goods_cents - quote.discount_cents + quote.shipping_cents
    assert 0 <= quote.discount_cents <= quote.goods_cents
    assert 0 <= quote.tax_cents <= quote.total_cents
    assert (quote.tax_cents > 0) <= (country in UNION_VAT)


@pytest.mark.parametrize(
    ("country", "total", "tax"), [("DE", 9390, 1499), ("FR", 9790, 1632), ("HU", 9790, 2081), ("KR", 9571, 0)]
)
def test_one_shirt_costs_what_one_would_reckon_by_hand(country: str, total: int, tax: int) -> None:
    quote = Quote.of([line(8_900)], country, method_of(country, "standard"), None, MOMENT)
    assert (quote.total_cents, quote.tax_cents) == (total, tax)


def test_standard_delivery_is_free_for_enough_goods_and_express_is_not() -> None:
    lines = [line(10_000)]
    assert Quote.of(lines, "DE", method_of("DE", "standard"), None, MOMENT).shipping_cents == 0
    assert Quote.of(lines, "FR", method_of("FR", "standard"), None, MOMENT).shipping_cents == 890
    assert Quote.of(lines, "DE", method_of("DE", "express"), None, MOMENT).shipping_cents == 990


def test_every_country_has_every_method() -> None:
    assert {method_of(country, name).name for country in COUNTRIES for name in METHOD_NAMES} == set(METHOD_NAMES)


def line(price_cents: int, quantity: int = 1) -> CartLine:
    return CartLine(Variant(price_cents=price_cents), quantity, price_cents, price_cents)

"""Columns for nested categories, sales, second factors, and what an order is made of."""

import sqlalchemy as sa

from apps.chassis.database import UtcDateTime
from apps.chassis.expansions import (
    add_check,
    add_columns,
    add_index,
    add_reference,
    add_unique,
    allow_null,
    column,
    exact,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    customers()
    categories()
    products()
    variants()
    orders()
    add_columns("order_lines", column("returned", sa.Integer(), default="0"))


def customers() -> None:
    add_columns(
        "customers",
        column("language", sa.String(5), default="en"),
        column("confirmed_at", UtcDateTime(), null=True),
        column("erased_at", UtcDateTime(), null=True),
        column("totp_secret", sa.String(255), null=True),
        column("totp_step", sa.Integer(), default="0"),
        column("recovery_codes", exact(400), default=""),
    )


def categories() -> None:
    add_columns("categories", column("parent_id", sa.Integer(), null=True))
    add_reference("categories", "parent_id", "categories")


def products() -> None:
    add_columns("products", column("sku", exact(64), null=True), column("published", sa.Boolean(), default=sa.true()))
    add_unique("products", "sku")


def variants() -> None:
    add_columns(
        "variants",
        column("sale_price_cents", sa.Integer(), null=True),
        column("sale_starts_at", UtcDateTime(), null=True),
        column("sale_ends_at", UtcDateTime(), null=True),
        column("low_stock", sa.Integer(), null=True),
    )
    add_check("variants", "sale_price_cents", "sale_price_cents > 0")


def orders() -> None:
    cents = ("goods_cents", "discount_cents", "shipping_cents", "tax_cents", "refunded_cents")
    add_columns(
        "orders",
        *(column(name, sa.Integer(), default="0") for name in cents),
        column("shipping_method", sa.String(20), default="standard"),
        column("coupon_id", sa.Integer(), null=True),
        column("language", sa.String(5), default="en"),
        column("expires_at", UtcDateTime(), null=True),
        column("paid_at", UtcDateTime(), null=True),
        column("shipped_at", UtcDateTime(), null=True),
        column("parcel", sa.String(80), default=""),
    )
    allow_null("orders", "customer_id", sa.Integer())
    add_reference("orders", "coupon_id", "coupons")
    for name in ("state", "expires_at", "paid_at"):
        add_index("orders", name)

"""Customers, the catalogue, and orders."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from apps.chassis.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    customers()
    categories()
    products()
    variants()
    orders()
    order_lines()


def downgrade() -> None:
    for table in ("order_lines", "orders", "variants", "products", "categories", "customers"):
        op.drop_table(table)


def exact(length: int) -> Any:
    variant = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(variant, "mysql", "mariadb")


def column(name: str, kind: Any, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=nullable)


def text(name: str, length: int) -> "sa.Column[Any]":
    return column(name, sa.String(length))


def number(name: str) -> "sa.Column[Any]":
    return column(name, sa.Integer())


def reference(name: str, table: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_{of}_{name}")


def customers() -> None:
    op.create_table(
        "customers",
        number("id"),
        column("email", exact(254)),
        text("name", 80),
        text("password_hash", 255),
        text("role", 20),
        column("sessions_valid_from", UtcDateTime()),
        column("created_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("email", name="uq_customers_email"),
    )


def categories() -> None:
    op.create_table(
        "categories",
        number("id"),
        column("slug", exact(80)),
        text("name", 80),
        number("position"),
        sa.PrimaryKeyConstraint("id", name="pk_categories"),
        sa.UniqueConstraint("slug", name="uq_categories_slug"),
    )


def products() -> None:
    op.create_table(
        "products",
        number("id"),
        number("category_id"),
        column("slug", exact(120)),
        text("name", 120),
        text("description", 1000),
        text("material", 200),
        column("created_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
        sa.UniqueConstraint("slug", name="uq_products_slug"),
        reference("category_id", "categories", "products"),
        sa.Index("ix_products_category_id", "category_id"),
    )


def variants() -> None:
    op.create_table(
        "variants",
        number("id"),
        number("product_id"),
        column("sku", exact(64)),
        text("colour", 40),
        text("swatch", 7),
        text("size", 20),
        number("position"),
        number("price_cents"),
        number("stock"),
        text("picture", 200),
        sa.PrimaryKeyConstraint("id", name="pk_variants"),
        sa.UniqueConstraint("sku", name="uq_variants_sku"),
        sa.UniqueConstraint("product_id", "colour", "size", name="uq_variants_product_id_colour_size"),
        sa.CheckConstraint("stock >= 0", name="stock"),
        sa.CheckConstraint("price_cents > 0", name="price_cents"),
        reference("product_id", "products", "variants"),
    )


def orders() -> None:
    op.create_table(
        "orders",
        number("id"),
        column("number", exact(20)),
        column("cart_id", exact(40)),
        number("cart_generation"),
        number("customer_id"),
        text("state", 20),
        text("currency", 3),
        number("total_cents"),
        text("email", 254),
        text("name", 120),
        text("street", 120),
        text("extra", 120),
        text("postal_code", 20),
        text("city", 80),
        text("country", 2),
        column("placed_at", UtcDateTime()),
        column("receipt_claimed_until", UtcDateTime(), nullable=True),
        column("receipt_sent_at", UtcDateTime(), nullable=True),
        column("receipt_refused_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("number", name="uq_orders_number"),
        sa.UniqueConstraint("cart_id", "cart_generation", name="uq_orders_cart_id_cart_generation"),
        reference("customer_id", "customers", "orders"),
        sa.Index("ix_orders_customer_id", "customer_id"),
        sa.Index("ix_orders_receipt_sent_at", "receipt_sent_at"),
    )


def order_lines() -> None:
    op.create_table(
        "order_lines",
        number("id"),
        number("order_id"),
        number("variant_id"),
        column("sku", exact(64)),
        text("name", 120),
        text("colour", 40),
        text("size", 20),
        text("picture", 200),
        number("quantity"),
        number("unit_price_cents"),
        sa.PrimaryKeyConstraint("id", name="pk_order_lines"),
        reference("order_id", "orders", "order_lines"),
        reference("variant_id", "variants", "order_lines"),
        sa.Index("ix_order_lines_order_id", "order_id"),
        sa.Index("ix_order_lines_variant_id", "variant_id"),
    )

"""Tables for letters, the address book, audits, the ledger of stock, search, coupons, events and payments."""

import sqlalchemy as sa

from apps.chassis.expansions import column, exact, identity, make_table, number, reference, text, time, unique
from apps.chassis.letters.expansion import make_letters

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_letters()
    addresses()
    audits()
    stock_movements()
    product_words()
    coupons()
    order_events()
    payments()


def addresses() -> None:
    make_table(
        "addresses",
        *identity("addresses"),
        number("customer_id"),
        text("name", 120),
        text("street", 120),
        text("extra", 120),
        text("postal_code", 20),
        text("city", 80),
        text("country", 2),
        time("used_at"),
        reference("addresses", "customer_id", "customers"),
        indexes=["customer_id"],
    )


def audits() -> None:
    make_table(
        "audits",
        *identity("audits"),
        time("at"),
        number("actor_id", null=True),
        text("actor", 254),
        column("action", exact(60)),
        text("subject", 120),
        column("detail", sa.Text()),
        text("remote_address", 45),
        reference("audits", "actor_id", "customers"),
        indexes=["at"],
    )


def stock_movements() -> None:
    make_table(
        "stock_movements",
        *identity("stock_movements"),
        number("variant_id"),
        number("quantity"),
        column("cause", exact(20)),
        column("reference", exact(64)),
        text("note", 200),
        text("actor", 254),
        time("moved_at"),
        unique("stock_movements", "variant_id", "cause", "reference"),
        reference("stock_movements", "variant_id", "variants"),
        indexes=["moved_at"],
    )


def product_words() -> None:
    make_table(
        "product_words",
        column("word", exact(40)),
        number("product_id"),
        number("weight"),
        sa.PrimaryKeyConstraint("word", "product_id", name="pk_product_words"),
        reference("product_words", "product_id", "products"),
        indexes=["product_id"],
    )


def coupons() -> None:
    make_table(
        "coupons",
        *identity("coupons"),
        column("code", exact(40)),
        text("kind", 10),
        number("amount"),
        number("minimum_cents"),
        time("starts_at", null=True),
        time("ends_at", null=True),
        number("most_uses", null=True),
        number("most_uses_each", null=True),
        number("used"),
        time("created_at"),
        time("withdrawn_at", null=True),
        unique("coupons", "code"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("used >= 0", name="used"),
    )
    make_table(
        "coupon_customers",
        number("coupon_id"),
        column("email", exact(254)),
        number("used"),
        sa.PrimaryKeyConstraint("coupon_id", "email", name="pk_coupon_customers"),
        reference("coupon_customers", "coupon_id", "coupons"),
    )


def order_events() -> None:
    make_table(
        "order_events",
        *identity("order_events"),
        number("order_id"),
        text("state", 20),
        text("note", 200),
        text("actor", 254),
        time("at"),
        reference("order_events", "order_id", "orders"),
        indexes=["order_id"],
    )


def payments() -> None:
    make_table(
        "payments",
        *identity("payments"),
        number("order_id"),
        *money_moved("payments"),
        text("currency", 3),
        reference("payments", "order_id", "orders"),
        indexes=["order_id", "outcome"],
    )
    make_table(
        "refunds",
        *identity("refunds"),
        number("order_id"),
        number("payment_id"),
        *money_moved("refunds"),
        text("actor", 254),
        reference("refunds", "order_id", "orders"),
        reference("refunds", "payment_id", "payments"),
        indexes=["order_id", "payment_id", "outcome"],
    )
    test_gateway_entries()


def money_moved(table: str) -> "tuple[sa.schema.SchemaItem, ...]":
    return (
        column("key", exact(64)),
        number("amount_cents"),
        text("outcome", 20),
        column("reference", exact(64), null=True),
        text("reason", 200),
        time("created_at"),
        time("settled_at", null=True),
        unique(table, "key"),
        unique(table, "reference"),
    )


def test_gateway_entries() -> None:
    make_table(
        "test_gateway_entries",
        column("key", exact(64)),
        column("reference", exact(64)),
        column("charge", exact(64), null=True),
        number("amount_cents"),
        text("currency", 3),
        text("outcome", 20),
        text("reason", 200),
        time("entered_at"),
        sa.PrimaryKeyConstraint("key", name="pk_test_gateway_entries"),
        unique("test_gateway_entries", "reference"),
        indexes=["charge"],
    )

"""Changes of tables for revisions, each made unless it is there already.

MariaDB and MySQL commit with every change, so a revision that dies half way is run again over what it has done; and
MySQL knows no `IF NOT EXISTS` for columns and indexes. Every verb here therefore looks first. All of them only expand:
the previous release goes on serving, and rolling back needs no downgrade.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from apps.chassis.database import UtcDateTime


def exact(length: int) -> Any:
    """Text compared code point by code point, as apps.chassis.columns has it."""
    variant = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(variant, "mysql", "mariadb")


def column(name: str, kind: Any, *, null: bool = False, default: Any = None) -> "sa.Column[Any]":
    """A column; a table that has rows already takes it only if it may be null or has a default."""
    return sa.Column(name, kind, nullable=null, server_default=default)


def identity(table: str) -> "tuple[sa.schema.SchemaItem, ...]":
    """The `id` that each row of the table is known by."""
    return number("id"), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def text(name: str, length: int, *, default: str | None = None) -> "sa.Column[str]":
    """A column of so many letters."""
    return column(name, sa.String(length), default=default)


def number(name: str, *, null: bool = False) -> "sa.Column[int]":
    """A column of whole numbers."""
    return column(name, sa.Integer(), null=null)


def time(name: str, *, null: bool = False) -> "sa.Column[object]":
    """A column of moments."""
    return column(name, UtcDateTime(), null=null)


def unique(table: str, *names: str) -> sa.UniqueConstraint:
    """No two rows of a new table with the same values there."""
    return sa.UniqueConstraint(*names, name=f"uq_{table}_{'_'.join(names)}")


def reference(table: str, name: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """A foreign key of a new table to another's id."""
    return sa.ForeignKeyConstraint([name], [f"{to}.id"], name=f"fk_{table}_{name}", ondelete=ondelete)


def make_table(name: str, *parts: sa.schema.SchemaItem, indexes: Sequence[str] = ()) -> None:
    """A table, whose constraints are named by their kind and columns, and an index on each of these columns."""
    if not sa.inspect(op.get_bind()).has_table(name):
        op.create_table(name, *parts)
    for indexed in indexes:
        add_index(name, indexed)


def add_columns(table: str, *columns: "sa.Column[Any]") -> None:
    """Columns behind those that are there."""
    present = {found["name"] for found in sa.inspect(op.get_bind()).get_columns(table)}
    for added in columns:
        if added.name not in present:
            op.add_column(table, added)


def add_index(table: str, *columns: str) -> None:
    """An index, named after the first of its columns."""
    name = f"ix_{table}_{columns[0]}"
    if name not in {found["name"] for found in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.create_index(name, table, list(columns))


def add_unique(table: str, column: str) -> None:
    """No value of the column twice."""
    name = f"uq_{table}_{column}"
    if name not in {found["name"] for found in sa.inspect(op.get_bind()).get_unique_constraints(table)}:
        with op.batch_alter_table(table) as batch:
            batch.create_unique_constraint(name, [column])


def add_check(table: str, name: str, condition: str) -> None:
    """A condition that all rows meet."""
    full = f"ck_{table}_{name}"
    if full not in {found["name"] for found in sa.inspect(op.get_bind()).get_check_constraints(table)}:
        with op.batch_alter_table(table) as batch:
            batch.create_check_constraint(op.f(full), sa.text(condition))


def add_reference(table: str, column: str, to: str, ondelete: str | None = None) -> None:
    """A foreign key to another table's id."""
    name = f"fk_{table}_{column}"
    if name not in {found["name"] for found in sa.inspect(op.get_bind()).get_foreign_keys(table)}:
        with op.batch_alter_table(table) as batch:
            batch.create_foreign_key(name, to, [column], ["id"], ondelete=ondelete)


def widen(table: str, column: str, kind: Any) -> None:
    """A column that holds more from now on; to say so twice does nothing."""
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, type_=kind, existing_nullable=False)


def allow_null(table: str, column: str, kind: Any) -> None:
    """A column that may be null from now on; to say so twice does nothing."""
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, existing_type=kind, nullable=True)

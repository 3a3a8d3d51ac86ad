"""Alembic's entrance, shared by all apps; apps.chassis.migrations hands it a connection that it has locked."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from apps.chassis.database import UtcDateTime
from apps.chassis.tables import METADATA


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our own column type by its short name."""
    if kind != "type" or not isinstance(item, UtcDateTime):
        return False
    autogenerate.imports.add("from apps.chassis.database import UtcDateTime")
    return "UtcDateTime()"


def include_name(name: str | None, kind: str, _: Any) -> bool:
    """Leave out the chassis' own tables, which are not the apps' to change."""
    return kind != "table" or name not in METADATA.tables


connection = context.config.attributes["connection"]
is_sqlite = connection.dialect.name == "sqlite"
context.configure(
    connection=connection,
    target_metadata=context.config.attributes["metadata"],
    # SQLite changes a table only by copying it.
    render_as_batch=is_sqlite,
    # MariaDB and MySQL commit with every change of a table, so each revision is noted as soon as it is done.
    transaction_per_migration=not is_sqlite,
    compare_type=True,
    include_name=include_name,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()

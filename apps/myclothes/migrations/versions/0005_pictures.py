"""A table for the pictures that managers upload."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from apps.chassis.database import UtcDateTime
from apps.chassis.expansions import column, exact, make_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_table(
        "pictures",
        column("key", exact(64)),
        column("kind", sa.String(40)),
        column("width", sa.Integer()),
        column("height", sa.Integer()),
        column("content", sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")),
        column("uploaded_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("key", name="pk_pictures"),
        indexes=["uploaded_at"],
    )

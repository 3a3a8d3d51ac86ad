"""The language of a comment, the description of an item of a menu, and since when something is in the trash."""

import sqlalchemy as sa

from apps.chassis.expansions import add_columns, column, exact, time

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_columns("posts", time("trashed_at", null=True))
    add_columns("comments", column("language", exact(10), default=""), time("trashed_at", null=True))
    add_columns("menu_items", column("description", sa.Text(), null=True))

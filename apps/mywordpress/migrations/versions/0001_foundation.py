"""Users, pictures, posts and comments."""

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
    users()
    pictures()
    renditions()
    posts()
    post_pictures()
    comments()


def downgrade() -> None:
    for table in ("comments", "post_pictures", "posts", "renditions", "pictures", "users"):
        op.drop_table(table)


def exact(length: int) -> Any:
    variant = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(variant, "mysql", "mariadb")


def long_text() -> Any:
    return sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def reference(column: str, table: str, of: str, **options: Any) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_{of}_{column}", **options)


def users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("email", exact(254), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("sessions_valid_from", UtcDateTime, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        if_not_exists=True,
    )


def pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("key", exact(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("alt", sa.String(300), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("animated", sa.Boolean, nullable=False),
        sa.Column("renditions_made_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pictures"),
        reference("user_id", "users", of="pictures"),
        if_not_exists=True,
    )
    op.create_index("ix_pictures_key", "pictures", ["key"])
    op.create_index("ix_pictures_renditions_made_at", "pictures", ["renditions_made_at"])
    op.create_index("ix_pictures_user_id", "pictures", ["user_id"])


def renditions() -> None:
    op.create_table(
        "renditions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("picture_id", sa.Integer, nullable=False),
        sa.Column("key", exact(80), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_renditions"),
        sa.UniqueConstraint("picture_id", "width", name="uq_renditions_picture_id_width"),
        reference("picture_id", "pictures", of="renditions", ondelete="CASCADE"),
        if_not_exists=True,
    )
    op.create_index("ix_renditions_key", "renditions", ["key"])


def posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("picture_id", sa.Integer),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("slug", exact(120), nullable=False),
        sa.Column("excerpt", sa.Text, nullable=False),
        sa.Column("body", long_text(), nullable=False),
        sa.Column("html", long_text(), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("published_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("slug", name="uq_posts_slug"),
        reference("author_id", "users", of="posts"),
        reference("picture_id", "pictures", of="posts"),
        if_not_exists=True,
    )
    op.create_index("ix_posts_author_id", "posts", ["author_id"])
    op.create_index("ix_posts_published", "posts", ["published", "published_at", "id"])


def post_pictures() -> None:
    op.create_table(
        "post_pictures",
        sa.Column("post_id", sa.Integer, nullable=False),
        sa.Column("picture_id", sa.Integer, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("post_id", "picture_id", name="pk_post_pictures"),
        reference("post_id", "posts", of="post_pictures", ondelete="CASCADE"),
        reference("picture_id", "pictures", of="post_pictures"),
        if_not_exists=True,
    )
    op.create_index("ix_post_pictures_picture_id", "post_pictures", ["picture_id"])


def comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("post_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("email", exact(254), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("approved", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        reference("post_id", "posts", of="comments", ondelete="CASCADE"),
        reference("user_id", "users", of="comments"),
        if_not_exists=True,
    )
    op.create_index("ix_comments_post_id", "comments", ["post_id", "approved", "id"])

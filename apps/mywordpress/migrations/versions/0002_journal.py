"""Tables and columns for letters, roles, terms, revisions, pages, threads, menus, options, the search and imports."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from apps.chassis.expansions import (
    add_columns,
    add_index,
    add_reference,
    add_unique,
    column,
    exact,
    identity,
    make_table,
    number,
    reference,
    text,
    time,
    unique,
    widen,
)
from apps.chassis.letters.expansion import make_letters

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_letters()
    users()
    pictures()
    terms()
    posts()
    history()
    comments()
    menus()
    imports()
    name = column("name", exact(80)), sa.PrimaryKeyConstraint("name", name="pk_options")
    make_table("options", *name, column("value", sa.Text()))


def pair(table: str, one: str, other: str) -> "tuple[sa.schema.SchemaItem, ...]":
    return number(one), number(other), sa.PrimaryKeyConstraint(one, other, name=f"pk_{table}")


def long_text() -> Any:
    return sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def users() -> None:
    add_columns(
        "users",
        column("slug", exact(60), null=True),
        text("url", 500, default=""),
        column("biography", sa.Text(), null=True),
        text("first_name", 80, default=""),
        text("last_name", 80, default=""),
        text("language", 5, default=""),
    )
    add_unique("users", "slug")
    make_table(
        "application_passwords",
        *identity("application_passwords"),
        number("user_id"),
        column("uuid", exact(36)),
        text("name", 100),
        column("hash", exact(64)),
        time("created_at"),
        time("last_used_at", null=True),
        column("last_address", exact(45)),
        reference("application_passwords", "user_id", "users", "CASCADE"),
        unique("application_passwords", "uuid"),
        unique("application_passwords", "hash"),
        indexes=["user_id"],
    )


def pictures() -> None:
    add_columns(
        "pictures",
        number("post_id", null=True),
        column("mime_type", exact(100), default=""),
        column("slug", exact(200), null=True),
        text("title", 500, default=""),
        column("caption", sa.Text(), null=True),
        column("description", sa.Text(), null=True),
        text("source_url", 1000, default=""),
    )
    add_unique("pictures", "slug")
    add_index("pictures", "post_id")


def terms() -> None:
    make_table(
        "terms",
        *identity("terms"),
        column("taxonomy", exact(32)),
        text("name", 200),
        column("slug", exact(200)),
        column("description", sa.Text()),
        number("parent_id", null=True),
        reference("terms", "parent_id", "terms", "SET NULL"),
        unique("terms", "taxonomy", "slug"),
        indexes=["parent_id"],
    )


def posts() -> None:
    widen("posts", "title", sa.String(500))
    widen("posts", "slug", exact(220))
    add_columns(
        "posts",
        number("first_picture_id", null=True),
        column("state", exact(10), default="draft"),
        column("trashed_from", exact(10), default=""),
        column("kind", exact(20), default="post"),
        column("format", exact(10), default="markdown"),
        number("parent_id", null=True),
        column("position", sa.Integer(), default="0"),
        column("password", exact(255), default=""),
        column("sticky", sa.Boolean(), default=sa.false()),
        column("comments_open", sa.Boolean(), default=sa.true()),
        column("pings_open", sa.Boolean(), default=sa.true()),
        text("guid", 500, default=""),
    )
    add_reference("posts", "parent_id", "posts", "SET NULL")
    add_reference("posts", "first_picture_id", "pictures")
    add_index("posts", "parent_id")
    add_index("posts", "kind", "published", "sticky", "published_at", "id")
    add_index("posts", "guid")
    make_table(
        "post_terms",
        *pair("post_terms", "post_id", "term_id"),
        reference("post_terms", "post_id", "posts", "CASCADE"),
        reference("post_terms", "term_id", "terms", "CASCADE"),
        indexes=["term_id"],
    )
    make_table(
        "post_words",
        column("word", exact(40)),
        number("post_id"),
        number("weight"),
        sa.PrimaryKeyConstraint("word", "post_id", name="pk_post_words"),
        reference("post_words", "post_id", "posts", "CASCADE"),
        indexes=["post_id"],
    )
    make_table(
        "post_meta",
        *identity("post_meta"),
        number("post_id"),
        column("name", exact(255)),
        column("value", long_text()),
        reference("post_meta", "post_id", "posts", "CASCADE"),
        indexes=["post_id"],
    )


def history() -> None:
    make_table(
        "revisions",
        *identity("revisions"),
        number("post_id"),
        number("author_id"),
        number("version"),
        text("title", 500),
        column("excerpt", sa.Text()),
        column("body", long_text()),
        column("format", exact(10)),
        time("created_at"),
        reference("revisions", "post_id", "posts", "CASCADE"),
        reference("revisions", "author_id", "users"),
        unique("revisions", "post_id", "version"),
        indexes=["author_id"],
    )
    make_table(
        "autosaves",
        *pair("autosaves", "post_id", "user_id"),
        number("version"),
        text("title", 500),
        column("excerpt", sa.Text()),
        column("body", long_text()),
        time("saved_at"),
        reference("autosaves", "post_id", "posts", "CASCADE"),
        reference("autosaves", "user_id", "users", "CASCADE"),
        indexes=["user_id"],
    )
    make_table(
        "edit_locks",
        *pair("edit_locks", "post_id", "user_id"),
        time("seen_at"),
        reference("edit_locks", "post_id", "posts", "CASCADE"),
        reference("edit_locks", "user_id", "users", "CASCADE"),
        indexes=["user_id"],
    )
    make_table(
        "old_slugs",
        column("slug", exact(220)),
        sa.PrimaryKeyConstraint("slug", name="pk_old_slugs"),
        number("post_id"),
        reference("old_slugs", "post_id", "posts", "CASCADE"),
        indexes=["post_id"],
    )


def comments() -> None:
    widen("comments", "name", sa.String(255))
    add_columns(
        "comments",
        column("state", exact(10), default="hold"),
        number("parent_id", null=True),
        column("kind", exact(20), default="comment"),
        text("url", 500, default=""),
        column("address", exact(45), default=""),
        text("user_agent", 255, default=""),
        column("wants_replies", sa.Boolean(), default=sa.false()),
    )
    add_index("comments", "email")
    add_index("comments", "approved", "state", "id")
    add_reference("comments", "parent_id", "comments", "SET NULL")
    add_index("comments", "parent_id")


def menus() -> None:
    make_table("menus", *identity("menus"), text("name", 200), column("slug", exact(200)), unique("menus", "slug"))
    make_table(
        "menu_items",
        *identity("menu_items"),
        number("menu_id"),
        number("parent_id", null=True),
        number("position"),
        text("title", 500),
        text("hint", 500),
        column("target", exact(20)),
        number("post_id", null=True),
        number("term_id", null=True),
        text("url", 1000),
        text("classes", 200),
        column("opens_window", sa.Boolean()),
        reference("menu_items", "menu_id", "menus", "CASCADE"),
        reference("menu_items", "parent_id", "menu_items", "SET NULL"),
        reference("menu_items", "post_id", "posts", "CASCADE"),
        reference("menu_items", "term_id", "terms", "CASCADE"),
        indexes=["menu_id", "parent_id", "post_id", "term_id"],
    )


def imports() -> None:
    make_table(
        "imports",
        *identity("imports"),
        number("user_id", null=True),
        text("name", 200),
        column("wishes", sa.Text()),
        time("created_at"),
        time("read_at", null=True),
        time("started_at", null=True),
        time("worked_at", null=True),
        time("finished_at", null=True),
        reference("imports", "user_id", "users", "SET NULL"),
        indexes=["user_id"],
    )
    make_table(
        "import_parts",
        *identity("import_parts"),
        number("import_id"),
        number("stage"),
        column("kind", exact(20)),
        column("source", exact(250)),
        text("title", 200),
        column("content", long_text()),
        column("outcome", exact(10)),
        number("made_id", null=True),
        column("note", long_text()),
        reference("import_parts", "import_id", "imports", "CASCADE"),
    )
    add_index("import_parts", "import_id", "outcome", "stage", "id")
    add_index("import_parts", "source", "import_id")

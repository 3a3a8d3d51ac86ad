"""A prepared statement does what it would do otherwise, on each database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, insert, select, text, update

from apps.chassis.database import Database, UtcDateTime
from apps.chassis.statements import Prepared
from apps.chassis.transactions import transaction

NOTES = Table(
    "prepared_notes",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("text", String(50)),
    Column("at", UtcDateTime),
)
INSERT = Prepared(insert(NOTES), "text", "at")
RENAME = Prepared(update(NOTES).where(NOTES.c.id == bindparam("which")).values(text=bindparam("new", type_=String())))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    with transaction(database) as db:
        NOTES.drop(db.connection(), checkfirst=True)
        NOTES.create(db.connection())
    yield database
    database.dispose()


def test_what_is_inserted_is_converted_by_its_type_and_has_a_number(database: Database) -> None:
    seoul = NOON.astimezone(timezone(timedelta(hours=9)))
    with transaction(database) as db:
        assert INSERT.run(db.connection(), {"text": "it's 100%", "at": seoul, "unasked": 1}).lastrowid == 1
    with transaction(database) as db:
        assert [tuple(row) for row in db.execute(select(NOTES))] == [(1, "it's 100%", NOON)]
        # SQLite compares moments as texts, so all of them have to be written alike.
        db.execute(insert(NOTES), {"text": "", "at": NOON})
        assert db.execute(text("SELECT COUNT(DISTINCT at) FROM prepared_notes")).scalar_one() == 1


def test_many_rows_are_inserted_and_a_condition_is_told_by_the_count(database: Database) -> None:
    with transaction(database) as db:
        INSERT.run_many(db.connection(), [{"text": text, "at": NOON} for text in "ab"])
        found = [RENAME.run(db.connection(), {"which": which, "new": "c"}).rowcount for which in (2, 3)]
        assert found == [1, 0]
        assert db.scalars(select(NOTES.c.text).order_by(NOTES.c.id)).all() == ["a", "c"]


def test_a_naive_moment_is_refused_here_as_well(database: Database) -> None:
    with transaction(database) as db, pytest.raises(ValueError, match="without a zone"):
        INSERT.run(db.connection(), {"text": "", "at": datetime(2026, 3, 1)})  # noqa: DTZ001

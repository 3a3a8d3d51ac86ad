import gc

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import DataError

from apps.chassis.database import Database, UtcDateTime
from apps.chassis.transactions import current_session, run, transaction
from tests.chassis.tables import NOTES
from tests.services.endpoint import Endpoint

EVENTS = Table("events", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime))


def page() -> None:
    current_session().execute(select(NOTES)).all()
    current_session().execute(select(NOTES.c.id)).all()


def order() -> None:
    current_session().execute(select(NOTES)).all()
    current_session().execute(insert(NOTES).values(text="a"))


def trips(endpoint: Endpoint, database: Database, *, read_only: bool, commit: bool = True) -> int:
    before = endpoint.requests
    work = page if read_only else order
    run(database, read_only=read_only, pinned=False, work=work, commit_if=lambda _: commit)
    return endpoint.requests - before


def test_a_page_costs_its_selects_and_nothing_else(endpoint: Endpoint, behind: Database) -> None:
    trips(endpoint, behind, read_only=True)
    assert trips(endpoint, behind, read_only=True) == 2
    assert trips(endpoint, behind, read_only=True, commit=False) == 2


def test_a_write_costs_its_statements_and_one_commit_or_rollback(endpoint: Endpoint, behind: Database) -> None:
    assert trips(endpoint, behind, read_only=False, commit=False) == 2 + 1
    assert trips(endpoint, behind, read_only=False) == 2 + 1


def test_a_session_that_nobody_closed_leaves_nothing_behind(behind: Database) -> None:
    forgotten = behind.writer()
    forgotten.execute(insert(NOTES).values(text="forgotten"))
    del forgotten
    gc.collect()
    with transaction(behind) as session:
        session.execute(insert(NOTES).values(text="meant"))
    with behind.reader()[0] as session:
        assert list(session.scalars(select(NOTES.c.text))) == ["meant"]


def test_a_further_connection_costs_few_round_trips(endpoint: Endpoint, behind: Database) -> None:
    trips(endpoint, behind, read_only=True)
    with behind.reader()[0] as first, behind.reader()[0] as second:
        first.execute(text("SELECT 1"))
        before = endpoint.requests
        second.execute(text("SELECT 1"))
        assert endpoint.requests - before <= 5 + 1


def test_every_connection_is_strict_and_in_utc(behind: Database) -> None:
    with behind.writer() as session:
        row = session.execute(
            text("SELECT @@time_zone, @@autocommit, @@tx_isolation, @@innodb_lock_wait_timeout")
        ).one()
        assert tuple(row) == ("+00:00", 0, "READ-COMMITTED", 5)
        assert session.scalar(text("SELECT COUNT(*) FROM notes WHERE text = '한글🙂'")) == 0
        with pytest.raises(DataError):
            session.execute(insert(NOTES).values(text="x" * 21))
    with behind.reader()[0] as session:
        row = session.execute(text("SELECT @@time_zone, @@autocommit")).one()
        assert tuple(row) == ("+00:00", 1)

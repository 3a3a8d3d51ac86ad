from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from apps.chassis.database import Database
from apps.chassis.frame import RequestRecord
from apps.chassis.transactions import ReadOnlyRequest, after_commit, current_session, transaction
from tests.chassis.requested import reading, texts, write, writing
from tests.chassis.tables import NOTES


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


def test_a_request_commits_once_its_work_is_done(database: Database, record: RequestRecord) -> None:
    writing(database, write)
    assert texts(database) == ["a"]
    assert (record.wrote, record.db) == (True, "writer")


def test_a_result_that_is_not_liked_is_rolled_back(database: Database, record: RequestRecord) -> None:
    said: list[str] = []

    def work() -> str:
        write()
        after_commit(lambda: said.append("committed"))
        return "422"

    assert writing(database, work, commit=False) == "422"
    assert (texts(database), said, record.wrote) == ([], [], False)


def test_an_exception_rolls_back_and_goes_on(database: Database) -> None:
    def work() -> None:
        write()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        writing(database, work)
    assert texts(database) == []


def test_reading_is_not_writing(database: Database, record: RequestRecord) -> None:
    writing(database, write)
    record.wrote = False
    assert writing(database, lambda: current_session().scalar(select(func.count()).select_from(NOTES))) == 1
    assert reading(database, lambda: current_session().scalar(text("SELECT views FROM notes"))) == 0
    assert record.wrote is False


def test_actions_run_in_order_after_the_commit_and_one_failure_stops_nothing(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[Any] = []

    def work() -> None:
        after_commit(lambda: said.append(texts(database)))
        after_commit(lambda: 1 / 0)
        after_commit(lambda: after_commit(lambda: said.append("last")))
        after_commit(lambda: said.append("third"))
        write()

    writing(database, work)
    assert said == [["a"], "third", "last"]
    assert "ZeroDivisionError" in caplog.text


def test_the_transaction_is_over_when_actions_run(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    writing(database, lambda: after_commit(current_session))
    assert "the transaction is over" in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        lambda db: db.execute(insert(NOTES).values(text="b")),
        lambda db: db.execute(update(NOTES).values(views=1)),
        lambda db: db.execute(delete(NOTES)),
        lambda db: db.execute(text("  insert into notes (text) values ('b')")),
        lambda db: db.execute(text("WITH x AS (SELECT 1) DELETE FROM notes")),
        lambda db: db.execute(text("-- select\nDELETE FROM notes")),
        lambda db: db.connection().exec_driver_sql("DROP TABLE notes"),
        lambda db: (db.add(Note(text="b")), db.flush()),
        lambda db: (db.add(Note(text="b")), db.scalar(select(Note.id))),
        lambda db: db.add(Note(text="b")),
        lambda db: db.delete(db.scalars(select(Note)).one()),
        lambda db: setattr(db.scalars(select(Note)).one(), "text", "b"),
        lambda db: db.execute(text("SELECT 1 FROM notes FOR UPDATE")) and db.execute(text("TRUNCATE notes")),
    ],
)
def test_a_safe_request_that_writes_is_an_error(database: Database, change: Callable[[Session], object]) -> None:
    writing(database, write)
    expected = (ReadOnlyRequest, DBAPIError) if "sqlite" in str(database.url) else ReadOnlyRequest
    with pytest.raises(expected):
        reading(database, lambda: change(current_session()))
    assert texts(database) == ["a"]


def test_a_view_that_never_asks_for_the_database_never_connects() -> None:
    nowhere = Database("mysql://nobody:nothing@127.0.0.1:1/nowhere", ["mysql://nobody:nothing@127.0.0.1:1/nowhere"])
    said: list[str] = []
    assert reading(nowhere, lambda: "page") == "page"
    assert writing(nowhere, lambda: after_commit(lambda: said.append("told"))) is None
    assert said == ["told"]
    with pytest.raises(OperationalError):
        reading(nowhere, lambda: current_session().execute(text("SELECT 1")))
    nowhere.dispose()


def test_a_site_without_a_database_still_has_actions() -> None:
    said: list[str] = []
    writing(None, lambda: after_commit(lambda: said.append("told")))
    assert said == ["told"]
    with pytest.raises(RuntimeError, match="no database"):
        writing(None, current_session)


def test_outside_of_a_request_there_is_no_session() -> None:
    with pytest.raises(RuntimeError, match="outside"):
        current_session()
    with pytest.raises(RuntimeError, match="outside"):
        after_commit(print)


def test_a_transaction_within_a_transaction_is_refused(database: Database) -> None:
    with pytest.raises(RuntimeError, match="within"):
        writing(database, lambda: reading(database, lambda: None))
    with pytest.raises(RuntimeError, match="within"), transaction(database), transaction(database):
        pass


def test_a_job_commits_and_then_acts(database: Database) -> None:
    said: list[Any] = []
    with transaction(database) as session:
        assert session is current_session()
        write()
        after_commit(lambda: said.append(texts(database)))
    assert said == [["a"]]


def test_a_job_that_fails_leaves_nothing(database: Database) -> None:
    def job() -> None:
        with transaction(database):
            write()
            after_commit(lambda: pytest.fail("it did not commit"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        job()
    assert texts(database) == []


def test_an_error_of_the_data_is_not_repeated(database: Database) -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        write()
        write()

    with pytest.raises(IntegrityError):
        writing(database, work)
    assert len(attempts) == 1

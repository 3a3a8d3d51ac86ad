import contextlib
import socket
import threading
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from apps.chassis.database import Database
from apps.chassis.frame import RequestRecord
from apps.chassis.transactions import after_commit, current_session, run
from tests.chassis.requested import reading, texts, write, writing
from tests.chassis.tables import NOTES
from tests.services.endpoint import Endpoint


def write_two() -> None:
    write("a")
    write("b")


def bump(name: str) -> None:
    current_session().execute(update(NOTES).where(NOTES.c.text == name).values(views=NOTES.c.views + 1))


@pytest.mark.parametrize("savepoint", [False, True])
def test_both_sides_of_a_deadlock_succeed(database: Database, savepoint: bool) -> None:
    writing(database, write_two)
    meeting = threading.Barrier(2, timeout=1)
    attempts: list[str] = []

    def work(first: str, second: str) -> None:
        attempts.append(first)
        bump(first)
        # SQLite lets only one in at a time, and a repeat comes alone.
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait()
        if savepoint:
            with current_session().begin_nested():
                bump(second)
        else:
            bump(second)

    threads = [threading.Thread(target=writing, args=(database, lambda p=p: work(*p))) for p in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.writer() as session:
        assert list(session.scalars(select(NOTES.c.views))) == [2, 2]
    assert len(attempts) == (2 if "sqlite" in str(database.url) else 3)


def test_repeating_ends(mysql_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    writing(mysql_database, write)
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        current_session().execute(text("SET innodb_lock_wait_timeout = 1"))
        bump("a")

    with mysql_database.writer() as holder:
        holder.execute(update(NOTES).values(views=7))
        with pytest.raises(OperationalError, match="1205"):
            writing(mysql_database, work)
    assert len(attempts) == 3


def test_a_lost_connection_is_repeated_once(mysql_database: Database, record: RequestRecord) -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        write("x")
        if len(attempts) == 1:
            lose_connection(current_session())
        write("y")

    writing(mysql_database, work)
    assert (len(attempts), texts(mysql_database), record.wrote) == (2, ["x", "y"], True)


def test_a_connection_lost_twice_is_given_up(mysql_database: Database) -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        lose_connection(current_session())
        write()

    with pytest.raises(OperationalError):
        writing(mysql_database, work)
    assert len(attempts) == 2


def lose_connection(session: Session) -> None:
    connection = session.connection().connection.driver_connection
    assert connection is not None
    connection._sock.shutdown(socket.SHUT_RDWR)


def test_a_killed_connection_is_repeated_once(
    mysql_database: Database, replication: Any, record: RequestRecord
) -> None:
    attempts: list[int] = []

    def work() -> Any:
        attempts.append(1)
        number = current_session().scalar(text("SELECT CONNECTION_ID()"))
        if len(attempts) == 1:
            replication.primary.execute(f"KILL {number}")
        return current_session().scalar(text("SELECT 1"))

    assert reading(mysql_database, work) == 1
    assert len(attempts) == 2


def test_a_failing_commit_raises_and_tells_nobody(
    mysql_url: str, mysql_database: Database, record: RequestRecord
) -> None:
    mysql_database.dispose()
    attempts: list[int] = []
    endpoint = Endpoint(mysql_database.url.port or 0)
    behind = Database(mysql_url.replace(f":{mysql_database.url.port}/", f":{endpoint.port}/"))

    def work() -> None:
        attempts.append(1)
        write()
        after_commit(lambda: pytest.fail("nobody knows whether it committed"))

    def like(_: None) -> bool:
        endpoint.cut()
        return True

    with pytest.raises(OperationalError):
        run(behind, read_only=False, pinned=False, work=work, commit_if=like)
    # Whether it happened is unknown, so this visitor reads from the writer for a while.
    assert (len(attempts), texts(mysql_database), record.wrote) == (1, [], True)
    behind.dispose()
    endpoint.stop()


def test_a_writer_that_became_read_only_is_asked_for_anew(
    mysql_url: str, mysql_database: Database, replication: Any
) -> None:
    endpoint = Endpoint(replication.replica.port)
    behind = Database(mysql_url.replace(f":{mysql_database.url.port}/", f":{endpoint.port}/"))
    with pytest.raises(OperationalError, match="1290"):
        writing(behind, write)
    with pytest.raises(OperationalError, match="1290"):
        writing(behind, write)
    endpoint.point_at(replication.primary.port)
    writing(behind, write)
    assert texts(mysql_database) == ["a"]
    behind.dispose()
    endpoint.stop()

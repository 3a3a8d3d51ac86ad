import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from apps.chassis.database import Database, UtcDateTime
from apps.chassis.engines import CONNECT_SECONDS, READER_CONNECT_SECONDS, ReadOnlyRequest, normalised, reads_only
from apps.chassis.transactions import current_session, run, transaction
from tests.chassis.tables import NOTES
from tests.services.mariadb import Replication

EVENTS = Table("events", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime))


def test_sqlite_keeps_what_it_acknowledged_and_refuses_loose_ends(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    metadata = MetaData()
    Table("a", metadata, Column("id", Integer, primary_key=True))
    child = Table("b", metadata, Column("a_id", ForeignKey("a.id")))
    with transaction(database) as session:
        metadata.create_all(session.connection())
        pragmas = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"]
        assert [session.scalar(text(f"PRAGMA {name}")) for name in pragmas] == ["wal", 2, 1, 5000]
    with database.writer() as session, pytest.raises(IntegrityError):
        session.execute(insert(child).values(a_id=1))
    database.dispose()


def test_sqlite_readers_go_on_beside_a_writer(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with transaction(database) as session:
        NOTES.metadata.create_all(session.connection())
    with database.writer() as writer, database.reader()[0] as reader:
        writer.execute(insert(NOTES).values(text="a"))
        assert reader.scalar(select(NOTES.c.text)) is None
        writer.commit()
    database.dispose()


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a/b/c.sqlite3")
    assert database.ready()["ok"] is True
    assert (tmp_path / "a/b/c.sqlite3").exists()
    database.dispose()


def test_a_reader_refuses_to_write_and_names_its_role(database: Database) -> None:
    session, role = database.reader()
    with session:
        assert (role, session.info["role"]) == ("writer", "writer")
        with pytest.raises(ReadOnlyRequest):
            session.execute(insert(NOTES).values(text="a"))


def test_times_come_back_aware_and_exact(url: str) -> None:
    database = Database(url)
    noon = datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
    with transaction(database) as session:
        EVENTS.metadata.create_all(session.connection())
        session.execute(insert(EVENTS), [{"at": noon}, {"at": None}])
        found = session.scalars(select(EVENTS.c.at).order_by(EVENTS.c.id)).all()
        assert found == [noon, None]
        assert found[0] is not None
        assert found[0].tzinfo is UTC
        with pytest.raises(StatementError, match="zone"):
            session.execute(insert(EVENTS).values(at=datetime(2026, 3, 4)))  # noqa: DTZ001
    database.dispose()


@pytest.mark.parametrize("scheme", ["mysql", "mariadb", "mysql+pymysql", "mariadb+pymysql"])
def test_every_name_of_mariadb_and_mysql_is_understood(scheme: str) -> None:
    url = normalised(f"{scheme}://user:secret@db.example.com:3307/shop?ssl_ca=/etc/ca.pem")
    assert (url.drivername, url.host, url.port, url.database) == ("mysql+pymysql", "db.example.com", 3307, "shop")
    assert dict(url.query) == {"ssl_ca": "/etc/ca.pem", "charset": "utf8mb4"}


def test_what_cannot_work_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="not supported"):
        Database("postgresql://db.example.com/shop")
    with pytest.raises(ValueError, match="no replicas"):
        Database("sqlite:///x.sqlite3", ["sqlite:///y.sqlite3"])


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT 1", True),
        (" \n(select 1)", True),
        ("WITH x AS (SELECT 1) SELECT * FROM x", True),
        ("EXPLAIN SELECT 1", True),
        ("PRAGMA table_info(x)", True),
        ("PRAGMA user_version = 1", False),
        ("WITH x AS (SELECT 1) UPDATE y SET z = 1", False),
        ("EXPLAIN ANALYZE DELETE FROM y", True),
        ("CALL p()", False),
        ("SET GLOBAL x = 1", False),
        ("INSERT INTO x SELECT 1", False),
        ("REPLACE INTO x VALUES (1)", False),
        ("/* SELECT */ DELETE FROM x", False),
        ("", False),
    ],
)
def test_what_is_not_known_to_read_counts_as_a_write(statement: str, expected: bool) -> None:
    assert reads_only(statement) is expected


def test_readiness_names_neither_host_nor_password(behind: Database, replication: Replication) -> None:
    assert behind.ready() == {"ok": True, "detail": "ok", "readers": {}}
    gone = Database("mysql://user:secret@127.0.0.1:1/shop")
    assert gone.ready() == {"ok": False, "detail": "down: OperationalError 2003", "readers": {}}
    demoted = Database(str(behind.url.set(port=replication.replica.port).render_as_string(hide_password=False)))
    assert demoted.ready()["detail"] == "down: read-only"
    demoted.dispose()


def test_a_full_pool_is_an_error_in_time(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.chassis.engines.POOL_SECONDS", 0.05)
    database = Database(sqlite_url, pool_size=1)
    with database.reader()[0] as first, database.reader()[0] as second, database.reader()[0] as third:
        first.execute(text("SELECT 1"))
        second.execute(text("SELECT 1"))
        with pytest.raises(Exception, match="QueuePool limit"):
            third.execute(text("SELECT 1"))
    database.dispose()


def test_a_hanging_server_is_an_error_in_time(
    behind: Database, replication: Replication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.chassis.engines.STATEMENT_SECONDS", 0.3)
    behind.dispose()
    behind.ready()
    replication.primary.pause()
    try:
        assert behind.ready()["detail"] == "down: OperationalError 2013"
        with behind.writer() as session, pytest.raises(OperationalError):
            session.execute(text("SELECT 1"))
    finally:
        replication.primary.unpause()
    assert behind.ready()["ok"] is True


def test_a_reader_that_is_not_there_is_given_up_before_the_writer_would_be() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as silent:
        port = silent.getsockname()[1]
        # Nobody accepts: one waits to be, and whoever comes afterwards gets no answer at all.
        with socket.create_connection(("127.0.0.1", port)):
            database = Database("mysql://a@127.0.0.1:1/b", [f"mysql://a@127.0.0.1:{port}/b"])
            began = time.monotonic()
            with pytest.raises(OperationalError):
                database._engines("reader-1")[1].connect()
            assert READER_CONNECT_SECONDS <= time.monotonic() - began < CONNECT_SECONDS
            database.dispose()


def test_a_child_process_makes_connections_of_its_own(url: str) -> None:
    script = f"""
import gc
import os
from sqlalchemy import text
from apps.chassis.database import Database
database = Database({url!r})


def connections():
    with database.writer() as writer, database.reader()[0] as reader:
        return [s.connection().connection.driver_connection for s in (writer, reader)]
mine = connections()
child = os.fork()
if child == 0:
    assert not set(map(id, mine)) & set(map(id, connections()))
    assert database.ready()["ok"]
    database.dispose()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert database.ready()["ok"]
"""
    assert subprocess.run([sys.executable, "-W", "error", "-c", script]).returncode == 0


def test_what_is_not_used_is_not_imported(sqlite_url: str) -> None:
    script = f"""
import sys
from apps.chassis.database import Database
from apps.chassis import migrations, transactions
assert Database({sqlite_url!r}).ready()["ok"]
unwanted = {{"pymysql", "alembic", "flask", "boto3", "redis"}} & set(sys.modules)
assert not unwanted, unwanted
"""
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


def test_what_was_committed_survives_a_kill(url: str, database: Database) -> None:
    script = f"""
from sqlalchemy import insert
from apps.chassis.database import Database
from apps.chassis.transactions import transaction
from tests.chassis.tables import NOTES
database = Database({url!r})
with transaction(database) as session:
    session.execute(insert(NOTES).values(text="acknowledged"))
with transaction(database) as session:
    session.execute(insert(NOTES).values(text="half done"))
    print("inside", flush=True)
    input()
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"inside\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    with database.reader()[0] as session:
        assert list(session.scalars(select(NOTES.c.text))) == ["acknowledged"]


def test_sixteen_threads_share_the_pool(database: Database) -> None:
    def note(name: str) -> None:
        run(
            database,
            read_only=False,
            pinned=False,
            work=lambda: current_session().execute(insert(NOTES).values(text=name)),
            commit_if=lambda _: True,
        )

    threads = [threading.Thread(target=note, args=(str(i),)) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reader()[0] as session:
        assert len(session.scalars(select(NOTES.c.text)).all()) == 16

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from apps.chassis.database import Database
from apps.chassis.replicas import Sample, Server
from apps.chassis.tables import HEARTBEAT, METADATA
from apps.chassis.transactions import current_session, run, transaction
from tests.chassis.conftest import NOTES
from tests.services.endpoint import Endpoint
from tests.services.mariadb import Replication
from tests.support.waiting import wait_until

MAX_LAG = 1.0
_numbers = itertools.count(1)
Connect = Callable[..., Database]


@pytest.fixture(scope="module")
def pair() -> Iterator[Replication]:
    """A primary and a replica of our own, because they are broken here; every test leaves them well."""
    pair = Replication()
    try:
        pair.start()
        yield pair
    finally:
        pair.stop()


@pytest.fixture
def name(pair: Replication) -> str:
    """A new database with a heartbeat and `notes`, on both servers."""
    name = f"lag_{next(_numbers)}"
    pair.create(name)
    database = Database(pair.primary.url(name))
    make_tables(database)
    database.dispose()
    pair.catch_up()
    return name


def make_tables(database: Database) -> None:
    with transaction(database) as session:
        METADATA.create_all(session.connection())
        NOTES.metadata.create_all(session.connection())
        session.execute(insert(HEARTBEAT).values(id=1, beat_at=datetime.now(UTC)))


@pytest.fixture
def connect(pair: Replication, name: str) -> Iterator[Connect]:
    """Databases like those of other processes: `connect(writer_port=..., readers=[...])`."""
    made: list[Database] = []

    def connect(
        writer_port: int | None = None, readers: list[int] | None = None, *, max_lag_seconds: float = MAX_LAG
    ) -> Database:
        ports = [pair.replica.port] if readers is None else readers
        urls = [pair.replica.url(name, port=port) for port in ports]
        made.append(Database(pair.primary.url(name, port=writer_port), urls, max_lag_seconds=max_lag_seconds))
        return made[-1]

    yield connect
    for database in made:
        database.dispose()


@pytest.fixture
def database(connect: Connect) -> Database:
    """The pair as a process sees it that has found its reader in rotation."""
    database = connect()
    wait_until(lambda: role(database) == "reader-1")
    return database


def role(database: Database) -> str:
    session, role = database.reader()
    session.close()
    return role


def page(database: Database, *, pinned: bool = False) -> tuple[str, list[str]]:
    """The role that served, and what the page shows."""

    def work() -> tuple[str, list[str]]:
        session = current_session()
        return session.info["role"], list(session.scalars(select(NOTES.c.text).order_by(NOTES.c.id)))

    return run(database, read_only=True, pinned=pinned, work=work, commit_if=lambda _: True)


def write(database: Database, name: str) -> None:
    def work() -> None:
        current_session().execute(insert(NOTES).values(text=name))

    run(database, read_only=False, pinned=False, work=work, commit_if=lambda _: True)


def test_the_reader_is_read_from_while_it_follows(database: Database, pair: Replication) -> None:
    write(database, "a")
    pair.catch_up()
    assert page(database) == ("reader-1", ["a"])
    assert page(database, pinned=True) == ("writer", ["a"])
    report = database.ready()
    assert report["ok"] is True
    assert report["readers"]["reader-1"]["in_rotation"] is True
    assert 0 <= report["readers"]["reader-1"]["lag_seconds"] <= MAX_LAG
    assert database.stale_seconds is None
    assert database.pin_seconds > MAX_LAG + 2 * database.replicas.interval


def test_a_reader_whose_replication_stops_leaves_and_comes_back(database: Database, pair: Replication) -> None:
    pair.stop_sql_thread()
    try:
        wait_until(lambda: role(database) == "writer")
        assert "reader-1" in database.ready()["detail"]
        assert database.ready()["ok"] is True
        write(database, "a")
        assert page(database) == ("writer", ["a"])
    finally:
        pair.resume()
    wait_until(lambda: role(database) == "reader-1")
    assert page(database) == ("reader-1", ["a"])


def test_a_reader_that_follows_from_afar_is_never_read_from(database: Database, pair: Replication) -> None:
    pair.follow(delay_seconds=3)
    try:
        wait_until(lambda: role(database) == "writer")
        # It is behind by three seconds for ever, and its beats go on arriving.
        until = time.monotonic() + 4
        while time.monotonic() < until:
            assert role(database) == "writer"
            time.sleep(0.02)
        assert database.readers()["reader-1"]["lag_seconds"] > 2
    finally:
        pair.follow()
    wait_until(lambda: role(database) == "reader-1")


def test_whoever_wrote_sees_it_once_the_pin_ends(database: Database, pair: Replication) -> None:
    """The promise itself: while replication stops and goes, nobody misses their own write, pinned or not."""
    stopping = threading.Event()

    def disturb() -> None:
        while not stopping.wait(random.uniform(0.1, 1.2)):
            pair.replica.execute("STOP SLAVE SQL_THREAD")
            stopping.wait(random.uniform(0.1, 2.5))
            pair.replica.execute("START SLAVE SQL_THREAD")

    disturber = threading.Thread(target=disturb)
    disturber.start()
    missed: list[str] = []
    roles: set[str] = set()
    waiting: list[tuple[float, str]] = []
    until = time.monotonic() + 9
    try:
        for number in itertools.count():
            if time.monotonic() > until:
                break
            write(database, str(number))
            waiting.append((time.monotonic() + database.pin_seconds, str(number)))
            now = time.monotonic()
            role, seen = page(database)
            roles.add(role)
            missed += [name for free_at, name in waiting if free_at < now and name not in seen]
            time.sleep(0.01)
    finally:
        stopping.set()
        disturber.join()
        pair.resume()
    assert missed == []
    assert roles == {"reader-1", "writer"}


def test_a_reader_that_is_killed_costs_nobody_a_page(database: Database, pair: Replication) -> None:
    page(database)
    pair.replica.kill()
    try:
        assert page(database) == ("writer", [])
        assert role(database) == "writer"
    finally:
        pair.replica.start(read_only=True)
    wait_until(lambda: role(database) == "reader-1", 10)
    assert page(database) == ("reader-1", [])


def test_a_hanging_reader_delays_neither_the_others_nor_the_writer(connect: Connect, pair: Replication) -> None:
    hanging = Endpoint(pair.replica.port)
    database = connect(readers=[pair.replica.port, hanging.port])
    wait_until(lambda: {role(database) for _ in range(2)} == {"reader-1", "reader-2"})
    hanging.hold()
    try:
        wait_until(lambda: not database.readers()["reader-2"]["in_rotation"])
        until = time.monotonic() + 3
        while time.monotonic() < until:
            assert role(database) == "reader-1"
            time.sleep(0.01)
    finally:
        hanging.stop()


def test_while_the_writer_is_down_reads_go_on_and_say_how_old_they_are(
    database: Database, connect: Connect, pair: Replication
) -> None:
    write(database, "a")
    pair.catch_up()
    pair.primary.kill()
    killed = time.monotonic()
    try:
        stale = wait_until(lambda: database.stale_seconds) or 0.0
        while time.monotonic() < killed + 4 * MAX_LAG:
            assert page(database) == ("reader-1", ["a"])
            time.sleep(0.05)
        assert 3 * MAX_LAG < (database.stale_seconds or 0) - stale < 8 * MAX_LAG
        with pytest.raises(OperationalError):
            write(database, "b")
        with pytest.raises(OperationalError):
            page(database, pinned=True)
        assert database.ready()["ok"] is False
        # A process that starts now has never seen the writer and serves all the same.
        started = connect()
        wait_until(lambda: page_or_none(started) == ("reader-1", ["a"]))
        assert (started.stale_seconds or 0) > 3 * MAX_LAG
    finally:
        pair.primary.start()
    wait_until(lambda: database.stale_seconds is None)
    write(database, "b")
    pair.replica.execute("STOP SLAVE")
    pair.resume()
    wait_until(lambda: page(database) == ("reader-1", ["a", "b"]))


def page_or_none(database: Database) -> Any:
    try:
        return page(database)
    except OperationalError:
        return None


def test_a_reader_that_lagged_when_the_writer_died_stays_out(database: Database, pair: Replication) -> None:
    pair.stop_sql_thread()
    wait_until(lambda: role(database) == "writer")
    pair.primary.kill()
    try:
        wait_until(lambda: not database.ready()["ok"])
        until = time.monotonic() + 3 * MAX_LAG
        while time.monotonic() < until:
            assert role(database) == "writer"
            time.sleep(0.02)
        # What the replica received before is all there will be; having applied it, it may serve.
        pair.replica.execute("START SLAVE")
        wait_until(lambda: role(database) == "reader-1")
    finally:
        pair.primary.start()
        pair.replica.execute("STOP SLAVE")
        pair.resume()


def test_a_hanging_writer_is_found_out_without_losing_the_readers(connect: Connect, pair: Replication) -> None:
    writer = Endpoint(pair.primary.port)
    # The default, because there is the least room here between a beat that is missing and a writer that is.
    database = connect(writer_port=writer.port, max_lag_seconds=2.0)
    wait_until(lambda: role(database) == "reader-1")
    writer.hold()
    try:
        until = time.monotonic() + 4
        while time.monotonic() < until:
            assert role(database) == "reader-1"
            time.sleep(0.01)
        assert (database.stale_seconds or 0) > 2
    finally:
        writer.stop()


def test_any_number_of_processes_beat_as_one(connect: Connect) -> None:
    databases = [connect() for _ in range(6)]
    for database in databases:
        database.start()
    wait_until(lambda: all(role(database) == "reader-1" for database in databases), 15)
    server = Server(databases[0].url, 1.0, is_writer=False)
    began = time.monotonic()
    beats = set()
    while time.monotonic() < began + 3:
        beats.add(server.sample().beat)
        time.sleep(0.02)
    server.close()
    # One process beats twice a second here; each beat is at least half an interval after the one before.
    assert 3 <= len(beats) <= 4 * (time.monotonic() - began) + 2


@pytest.fixture
def moving() -> Iterator[tuple[Replication, Endpoint, Database]]:
    """A pair that may be promoted, and a database whose writer is known by an endpoint."""
    pair, endpoint, database = Replication(), None, None
    try:
        pair.start()
        pair.create("moving")
        endpoint = Endpoint(pair.primary.port)
        urls = pair.primary.url("moving", port=endpoint.port), pair.replica.url("moving")
        database = Database(urls[0], [urls[1]], max_lag_seconds=MAX_LAG)
        make_tables(database)
        yield pair, endpoint, database
    finally:
        if database is not None:
            database.dispose()
        if endpoint is not None:
            endpoint.stop()
        pair.stop()


def test_after_a_promotion_everything_resumes_by_itself(moving: tuple[Replication, Endpoint, Database]) -> None:
    pair, endpoint, database = moving
    wait_until(lambda: role(database) == "reader-1")
    write(database, "before")
    assert page(database, pinned=True) == ("writer", ["before"])
    pair.catch_up()
    # The old writer lives on, read-only, and every pooled connection still leads to it.
    pair.primary.execute("SET GLOBAL read_only = 1")
    pair.promote()
    endpoint.point_at(pair.replica.port)
    write(database, "after")
    assert page(database, pinned=True) == ("writer", ["before", "after"])
    wait_until(lambda: page(database) == ("reader-1", ["before", "after"]))
    wait_until(lambda: database.stale_seconds is None)


def test_reading_from_the_writer_follows_it_as_soon_as_a_write_did(
    moving: tuple[Replication, Endpoint, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, endpoint, database = moving
    # Nobody samples here, so nothing but the failing write can tell.
    monkeypatch.setattr(database.replicas, "start", lambda: None)
    assert page(database, pinned=True) == ("writer", [])
    pair.primary.execute("SET GLOBAL read_only = 1")
    pair.promote()
    endpoint.point_at(pair.replica.port)
    write(database, "after")
    assert page(database, pinned=True) == ("writer", ["after"])


def test_a_writer_that_was_demoted_is_not_believed(connect: Connect, pair: Replication) -> None:
    writer = Endpoint(pair.primary.port)
    database = connect(writer_port=writer.port)
    wait_until(lambda: role(database) == "reader-1")
    page(database, pinned=True)
    pair.primary.execute("SET GLOBAL read_only = 1")
    try:
        wait_until(lambda: database.stale_seconds)
        before = writer.requests
        # Reading does not fail there, so only the sampler can tell that the address must be asked for anew.
        page(database, pinned=True)
        assert writer.requests - before > 3
    finally:
        pair.primary.execute("SET GLOBAL read_only = 0")
        writer.stop()


def test_a_beat_from_the_future_proves_nothing(connect: Connect, pair: Replication, name: str) -> None:
    with pair.primary.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"USE {name}")
        cursor.execute("UPDATE chassis_heartbeat SET beat_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR")
    pair.catch_up()
    pair.stop_sql_thread()
    try:
        database = connect()
        database.start()
        assert wait_until(lambda: database.readers()["reader-1"]["lag_seconds"]) < -3000
        assert role(database) == "writer"
    finally:
        pair.resume()
    # The writer beats by its own clock again, whatever the row said.
    wait_until(lambda: role(database) == "reader-1")


def test_a_reader_that_lacks_a_new_table_is_not_asked_again(database: Database, pair: Replication) -> None:
    pair.stop_sql_thread()
    try:
        with transaction(database) as session:
            session.execute(text("ALTER TABLE notes ADD COLUMN colour VARCHAR(9)"))
        database.replicas._samples["reader-1"] = Sample(time.monotonic(), 2.0**40, 2.0**40)
        roles: list[str] = []

        def work() -> int:
            roles.append(current_session().info["role"])
            return len(current_session().execute(text("SELECT colour FROM notes")).all())

        assert run(database, read_only=True, pinned=False, work=work, commit_if=lambda _: True) == 0
        assert roles in (["reader-1", "writer"], ["writer"])
    finally:
        pair.resume()


def test_stopping_ends_the_threads(database: Database) -> None:
    threads = list(database.replicas._threads)
    assert len(threads) == 2
    database.stop()
    assert not any(thread.is_alive() for thread in threads)
    assert database.readers()["reader-1"] == {"in_rotation": False, "lag_seconds": None}


def test_without_readers_nothing_is_sampled(pair: Replication, connect: Connect) -> None:
    before = threading.active_count()
    database = connect(readers=[])
    database.start()
    assert (role(database), database.pin_seconds, database.stale_seconds) == ("writer", 0.0, None)
    assert database.ready()["readers"] == {}
    assert threading.active_count() == before


def test_a_database_that_was_never_migrated_has_no_readers(pair: Replication) -> None:
    pair.create("bare")
    database = Database(pair.primary.url("bare"), [pair.replica.url("bare")], max_lag_seconds=MAX_LAG)
    database.start()
    server = Server(database.url, 1.0, is_writer=True)
    with pytest.raises(Exception, match="1146"):
        server.sample()
    server.close()
    assert role(database) == "writer"
    database.dispose()

import itertools
import random
import threading
import time

import pytest
from sqlalchemy import text

from apps.chassis.database import Database
from apps.chassis.replicas import Sample, Server
from apps.chassis.transactions import ReaderBehind, current_session, run, transaction
from tests.chassis.replicated import MAX_LAG, Connect, page, role, write
from tests.services.endpoint import Endpoint
from tests.services.mariadb import Replication
from tests.support.waiting import wait_until


def test_the_reader_is_read_from_while_it_follows(followed: Database, replication: Replication) -> None:
    write(followed, "a")
    replication.catch_up()
    assert page(followed) == ("reader-1", ["a"])
    assert page(followed, pinned=True) == ("writer", ["a"])
    report = followed.ready()
    assert report["ok"] is True
    assert report["readers"]["reader-1"]["in_rotation"] is True
    assert 0 <= report["readers"]["reader-1"]["lag_seconds"] <= MAX_LAG
    assert followed.stale_seconds is None
    assert followed.pin_seconds > MAX_LAG + 2 * followed.replicas.interval


def test_a_reader_whose_replication_stops_leaves_and_comes_back(followed: Database, replication: Replication) -> None:
    replication.stop_sql_thread()
    try:
        wait_until(lambda: role(followed) == "writer")
        assert "reader-1" in followed.ready()["detail"]
        assert followed.ready()["ok"] is True
        write(followed, "a")
        assert page(followed) == ("writer", ["a"])
    finally:
        replication.resume()
    wait_until(lambda: role(followed) == "reader-1")
    assert page(followed) == ("reader-1", ["a"])


def test_a_reader_that_follows_from_afar_is_never_read_from(followed: Database, replication: Replication) -> None:
    replication.follow(delay_seconds=3)
    try:
        wait_until(lambda: role(followed) == "writer")
        # It is behind by three seconds for ever, and its beats go on arriving.
        until = time.monotonic() + 4
        while time.monotonic() < until:
            assert role(followed) == "writer"
            time.sleep(0.02)
        assert followed.readers()["reader-1"]["lag_seconds"] > 2
    finally:
        replication.follow()
    wait_until(lambda: role(followed) == "reader-1")


def test_whoever_wrote_sees_it_once_the_pin_ends(followed: Database, replication: Replication) -> None:
    """The promise itself: while replication stops and goes, nobody misses their own write, pinned or not."""
    stopping = threading.Event()

    def disturb() -> None:
        while not stopping.wait(random.uniform(0.1, 1.2)):
            replication.replica.execute("STOP SLAVE SQL_THREAD")
            stopping.wait(random.uniform(0.1, 2.5))
            replication.replica.execute("START SLAVE SQL_THREAD")

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
            write(followed, str(number))
            waiting.append((time.monotonic() + followed.pin_seconds, str(number)))
            now = time.monotonic()
            role, seen = page(followed)
            roles.add(role)
            missed += [name for free_at, name in waiting if free_at < now and name not in seen]
            time.sleep(0.01)
    finally:
        stopping.set()
        disturber.join()
        replication.resume()
    assert missed == []
    assert roles == {"reader-1", "writer"}


def test_a_reader_that_is_killed_costs_nobody_a_page(followed: Database, replication: Replication) -> None:
    page(followed)
    replication.replica.kill()
    try:
        assert page(followed) == ("writer", [])
        assert role(followed) == "writer"
    finally:
        replication.replica.start(read_only=True)
    # On a busy machine a sample may come late and send a single page to the writer, which is no failure.
    wait_until(lambda: page(followed) == ("reader-1", []), 10)


def test_a_hanging_reader_delays_neither_the_others_nor_the_writer(connect: Connect, replication: Replication) -> None:
    hanging = Endpoint(replication.replica.port)
    database = connect(readers=[replication.replica.port, hanging.port])
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


def test_a_beat_from_the_future_proves_nothing(connect: Connect, replication: Replication, name: str) -> None:
    with replication.primary.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"USE {name}")
        cursor.execute("UPDATE chassis_heartbeat SET beat_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR")
    replication.catch_up()
    replication.stop_sql_thread()
    try:
        database = connect()
        database.start()
        assert wait_until(lambda: database.readers()["reader-1"]["lag_seconds"]) < -3000
        assert role(database) == "writer"
    finally:
        replication.resume()
    # The writer beats by its own clock again, whatever the row said.
    wait_until(lambda: role(database) == "reader-1")


def test_a_reader_that_lacks_a_new_table_is_not_asked_again(followed: Database, replication: Replication) -> None:
    replication.stop_sql_thread()
    try:
        with transaction(followed) as session:
            session.execute(text("ALTER TABLE notes ADD COLUMN colour VARCHAR(9)"))
        followed.replicas._samples["reader-1"] = Sample(time.monotonic(), 2.0**40, 2.0**40)
        roles: list[str] = []

        def work() -> int:
            roles.append(current_session().info["role"])
            return len(current_session().execute(text("SELECT colour FROM notes")).all())

        assert run(followed, read_only=True, pinned=False, work=work, commit_if=lambda _: True) == 0
        assert roles in (["reader-1", "writer"], ["writer"])
    finally:
        replication.resume()


def test_stopping_ends_the_threads(followed: Database) -> None:
    threads = list(followed.replicas._threads)
    assert len(threads) == 2
    followed.stop()
    assert not any(thread.is_alive() for thread in threads)
    assert followed.readers()["reader-1"] == {"in_rotation": False, "lag_seconds": None}


def test_without_readers_nothing_is_sampled(replication: Replication, connect: Connect) -> None:
    before = threading.active_count()
    database = connect(readers=[])
    database.start()
    assert (role(database), database.pin_seconds, database.stale_seconds) == ("writer", 0.0, None)
    assert database.ready()["readers"] == {}
    assert threading.active_count() == before


def test_a_database_that_was_never_migrated_has_no_readers(replication: Replication) -> None:
    replication.create("bare")
    database = Database(replication.primary.url("bare"), [replication.replica.url("bare")], max_lag_seconds=MAX_LAG)
    database.start()
    server = Server(database.url, 1.0, is_writer=True)
    with pytest.raises(Exception, match="1146"):
        server.sample()
    server.close()
    assert role(database) == "writer"
    database.dispose()


def test_what_finds_its_reader_behind_is_done_again_on_the_writer(followed: Database) -> None:
    roles: list[str] = []

    def work() -> str:
        roles.append(current_session().info["role"])
        if roles[-1] != "writer":
            raise ReaderBehind
        return "done"

    assert run(followed, read_only=True, pinned=False, work=work, commit_if=lambda _: True) == "done"
    assert roles == ["reader-1", "writer"]

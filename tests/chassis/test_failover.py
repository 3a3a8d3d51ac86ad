import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from apps.chassis.database import Database
from tests.chassis.replicated import MAX_LAG, Connect, make_tables, page, role, write
from tests.services.endpoint import Endpoint
from tests.services.mariadb import Replication
from tests.support.waiting import wait_until


def test_while_the_writer_is_down_reads_go_on_and_say_how_old_they_are(
    followed: Database, connect: Connect, replication: Replication
) -> None:
    write(followed, "a")
    replication.catch_up()
    replication.primary.kill()
    killed = time.monotonic()
    try:
        stale = wait_until(lambda: followed.stale_seconds) or 0.0
        while time.monotonic() < killed + 4 * MAX_LAG:
            assert page(followed) == ("reader-1", ["a"])
            time.sleep(0.05)
        assert 3 * MAX_LAG < (followed.stale_seconds or 0) - stale < 8 * MAX_LAG
        with pytest.raises(OperationalError):
            write(followed, "b")
        with pytest.raises(OperationalError):
            page(followed, pinned=True)
        assert followed.ready()["ok"] is False
        # A process that starts now has never seen the writer and serves all the same.
        started = connect()
        wait_until(lambda: page_or_none(started) == ("reader-1", ["a"]))
        assert (started.stale_seconds or 0) > 3 * MAX_LAG
    finally:
        replication.primary.start()
    wait_until(lambda: followed.stale_seconds is None)
    write(followed, "b")
    replication.replica.execute("STOP SLAVE")
    replication.resume()
    wait_until(lambda: page(followed) == ("reader-1", ["a", "b"]))


def page_or_none(database: Database) -> Any:
    try:
        return page(database)
    except OperationalError:
        return None


def test_a_reader_that_lagged_when_the_writer_died_stays_out(followed: Database, replication: Replication) -> None:
    replication.stop_sql_thread()
    # A single missed sample takes a reader out, too; only the lag itself keeps it out once the writer is gone.
    wait_until(lambda: (followed.readers()["reader-1"]["lag_seconds"] or 0) > 1.5 * MAX_LAG)
    replication.primary.kill()
    try:
        wait_until(lambda: not followed.ready()["ok"])
        until = time.monotonic() + 3 * MAX_LAG
        while time.monotonic() < until:
            assert role(followed) == "writer"
            time.sleep(0.02)
        # What the replica received before is all there will be; having applied it, it may serve.
        replication.replica.execute("START SLAVE")
        wait_until(lambda: role(followed) == "reader-1")
    finally:
        replication.primary.start()
        replication.replica.execute("STOP SLAVE")
        replication.resume()


def test_a_hanging_writer_is_found_out_without_losing_the_readers(connect: Connect, replication: Replication) -> None:
    writer = Endpoint(replication.primary.port)
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


@pytest.fixture
def moving(replication: Replication) -> Iterator[tuple[Replication, Endpoint, Database]]:
    """A pair of its own that may be promoted, and a database whose writer is known by an endpoint."""
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


def test_a_writer_that_was_demoted_is_not_believed(connect: Connect, replication: Replication) -> None:
    writer = Endpoint(replication.primary.port)
    database = connect(writer_port=writer.port)
    wait_until(lambda: role(database) == "reader-1")
    page(database, pinned=True)
    replication.primary.execute("SET GLOBAL read_only = 1")
    try:
        wait_until(lambda: database.stale_seconds)
        before = writer.requests
        # Reading does not fail there, so only the sampler can tell that the address must be asked for anew.
        page(database, pinned=True)
        assert writer.requests - before > 3
    finally:
        replication.primary.execute("SET GLOBAL read_only = 0")
        writer.stop()

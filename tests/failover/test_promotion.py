"""The writer is lost: what was acknowledged is on the next one, which is there soon, and the lost one comes back."""

import threading

import pymysql
import pytest

from tests.failover.writing import Writing
from tests.services.cluster import Cluster
from tests.services.mariadb import MariaDb
from tests.support.waiting import wait_until

BACK_SECONDS = 10.0
# A server that hangs is known by nothing but time that passes, so a busy machine takes longer to be sure of it.
HANGING_SECONDS = 20.0
pytestmark = pytest.mark.long


def content(server: MariaDb) -> list[int]:
    return [row["n"] for row in server.execute("SELECT n FROM shop.`rows` ORDER BY n")]


def wait_until_all_are_alike(cluster: Cluster) -> None:
    """All three tell the same, without anybody's help."""
    cluster.wait_until_in_step()
    wait_until(lambda: content(cluster.first) == content(cluster.second) == content(cluster.reader), 10)


def test_a_writer_that_is_killed_is_replaced_and_comes_back(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        cluster.first.kill()
        writing.wait_for(100)
        assert cluster.writer is cluster.second
        assert writing.missing_on(cluster.second) == set()
        cluster.first.start(read_only=True)
        cluster.wait_until_in_step()
        writing.wait_for(100)
    assert writing.longest_silence() < BACK_SECONDS
    wait_until_all_are_alike(cluster)
    assert writing.missing_on(cluster.reader) == set()
    assert cluster.command("status").startswith(f"writer {cluster.name(cluster.second)}, standby in step\n")
    assert cluster.end_promoter() == 0


def test_two_writers_in_turn_lose_nothing(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        for _ in range(2):
            lost = cluster.writer
            lost.kill()
            writing.wait_for(100)
            assert cluster.writer is not lost
            lost.start(read_only=True)
            cluster.wait_until_in_step()
            writing.wait_for(100)
    assert writing.longest_silence() < BACK_SECONDS
    wait_until_all_are_alike(cluster)
    assert writing.missing_on(cluster.reader) == set()


def test_a_writer_that_restarts_at_once_is_replaced_all_the_same(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        cluster.first.kill()
        cluster.first.start(read_only=True)
        writing.wait_for(100)
        assert cluster.writer is cluster.second
    wait_until_all_are_alike(cluster)
    assert writing.missing_on(cluster.first) == set()


def test_when_both_restart_the_writer_stays_the_writer(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        for server in cluster.servers:
            server.kill()
        for server in cluster.servers:
            server.start(read_only=True)
        writing.wait_for(100)
        cluster.wait_until_in_step()
    assert cluster.writer is cluster.first
    assert writing.missing_on(cluster.first) == set()
    wait_until_all_are_alike(cluster)


def test_when_both_die_and_only_the_writer_returns_it_goes_on_alone(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        cluster.second.kill()
        cluster.first.kill()
        cluster.first.start(read_only=True)
        writing.wait_for(100)
        # What it acknowledges now nobody else has.
        cluster.first.kill()
        cluster.second.start(read_only=True)
        wait_until(lambda: "may lack some" in cluster.log, 20)
        cluster.first.start(read_only=True)
        writing.wait_for(100)
        cluster.wait_until_in_step()
    assert cluster.writer is cluster.first
    assert writing.missing_on(cluster.first) == set()
    wait_until_all_are_alike(cluster)


def test_a_writer_that_hangs_acknowledges_nothing_when_it_wakes_up(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        # By no endpoint, so that nothing but the missing standby keeps it from being told that all is well.
        straight = pymysql.connect(host="127.0.0.1", port=cluster.first.port, user="app", password="app-password")
        cluster.first.pause()
        writing.wait_for(100)
        outcome: list[str] = []
        told = threading.Thread(target=commit, args=(straight, outcome))
        told.start()
        cluster.first.unpause()
        told.join(30)
        assert outcome == ["unknown"]
        cluster.wait_until_in_step()
    assert cluster.writer is cluster.second
    assert writing.longest_silence() < HANGING_SECONDS
    wait_until_all_are_alike(cluster)
    assert writing.missing_on(cluster.first) == set()
    assert -1 not in content(cluster.second)


def commit(connection: "pymysql.connections.Connection[pymysql.cursors.Cursor]", outcome: list[str]) -> None:
    try:
        connection.cursor().execute("INSERT INTO shop.`rows` VALUES (-1)")
        connection.commit()
    except pymysql.Error:
        outcome.append("unknown")
    else:
        outcome.append("acknowledged")


def test_a_writer_with_commits_that_nobody_else_has_is_made_anew(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        cluster.kill_promoter()
        cluster.second.execute("STOP SLAVE IO_THREAD")
        # It commits and is told nothing, for nobody has it but the writer.
        waiting = threading.Thread(target=create_beside, args=(cluster.first,))
        waiting.start()
        wait_until(lambda: cluster.first.execute("SHOW DATABASES LIKE 'beside'"), 10)
        cluster.first.kill()
        waiting.join()
        # The promoter was away meanwhile, and knows by what it saved that the standby has everything.
        cluster.start_promoter()
        writing.wait_for(100)
        cluster.first.start(read_only=True)
        assert cluster.first.execute("SHOW DATABASES LIKE 'beside'")
        cluster.wait_until_in_step()
    wait_until_all_are_alike(cluster)
    assert "is made anew" in cluster.log
    assert cluster.first.execute("SHOW DATABASES LIKE 'beside'") == []
    assert writing.missing_on(cluster.first) == set()
    # It is as good as it was: the other one may go now.
    with pymysql.connect(host="127.0.0.1", port=cluster.first.port, user="app", password="app-password"):
        cluster.second.kill()
        wait_until(lambda: cluster.writer is cluster.first, 10)
    assert writing.missing_on(cluster.first) == set()


def create_beside(server: MariaDb) -> None:
    with pytest.raises(pymysql.Error):
        server.execute("CREATE DATABASE beside")

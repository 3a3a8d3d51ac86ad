"""Where promoting would lose or break something, the promoter does not, and says so."""

import pytest

from tests.failover.writing import Writing
from tests.services.cluster import PROMOTER, Cluster
from tests.support.waiting import wait_until

OF_THE_PROMOTER = "SELECT id FROM information_schema.processlist WHERE user = 'promoter' AND command = 'Sleep'"
pytestmark = pytest.mark.long


def test_a_lost_standby_stops_the_writer_for_seconds_and_is_not_promoted_before_it_is_in_step(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        cluster.second.kill()
        writing.wait_for(100)
        assert writing.longest_silence() < 10
        assert cluster.state["in_step"] is False
        # Readers follow the writer itself meanwhile.
        lacking = writing.missing_on(cluster.reader)
        wait_until(lambda: not lacking & writing.missing_on(cluster.reader), 10)
        cluster.first.kill()
        cluster.second.start(read_only=True)
        wait_until(lambda: "may lack some" in cluster.log, 10)
        assert cluster.second.execute("SELECT @@read_only AS r") == [{"r": 1}]
        before = len(writing.acknowledged)
        cluster.first.start(read_only=True)
        writing.wait_for(100)
        assert len(writing.acknowledged) > before
        cluster.wait_until_in_step()
    assert cluster.writer is cluster.first
    assert writing.missing_on(cluster.first) == set()
    wait_until(lambda: not writing.missing_on(cluster.second) | writing.missing_on(cluster.reader), 10)


def test_a_hanging_standby_stops_the_writer_for_seconds_only(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        cluster.second.pause()
        writing.wait_for(100)
        assert writing.longest_silence() < 20
        cluster.second.unpause()
        cluster.wait_until_in_step()
        writing.wait_for(100)
        cluster.first.kill()
        writing.wait_for(100)
    assert writing.missing_on(cluster.second) == set()


def test_a_writer_that_refuses_the_promoter_is_not_lost(cluster: Cluster) -> None:
    with Writing(cluster) as writing:
        cluster.first.execute(f"RENAME USER {PROMOTER}@'%' TO another@'%'")
        # Its own connections only: those of the standby are by the same account, and commits wait for that.
        for row in cluster.first.execute(OF_THE_PROMOTER):
            cluster.first.execute(f"KILL {row['id']}")
        wait_until(lambda: "Access denied" in cluster.log, 10)
        writing.wait_for(100)
        cluster.first.execute(f"RENAME USER another@'%' TO {PROMOTER}@'%'")
        cluster.wait_until_in_step()
    assert cluster.writer is cluster.first


def test_commands_say_what_they_lack(cluster: Cluster) -> None:
    assert "another promoter" in cluster.command("watch")
    assert "another promoter" in cluster.command("appoint", cluster.name(cluster.second))
    assert "is none of" in cluster.command("appoint", "127.0.0.1:1")
    assert cluster.command("demote").startswith("usage")
    cluster.reader.kill()
    assert f"{cluster.name(cluster.reader)}  away" in cluster.command("status")


def test_a_loss_is_accepted_by_appointing_the_other_one(cluster: Cluster) -> None:
    cluster.second.kill()
    wait_until(lambda: not cluster.state["in_step"], 10)
    cluster.first.kill()
    cluster.second.start(read_only=True)
    cluster.kill_promoter()
    cluster.command("appoint", cluster.name(cluster.second))
    cluster.start_promoter()
    wait_until(lambda: not cluster.second.execute("SELECT @@read_only AS r")[0]["r"], 10)
    cluster.first.start(read_only=True)
    cluster.wait_until_in_step()
    assert cluster.writer is cluster.second


def test_the_first_writer_is_appointed_only_where_nobody_ever_wrote(cluster: Cluster) -> None:
    cluster.kill_promoter()
    cluster.forget()
    said = cluster.command("watch", FAILOVER_FIRST=cluster.name(cluster.second))
    assert "the servers are not new" in said

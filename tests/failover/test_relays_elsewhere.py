"""A relay in a process of its own: promotion goes by it, and neither it nor the promoter needs the other to live."""

import pytest

from tests.failover.writing import Writing
from tests.services.cluster import Cluster
from tests.support.waiting import wait_until

pytestmark = pytest.mark.long


def test_a_killed_writer_is_replaced_for_those_behind_a_relay(relayed_cluster: Cluster) -> None:
    with Writing(relayed_cluster) as writing:
        relayed_cluster.first.kill()
        writing.wait_for(100)
        assert relayed_cluster.writer is relayed_cluster.second
    assert writing.longest_silence() < 10
    assert writing.missing_on(relayed_cluster.second) == set()


def test_neither_promoter_nor_relay_needs_the_other_to_live(relayed_cluster: Cluster) -> None:
    assert relayed_cluster.relay
    with Writing(relayed_cluster) as writing:
        relayed_cluster.kill_promoter()
        writing.wait_for(100)
        relayed_cluster.relay.kill()
        relayed_cluster.relay.start()
        writing.wait_for(100)
        relayed_cluster.start_promoter()
        relayed_cluster.first.kill()
        writing.wait_for(100)
    assert relayed_cluster.writer is relayed_cluster.second
    assert writing.missing_on(relayed_cluster.second) == set()


def test_a_former_writer_that_wakes_up_gets_nobody_back(relayed_cluster: Cluster) -> None:
    assert relayed_cluster.relay
    with Writing(relayed_cluster) as writing:
        relayed_cluster.first.pause()
        writing.wait_for(100)
        # From here on nobody but what it kept tells the relay who is the writer.
        relayed_cluster.kill_promoter()
        relayed_cluster.first.unpause()
        relayed_cluster.relay.kill()
        relayed_cluster.relay.start()
        writing.wait_for(100)
        relayed_cluster.start_promoter()
        relayed_cluster.wait_until_in_step()
    wait_until(lambda: not writing.missing_on(relayed_cluster.first), 10)
    assert writing.missing_on(relayed_cluster.second) == set()

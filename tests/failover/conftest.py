"""Servers to fail over, new for each test: none of these leaves them as they were."""

from collections.abc import Iterator

import pytest

from tests.conftest import _need, _running
from tests.failover.greeters import Greeter
from tests.services.cluster import Cluster
from tests.services.relay_process import RelayProcess


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Two servers of which either may be the writer, a reader, and the promoter; in step, with a database `shop`."""
    _need("mariadb-server")
    for cluster in _running(Cluster()):
        cluster.create("shop")
        yield cluster


@pytest.fixture
def relayed_cluster() -> Iterator[Cluster]:
    """The same, where sites find the writer by a relay that is not the promoter's process."""
    _need("mariadb-server")
    for cluster in _running(Cluster(RelayProcess())):
        cluster.create("shop")
        yield cluster


@pytest.fixture
def greeters() -> Iterator[tuple[Greeter, Greeter]]:
    """Two servers, `a` and `b`."""
    both = Greeter(b"a"), Greeter(b"b")
    yield both
    for greeter in both:
        greeter.close()

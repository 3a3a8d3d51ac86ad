"""Servers to fail over, new for each test: none of these leaves them as they were."""

from collections.abc import Iterator

import pytest

from tests.conftest import _need, _running
from tests.services.cluster import Cluster


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Two servers of which either may be the writer, a reader, and the promoter; in step, with a database `shop`."""
    _need("mariadb-server")
    for cluster in _running(Cluster()):
        cluster.create("shop")
        yield cluster

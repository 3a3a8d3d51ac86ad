"""MyClothes over two servers and a reader: the writer is lost under orders, and the shop goes on by itself."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable

import pytest

from tests.failover.conftest import cluster as cluster
from tests.functional.buyers import Books
from tests.functional.guests import Browsing, Ordering, busy
from tests.services.cluster import Cluster
from tests.services.mariadb import MariaDb
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

GUESTS, STOCK, BACK_SECONDS = 8, 100_000, 10.0
# The session store and the cache are not what fails here, and a cache would spare the readers.
ENVIRON = {"WEB_CONCURRENCY": "3", "THREADS": "4", "CACHE_URL": "null:"}


@pytest.mark.long
def test_the_shop_loses_no_order_with_its_writer(cluster: Cluster, run_site: Callable[..., RunningSite]) -> None:
    urls = {"DATABASE_URL": cluster.url("shop"), "DATABASE_REPLICA_URLS": cluster.reader.url("shop")}
    site = run_site("myclothes", ENVIRON | urls)
    books = Books(site)
    variants = books.variants(3, STOCK)
    stop = threading.Event()
    orderings = [Ordering(site.url, f"Guest {number}", variants, stop) for number in range(GUESTS)]
    browsing = Browsing(site.url, ["/", "/search?q=shirt"], stop)
    with busy([*orderings, browsing], stop):
        wait_for_orders(orderings, 40)
        lost = cluster.writer
        browsing.guest.roles.clear()
        lost.kill()
        wait_for_orders(orderings, 40)
        assert cluster.writer is not lost, cluster.log
        assert browsing.guest.roles["reader-1"] > 0
        lost.start(read_only=True)
        cluster.wait_until_in_step()
        wait_for_orders(orderings, 40)

    # What is pooled here leads to the lost one; the shop's processes found that out by themselves.
    books.database.recycle_writer()
    names = {order.number: order.name for order in books.orders()}
    acknowledged = {number: name for ordering in orderings for number, name in ordering.acknowledged.items()}
    # Each is there, under the name it was ordered to; no name has two.
    assert {number: names.get(number) for number in acknowledged} == acknowledged
    assert Counter(names.values()).most_common(1)[0][1] == 1
    # Whoever was stopped while waiting for an answer may have one more.
    assert len(acknowledged) <= len(names) <= len(acknowledged) + GUESTS
    assert [thread.broken for thread in (*orderings, browsing) if thread.broken] == []
    assert {status for ordering in orderings for status in ordering.guest.statuses} <= {200, 303, 503}
    assert set(browsing.guest.statuses) == {200}
    assert longest_silence(orderings) < BACK_SECONDS
    for variant in variants:
        assert books.stock(variant) + books.sold(variant) == STOCK
    books.close()
    for server in cluster.servers:
        wait_until(lambda server=server: len(names) == count_orders(server), 10)  # type: ignore[misc]


def wait_for_orders(orderings: list[Ordering], more: int) -> None:
    before = sum(len(ordering.acknowledged) for ordering in orderings)
    try:
        wait_until(lambda: sum(len(ordering.acknowledged) for ordering in orderings) >= before + more, 60)
    except AssertionError as error:
        raise AssertionError(f"{error} {[ordering.guest.statuses for ordering in orderings]}") from None


def longest_silence(orderings: list[Ordering]) -> float:
    """The longest time in which nobody's order was acknowledged."""
    times = sorted(time for ordering in orderings for time in ordering.times)
    return max(later - earlier for earlier, later in itertools.pairwise(times))


def count_orders(server: MariaDb) -> int:
    return int(server.execute("SELECT COUNT(*) AS n FROM shop.orders")[0]["n"])

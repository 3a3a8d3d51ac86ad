"""MyClothes over a writer and a reader that stops, follows from afar and catches up: nobody misses their own order."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest

from apps.chassis.security import SKEW_SECONDS
from tests.functional.buyers import PASSWORD, Books
from tests.functional.guests import Persistent, busy
from tests.services.mariadb import Replication
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

CUSTOMERS, DELAY_SECONDS, MAX_LAG_SECONDS = 6, 10, 1.0
# Longer than the pin of whoever wrote, so that a reader is asked for what was written.
LOOKING_SECONDS = 2 * MAX_LAG_SECONDS + 1 + SKEW_SECONDS + 3


class Looking(Persistent):
    """A customer who orders, and then looks for that order again and again."""

    def __init__(self, url: str, email: str, variants: list[int], stop: threading.Event, late: float) -> None:
        super().__init__(url, stop)
        self.late = late
        self.email, self.variants = email, variants
        self.missed: list[str] = []
        self.orders = 0
        self.looks: Counter[str] = Counter()

    def run(self) -> None:
        # At any moment somebody has just ordered, and somebody long ago.
        self.stop.wait(self.late)
        super().run()

    def sign_in(self) -> None:
        assert self.guest.post("/sign-in", {"email": self.email, "password": PASSWORD})[0] == 303

    def act(self) -> None:
        number = self.guest.order(self.email, self.variants, self.stop)
        if number is None:
            return
        self.orders += 1
        until = time.monotonic() + LOOKING_SECONDS
        while time.monotonic() < until and not self.stop.wait(0.1):
            status, page = self.guest.get("/account")
            assert status == 200
            self.looks[self.guest.role] += 1
            if number not in page:
                self.missed.append(f"{number} on {self.guest.role}")


@pytest.mark.long
def test_nobody_misses_their_own_order(replication: Replication, run_site: Callable[..., RunningSite]) -> None:
    replication.create("behind")
    urls = {
        "DATABASE_URL": replication.primary.url("behind"),
        "DATABASE_REPLICA_URLS": replication.replica.url("behind"),
    }
    ours = {"CACHE_URL": "null:", "REPLICA_MAX_LAG_SECONDS": str(MAX_LAG_SECONDS), "WEB_CONCURRENCY": "2"}
    site = run_site("myclothes", ours | urls)
    books, stop = Books(site), threading.Event()
    variants = books.variants(2, 100_000)
    emails = books.customers(CUSTOMERS)
    lookers = [Looking(site.url, email, variants, stop, 1.5 * late) for late, email in enumerate(emails)]
    for looker in lookers:
        looker.sign_in()
    try:
        with busy(lookers, stop):
            halt_again_and_again(replication, 1.5 * CUSTOMERS)
            wait_until(lambda: served(lookers, "reader-1"), 30)
            replication.replica.execute("STOP SLAVE")
            assert_it_leaves(lookers)
            replication.follow(delay_seconds=DELAY_SECONDS)
            # It applies now what was written before, and stays behind by so much for ever.
            assert_it_stays_away(lookers, DELAY_SECONDS + 2 * MAX_LAG_SECONDS)
            replication.follow()
            assert_it_serves(lookers)
    finally:
        replication.follow()
    assert [missed for looker in lookers for missed in looker.missed] == []
    assert [broken for looker in lookers for broken in looker.broken] == []
    assert sum(looker.orders for looker in lookers) >= CUSTOMERS
    books.close()


def halt_again_and_again(replication: Replication, seconds: float) -> None:
    """Be behind by so little that the reader stays in rotation, and by enough to lack what was just written."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        replication.stop_sql_thread()
        time.sleep(0.6 * MAX_LAG_SECONDS)
        replication.replica.execute("START SLAVE")
        time.sleep(0.1)


def served(lookers: list[Looking], role: str) -> int:
    return sum(looker.looks[role] for looker in lookers)


def assert_it_leaves(lookers: list[Looking]) -> None:
    """Soon nobody is served by it."""
    counts = (served(lookers, "reader-1") for _ in itertools.count())
    seen = [next(counts)]

    def is_quiet() -> bool:
        time.sleep(MAX_LAG_SECONDS)
        seen.append(next(counts))
        return seen[-1] == seen[-2]

    wait_until(is_quiet, 10)


def assert_it_stays_away(lookers: list[Looking], seconds: float) -> None:
    before, writers = served(lookers, "reader-1"), served(lookers, "writer")
    time.sleep(seconds)
    assert served(lookers, "reader-1") == before
    assert served(lookers, "writer") > writers


def assert_it_serves(lookers: list[Looking]) -> None:
    before = served(lookers, "reader-1")
    wait_until(lambda: served(lookers, "reader-1") > before + CUSTOMERS, 30)

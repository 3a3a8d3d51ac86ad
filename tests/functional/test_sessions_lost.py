"""The primary of the session store dies under load and its replica takes over: no acknowledged cart change is lost."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle

import pytest

from tests.functional.buyers import Books, Buyer
from tests.services.endpoint import Endpoint
from tests.services.redis_server import RedisServer
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

GUESTS, MEMBERS, KINDS, BROWSERS = 3, 3, 20, 2


class Shopper(Buyer, threading.Thread):
    """Puts in one piece after another, and notes how far each change was acknowledged."""

    def __init__(self, url: str, email: str, variants: list[int], stop: threading.Event) -> None:
        Buyer.__init__(self, url, email)
        threading.Thread.__init__(self, daemon=True)
        self.variants, self.stop = variants, stop
        # "confirmed": a replica had it before it was acknowledged; "unconfirmed": acknowledged all the same.
        self.outcomes: Counter[str] = Counter()
        self.identities: set[str] = set()

    def run(self) -> None:
        for variant in cycle(self.variants):
            if self.stop.wait(0.02) or self.acknowledged >= 20 * len(self.variants) - 40:
                return
            status, _ = self.post("/cart", {"variant": variant, "quantity": 1})
            self.outcomes[self.outcome(status)] += 1
            self.identities |= {cookie.value or "" for cookie in self.cookies if cookie.name.endswith("session")}

    def outcome(self, status: int) -> str:
        if status != 303:
            assert status == 503, status
            return "refused"
        return "unconfirmed" if "unconfirmed" in self.timing else "confirmed"

    @property
    def acknowledged(self) -> int:
        return self.outcomes["confirmed"] + self.outcomes["unconfirmed"]

    def pieces(self) -> int:
        status, page = self.get("/cart")
        assert status == 200, status
        found = re.search(r'class="badge">(\d+)', page)
        return int(found[1]) if found else 0


class Onlooker(threading.Thread):
    """Looks at the shop with a cart in the session, and buys nothing."""

    def __init__(self, buyer: Buyer, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.buyer, self.stop = buyer, stop
        self.statuses: Counter[int] = Counter()

    def run(self) -> None:
        for path in cycle(("/", "/search?q=shirt")):
            if self.stop.wait(0.02):
                return
            self.statuses[self.buyer.get(path)[0]] += 1


@pytest.fixture
def primary() -> Iterator[RedisServer]:
    yield from _started()


@pytest.fixture
def standby(primary: RedisServer) -> Iterator[RedisServer]:
    for server in _started():
        server.follow(primary)
        yield server


def _started() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.mark.long
def test_carts_survive_the_death_of_the_session_stores_primary(
    run_site: Callable[..., RunningSite],
    primary: RedisServer,
    standby: RedisServer,
    record_property: Callable[[str, object], None],
) -> None:
    endpoint = Endpoint(primary.port)
    url = f"{primary.url(3, port=endpoint.port)}?wait_replicas=1"
    site = run_site("myclothes", {"WEB_CONCURRENCY": "2", "THREADS": "4", "SESSION_URL": url})
    books, stop = Books(site), threading.Event()
    variants = books.variants(KINDS, 1000)
    members = books.customers(MEMBERS)
    shoppers = [Shopper(site.url, email, variants, stop) for email in [*members, *[""] * GUESTS]]
    for shopper in shoppers:
        if shopper.email:
            shopper.sign_in()
        assert shopper.post("/cart", {"variant": variants[0], "quantity": 1})[0] == 303
        shopper.outcomes["confirmed"] += 1
    browsers = [Onlooker(shopper.tab(), stop) for shopper in shoppers[-BROWSERS:]]
    for thread in [*shoppers, *browsers]:
        thread.start()
    fail_over(primary, standby, endpoint, shoppers)
    stop.set()
    for thread in [*shoppers, *browsers]:
        thread.join(60)

    for shopper in shoppers:
        outcomes = shopper.outcomes
        record_property(shopper.email or "a guest", dict(outcomes))
        # What was refused may have reached the old primary and its replica before the answer was lost.
        assert outcomes["confirmed"] <= shopper.pieces() <= sum(outcomes.values())
        assert len(shopper.identities) == 1
    for browser in browsers:
        assert set(browser.statuses) == {200}
    endpoint.stop()
    books.close()


def fail_over(primary: RedisServer, standby: RedisServer, endpoint: Endpoint, shoppers: list[Shopper]) -> None:
    """Kill the primary, promote its replica, let the old one follow; each once all shoppers have felt the last."""
    wait_until(lambda: all(shopper.outcomes["confirmed"] > 8 for shopper in shoppers), 60)
    primary.kill()
    wait_until(lambda: all(shopper.outcomes["refused"] for shopper in shoppers), 30)
    standby.promote()
    endpoint.point_at(standby.port)
    endpoint.cut()
    alone = [shopper.outcomes["unconfirmed"] for shopper in shoppers]
    wait_until(lambda: all(s.outcomes["unconfirmed"] > n for s, n in zip(shoppers, alone, strict=True)), 30)
    primary.start()
    primary.follow(standby)
    confirmed = [shopper.outcomes["confirmed"] for shopper in shoppers]
    wait_until(lambda: all(s.outcomes["confirmed"] > n + 3 for s, n in zip(shoppers, confirmed, strict=True)), 30)

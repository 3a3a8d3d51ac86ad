"""MyWordPress on two instances over a writer, its replica and Redis: no reader is shown a page that is a second old.

One instance is asked directly and by way of nginx, the other directly; whoever edits does so on either of them.
"""

import http.client
import itertools
import logging
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from beanstalk import bundle
from tests.conftest import _need
from tests.functional.writers import Writer
from tests.services.mariadb import Replication
from tests.services.nginx import Nginx
from tests.services.redis_server import RedisServer
from tests.support import bundles
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

PROMISED_SECONDS = 1.0
EDITS_SECONDS = 8.0

log = logging.getLogger(__name__)


class Edits:
    """Posts published one after the other, each with its number for a title, and when each was acknowledged."""

    def __init__(self, sites: list[RunningSite]) -> None:
        self.writers = [Writer(site) for site in sites]
        for writer in self.writers:
            writer.sign_in()
        self.acknowledged: list[float] = []

    def publish(self) -> None:
        number = len(self.acknowledged) + 1
        form = urlencode({"title": f"Edit {number}.", "body": "Words.", "publish": "1"}).encode()
        writer = self.writers[number % len(self.writers)]
        status, _, body = writer.send("POST", "/posts", form, "application/x-www-form-urlencoded", "text/html")
        assert status == 303, body
        self.acknowledged.append(time.monotonic())

    def go_on(self, seconds: float) -> None:
        """Publish again and again, now at once and now after a while, as people do."""
        until = time.monotonic() + seconds
        for pause in itertools.cycle((0.03, 0.4, 1.3, 0.2)):
            self.publish()
            if time.monotonic() > until:
                return
            time.sleep(pause)


class Reader(threading.Thread):
    """Looks at the home page of one address all the time, as somebody without a session."""

    def __init__(self, url: str, edits: Edits, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.address, self.edits, self.ended = urlsplit(url).netloc, edits, ended
        self.looks = 0
        self.oldest = 0.0
        self.ages: list[float] = []
        self.kept = 0
        self.trouble: list[str] = []

    def run(self) -> None:
        while not self.ended.wait(0.004):
            try:
                self.look()
            except (OSError, http.client.HTTPException) as error:
                self.trouble.append(repr(error))

    def look(self) -> None:
        connection = http.client.HTTPConnection(self.address, timeout=20)
        before = time.monotonic()
        connection.request("GET", "/")
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        if answer.status != 200:
            self.trouble.append(f"{answer.status}")
            return
        self.looks += 1
        self.kept += 'cache;desc="hit' in answer.headers["Server-Timing"]
        self.judge(before, max(map(int, re.findall(r">Edit (\d+)\.<", page)), default=0))

    def judge(self, asked: float, shown: int) -> None:
        """How long the first post that this page lacks had been acknowledged when the page was asked for."""
        missing = self.edits.acknowledged[shown : shown + 1]
        if missing and missing[0] < asked:
            self.ages.append(asked - missing[0])
            self.oldest = max(self.oldest, self.ages[-1])


@contextmanager
def reading(urls: list[str], edits: Edits) -> Iterator[list[Reader]]:
    ended = threading.Event()
    readers = [Reader(url, edits, ended) for url in urls]
    for reader in readers:
        reader.start()
    try:
        yield readers
    finally:
        ended.set()
        for reader in readers:
            reader.join()


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    _need("redis-server")
    server = RedisServer()
    server.start()
    yield server
    server.stop()


class Fleet:
    """Two instances, and nginx before the first one."""

    def __init__(self, stack: ExitStack, replication: Replication, redis: RedisServer, folder: Path) -> None:
        replication.create("fresh")
        services = {
            "DATABASE_URL": replication.primary.url("fresh"),
            "DATABASE_REPLICA_URLS": replication.replica.url("fresh"),
            "CACHE_URL": redis.url(1),
            "STORAGE_URL": f"file://{folder}/media",
            "WEB_CONCURRENCY": "2",
        }
        self.sites = []
        for name in ("a", "b"):
            (folder / name).mkdir()
            self.sites.append(stack.enter_context(RunningSite("mywordpress", folder / name, services)))
        self.nginx = stack.enter_context(in_front(self.sites[0], folder))
        self.replication = replication
        self.edits = Edits(self.sites)

    @property
    def urls(self) -> list[str]:
        return [self.sites[0].url, self.sites[1].url, self.nginx.url]

    def processes(self, number: int) -> list[int]:
        """The workers of one instance, without their master, which would replace those that are silent."""
        master = self.sites[number].parts["web"].pid
        everybody = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [pid for pid in everybody if parent(pid) == master]


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@contextmanager
def in_front(site: RunningSite, folder: Path) -> Iterator[Nginx]:
    """nginx as the bundle configures it, before this site."""
    repository = bundles.repository(folder / "repository")
    (made,) = bundle.make([("mywordpress", "web")], repository)
    (folder / "nginx").mkdir()
    places = {"unix:/run/classic/web.sock": Path(urlsplit(site.url).netloc), "/run/classic": folder / "nginx"}
    nginx = Nginx(bundles.unpack(made, folder / "bundle"), folder / "nginx", places)
    nginx.start()
    try:
        yield nginx
    finally:
        nginx.stop()


@pytest.fixture
def fleet(replication: Replication, own_redis: RedisServer, tmp_path: Path) -> Iterator[Fleet]:
    _need("nginx-light")
    with ExitStack() as stack:
        yield Fleet(stack, replication, own_redis, tmp_path)


@pytest.mark.long
def test_no_page_is_a_second_old_whatever_is_away(fleet: Fleet, own_redis: RedisServer) -> None:
    faults: dict[str, Callable[[], None]] = {
        "nothing": lambda: None,
        "Redis is killed": own_redis.kill,
        "Redis is back": own_redis.start,
        "the replica stops": fleet.replication.stop_sql_thread,
        "the replica goes on": fleet.replication.resume,
    }
    with reading(fleet.urls, fleet.edits) as readers:
        for fault, happen in faults.items():
            happen()
            fleet.edits.go_on(EDITS_SECONDS)
            report(fault, readers)
        halt_and_go_on(fleet)
        report("an instance is halted now and then", readers)
    assert [reader.trouble for reader in readers] == [[], [], []]
    assert all(reader.oldest < PROMISED_SECONDS for reader in readers), [reader.oldest for reader in readers]
    assert all(reader.kept > reader.looks / 3 for reader in readers)


def halt_and_go_on(fleet: Fleet) -> None:
    """Halt all processes of the second instance for longer than anything is trusted, again and again."""
    for seconds in (0.5, 1.5, 3.0):
        stopped = fleet.processes(1)
        assert stopped
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                one_site_publishes(fleet)
                time.sleep(0.2)
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        fleet.edits.go_on(2.0)


def one_site_publishes(fleet: Fleet) -> None:
    both, fleet.edits.writers = fleet.edits.writers, fleet.edits.writers[:1]
    try:
        fleet.edits.publish()
    finally:
        fleet.edits.writers = both


def report(fault: str, readers: list[Reader]) -> None:
    for reader, name in zip(readers, ("a", "b", "a by nginx"), strict=True):
        wait_until(lambda reader=reader: reader.looks > 0)  # type: ignore[misc]
        ages = sorted(reader.ages) or [0.0]
        known = reader.looks, len(reader.ages), ages[len(ages) // 2], ages[-1]
        log.info("%s: %s: %d looks, %d behind, by %.3f s, at most %.3f s", fault, name, *known)

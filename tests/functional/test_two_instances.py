"""Two instances over a database with a reader.

On one folder both serve all that was acknowledged, whichever was killed; on two, each lacks half.
"""

import itertools
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from http.client import HTTPException
from pathlib import Path

import pytest

from apps.chassis.app import open_database
from apps.mywordpress import SITE
from apps.mywordpress.media.pictures import accept
from apps.mywordpress.posts.history import Revision
from tests.functional.writers import Writer
from tests.services.mariadb import Replication
from tests.services.redis_server import RedisServer
from tests.support.drawings import picture
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

# While an instance starts the other one goes on, so a kill comes every few seconds.
HANDS, WANTED, BETWEEN_KILLS = 6, 1000, 70
UPLOADS_ALONE = 100
_numbers = itertools.count(1)

Pair = tuple[RunningSite, RunningSite]


@pytest.fixture
def shared(replication: Replication, redis_server: RedisServer) -> dict[str, str]:
    """What both instances have in common: a new database and its copy, and sessions."""
    name = f"two_{next(_numbers)}"
    replication.create(name)
    redis_server.command("flushall")
    return {
        "DATABASE_URL": replication.primary.url(name),
        "DATABASE_REPLICA_URLS": replication.replica.url(name),
        "SESSION_URL": redis_server.url(3),
        "CACHE_URL": redis_server.url(4),
        "WEB_CONCURRENCY": "1",
    }


@pytest.fixture
def together(shared: dict[str, str], tmp_path: Path) -> Iterator[Pair]:
    """Both on one folder, as EFS is."""
    with ExitStack() as stack:
        yield pair(stack, tmp_path, shared, (tmp_path / "shared", tmp_path / "shared"))


@pytest.fixture
def apart(shared: dict[str, str], tmp_path: Path) -> Iterator[Pair]:
    """Each on a folder of its own, as EBS is."""
    with ExitStack() as stack:
        folders = tmp_path / "disk-1", tmp_path / "disk-2"
        yield pair(stack, tmp_path, shared | {"STORAGE_SHARED": "0"}, folders)


def pair(stack: ExitStack, var: Path, environ: dict[str, str], folders: tuple[Path, Path]) -> Pair:
    first, second = (
        stack.enter_context(RunningSite("mywordpress", made(var / f"instance-{number}"), environ | storage))
        for number, storage in enumerate(({"STORAGE_URL": f"file://{folder}"} for folder in folders), 1)
    )
    return first, second


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def writers(sites: Pair) -> tuple[Writer, Writer]:
    """Somebody who is signed in once and known to both."""
    first, second = Writer(sites[0]), Writer(sites[1])
    first.sign_in()
    second.cookie = first.cookie
    return first, second


class Hand(threading.Thread):
    """Uploads and edits in turn, each time by the other instance; by whichever answers, as a balancer does."""

    def __init__(self, sites: Pair, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.at, self.number, self.stop = itertools.cycle(writers(sites)), number, stop
        self.pictures: dict[str, bytes] = {}
        self.words: list[str] = []
        self.broken = 0
        self.version = 1
        self.post_id = next(self.at).draft(f"By hand {number}")

    def run(self) -> None:
        for turn in itertools.count():
            if self.stop.is_set():
                return
            try:
                (self.upload, self.edit)[turn % 2](next(self.at), self.number * 10_000 + turn)
            except (OSError, HTTPException):
                self.broken += 1
                self.stop.wait(0.02)

    def upload(self, writer: Writer, seed: int) -> None:
        data = picture("PNG", (40, 30), seed)
        url = writer.upload(data)
        if url:
            self.pictures[url] = data

    def edit(self, writer: Writer, seed: int) -> None:
        word = f"word{seed}x"
        status = writer.edit(self.post_id, f"This is {word} of many.", self.version)
        if status == 201:
            self.words.append(word)
        # What was sent to an instance that died may have been saved all the same.
        self.version += status in (201, 409)

    @property
    def acknowledged(self) -> int:
        return len(self.pictures) + len(self.words)


@pytest.mark.long
def test_all_that_was_acknowledged_is_served_by_both_whichever_was_killed(together: Pair) -> None:
    stop = threading.Event()
    hands = [Hand(together, number, stop) for number in range(HANDS)]
    for hand in hands:
        hand.start()
    kills = 0
    # From here, since a server ends with the thread that started it.
    for site in itertools.cycle(together):
        wait_until(partial(have_acknowledged, hands, (kills + 1) * BETWEEN_KILLS), 60)
        if have_acknowledged(hands, WANTED):
            break
        site.kill("web")
        kills += 1
        site.start_web()
    stop.set()
    for hand in hands:
        hand.join(60)
    broken = sum(hand.broken for hand in hands)
    tell(f"{sum(hand.acknowledged for hand in hands)} acknowledged, {kills} kills, {broken} requests broken")
    assert broken >= kills >= 4

    for reader in writers(together):
        for hand in hands:
            for url, data in hand.pictures.items():
                assert reader.get(url) == (200, accept(data).data)
            assert_every_revision_is_there(reader, hand, revisions(together, hand.post_id))
        assert_every_picture_is_listed(reader, {url for hand in hands for url in hand.pictures})


def have_acknowledged(hands: list[Hand], at_least: int) -> bool:
    return sum(hand.acknowledged for hand in hands) >= at_least


def tell(figures: str) -> None:
    """For whoever runs this to see: `pytest -s`."""
    sys.stdout.write(f"\n{figures}\n")


def revisions(sites: Pair, post_id: int) -> list[int]:
    """The numbers of a post's revisions."""
    database = open_database(SITE, sites[0].plan.settings)
    assert database is not None
    with database.reader(pinned=True)[0] as db:
        found = [one.id for one in db.query(Revision).where(Revision.post_id == post_id)]
    database.dispose()
    return found


def assert_every_revision_is_there(reader: Writer, hand: Hand, ids: list[int]) -> None:
    pages = [reader.get(f"/posts/{hand.post_id}/revisions?after={one}") for one in ids]
    assert {status for status, _ in pages} == {200}
    text = b"".join(page for _, page in pages)
    assert [word for word in hand.words if word.encode() not in text] == []


def assert_every_picture_is_listed(reader: Writer, urls: set[str]) -> None:
    """By a reader of the database, once it has followed."""
    wait_until(partial(_lists_all, reader, urls), 30)


def _lists_all(reader: Writer, urls: set[str]) -> bool:
    return urls <= reader.library()


@pytest.mark.long
def test_with_a_disk_each_half_of_what_is_asked_for_is_missing(apart: Pair) -> None:
    both = writers(apart)
    urls = [both[turn % 2].upload(picture("PNG", (40, 30), turn)) for turn in range(UPLOADS_ALONE)]
    answers = [reader.get(str(url))[0] for url in urls for reader in both]
    missing = answers.count(404)
    # This is the lesson: on whichever instance a visitor is, every second picture is on the other one's disk.
    tell(f"{missing} of {len(answers)} requests for pictures found none: each instance lacks what the other one has")
    assert set(answers) == {200, 404}
    assert missing / len(answers) == pytest.approx(0.5, abs=0.05)

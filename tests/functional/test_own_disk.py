"""Two processes of one web instance with a disk of its own, and a worker that sees another one."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from apps.chassis.app import open_database
from apps.chassis.database import Database
from apps.chassis.filelocks import WriterQueue, alone
from apps.chassis.jobs.sqlite import SqliteQueue
from apps.chassis.sqlite import path_of
from apps.chassis.transactions import transaction
from apps.mywordpress import SITE
from apps.mywordpress.media.models import Attachment
from tests.functional.writers import Writer
from tests.support.drawings import picture
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

DAEMON = {"User-Agent": "aws-sqsd/3.0", "X-Aws-Sqsd-Msgid": "a tick"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    running = RunningSite("mywordpress", tmp_path, {"STORAGE_SHARED": "0", "WEB_CONCURRENCY": "2"}, worker=True)
    elsewhere = {"STORAGE_URL": f"file://{tmp_path}/elsewhere"}
    running.plan = replace(running.plan, worker_environ={**running.plan.worker_environ, **elsewhere})
    with running:
        yield running


@pytest.fixture
def database(site: RunningSite) -> Iterator[Database]:
    opened = open_database(SITE, site.plan.settings)
    assert opened is not None
    yield opened
    opened.dispose()


def test_pictures_are_made_small_without_the_worker_and_in_spite_of_a_kill(
    site: RunningSite, database: Database
) -> None:
    writer = Writer(site)
    writer.sign_in()
    path = writer.post("With picture", picture("PNG", (800, 600), seed=1))
    wait_until(lambda: b"srcset" in writer.get(str(path))[1], 20)
    wait_until(lambda: waiting(database) == [])

    with ExitStack() as held:
        held.enter_context(alone_when_free(site))
        assert writer.upload(picture("PNG", (800, 600), seed=2))
        (late,) = waiting(database)
        ask_the_worker(site, database, late)
        kill_in_the_middle(site, held)
    assert waiting(database) == [late]
    site.start_web()
    wait_until(lambda: waiting(database) == [], 20)
    assert_nothing_was_asked_in_vain(site)


def alone_when_free(site: RunningSite) -> ExitStack:
    """The place of whoever makes renditions, so that nobody does."""

    def enter() -> ExitStack | None:
        stack = ExitStack()
        return stack if stack.enter_context(alone(site.plan.settings.data_dir / "renditions.lock")) else None

    stack = wait_until(enter)
    assert stack
    return stack


def waiting(database: Database) -> list[int]:
    """The ids of pictures without renditions."""
    with database.reader(pinned=True)[0] as db:
        return [one.id for one in Attachment.without_renditions(db, limit=100)]


def ask_the_worker(site: RunningSite, database: Database, picture_id: int) -> None:
    """Have it look for what seems to be lost."""
    with transaction(database) as db:
        db.get_one(Attachment, picture_id).created_at -= timedelta(days=2)
    with urlopen(Request(f"{site.worker_url}/every/minute", b"", DAEMON)) as answer:
        assert answer.status == 200


def kill_in_the_middle(site: RunningSite, held: ExitStack) -> None:
    """Let the renditions be made, and kill the web tier while it waits to write their rows."""
    settings = site.plan.settings
    queue = WriterQueue(path_of(settings.database_url))
    turn = queue.enter(5)
    assert turn is not None
    try:
        before = files(settings.data_dir)
        held.close()
        wait_until(lambda: files(settings.data_dir) == before + 2)
        site.kill("web")
    finally:
        queue.leave(turn)


def files(folder: Path) -> int:
    return len(list((folder / "media").glob("??/??/*")))


def assert_nothing_was_asked_in_vain(site: RunningSite) -> None:
    queue = SqliteQueue(path_of(site.plan.settings.queue_url))
    assert (queue.oldest_age(), queue.dead()) == (None, [])
    assert "failed" not in site.logs("worker")

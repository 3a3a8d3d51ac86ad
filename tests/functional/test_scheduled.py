"""MyWordPress with one worker and with three, each ticked by its own daemon: posts appear once, when they are due."""

import http.client
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from apps.chassis.columns import now
from apps.chassis.database import Database
from apps.chassis.transactions import transaction
from apps.mywordpress.accounts.models import User
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.models import Post
from tests.services.mariadb import MariaDb
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

POSTS, SPREAD_SECONDS, TICK_SECONDS = 60, 6.0, 0.25
_numbers = itertools.count(1)
# Whoever publishes, and by whatever statement: the database itself notes each time that a post begins to be shown.
NOTE = (
    "CREATE TABLE {0}.shown (post_id INT, shown_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6))",
    "CREATE TRIGGER {0}.note AFTER UPDATE ON {0}.posts FOR EACH ROW "
    "IF NEW.published AND NOT OLD.published THEN INSERT INTO {0}.shown (post_id) VALUES (NEW.id); END IF",
)
HOW_LATE = """
SELECT post_id, TIMESTAMPDIFF(MICROSECOND, posts.published_at, shown.shown_at) / 1e6
FROM shown JOIN posts ON posts.id = post_id
"""


class Ticks(threading.Thread):
    """A daemon's ticks for one worker, much faster than each minute; a worker that is away is asked again."""

    def __init__(self, site: RunningSite, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.address, self.ended = urlsplit(site.worker_url).netloc, ended
        self.answers: list[int] = []

    def run(self) -> None:
        while not self.ended.wait(TICK_SECONDS):
            connection = http.client.HTTPConnection(self.address, timeout=20)
            try:
                connection.request("POST", "/every/minute", headers={"X-Aws-Sqsd-Msgid": f"{next(_numbers)}"})
                self.answers.append(connection.getresponse().status)
            except OSError:
                self.answers.append(0)
            finally:
                connection.close()


@pytest.fixture
def database(mariadb: MariaDb) -> Iterator[Database]:
    name = f"scheduled_{next(_numbers)}"
    mariadb.create(name)
    database = Database(mariadb.url(name))
    yield database
    database.dispose()


def schedule(database: Database) -> dict[int, str]:
    """Posts that are due one after the other within the next seconds, some of them at the same moment."""
    first = now() + timedelta(seconds=1)
    with transaction(database) as db:
        author = db.scalars(select(User)).first()
        assert author is not None
        made = [Post.draft(db, author, Content.of(f"Scheduled {number}.", "Words.")) for number in range(POSTS)]
        for number, post in enumerate(made):
            post.publish(db, first + timedelta(seconds=SPREAD_SECONDS * (number // 3) / (POSTS // 3)))
        return {post.id: post.title for post in made}


def shown(database: Database) -> dict[int, list[float]]:
    """How late each post was each time that it began to be shown, in seconds."""
    found: dict[int, list[float]] = {}
    with database.reader()[0] as db:
        for post_id, seconds in db.connection().exec_driver_sql(HOW_LATE).all():
            found.setdefault(post_id, []).append(float(seconds))
    return found


@pytest.mark.long
@pytest.mark.parametrize("workers", [1, 3])
def test_what_is_scheduled_appears_once_and_in_time(
    mariadb: MariaDb, database: Database, tmp_path: Path, workers: int
) -> None:
    environ = {"DATABASE_URL": database.url.render_as_string(hide_password=False)}
    with ExitStack() as stack:
        sites = [RunningSite("mywordpress", folder(tmp_path, number), environ) for number in range(workers)]
        for site in sites:
            stack.callback(site.stop)
        sites[0].start_web()
        for statement in NOTE:
            mariadb.execute(statement.format(database.url.database))
        for site in sites:
            site.start_worker()
        due, ended = schedule(database), threading.Event()
        ticks = [Ticks(site, ended) for site in sites]
        for each in ticks:
            each.start()
        if workers > 1:
            # One is lost with whatever it has begun.
            wait_until(lambda: len(shown(database)) > POSTS // 3)
            sites[-1].kill("worker")
        wait_until(lambda: len(shown(database)) == POSTS, SPREAD_SECONDS + 30)
        began = time.monotonic()
        wait_until(lambda: "Scheduled 59." in home(sites[0]))
        assert time.monotonic() - began < 1
        time.sleep(4 * TICK_SECONDS)
        ended.set()
        for each in ticks:
            each.join()
    times = shown(database)
    assert {post_id: len(late) for post_id, late in times.items()} == dict.fromkeys(due, 1)
    # Never before its time, and with the next tick; a busy machine may take a while for one.
    assert all(0 <= late < TICK_SECONDS + 2 for (late,) in times.values()), sorted(times.values())
    assert all(set(each.answers) == {200} for each in ticks[: workers - 1 or 1])


def folder(root: Path, number: int) -> Path:
    made = root / str(number)
    made.mkdir()
    return made


def home(site: RunningSite) -> str:
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()
    finally:
        connection.close()

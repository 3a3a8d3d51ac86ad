"""Posts that are scheduled, and what the database itself notes of each that begins to be shown.

The daemons tick at each full minute, so an experiment begins at a certain second of one.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from lab.experiments.mywordpress.authors import JSON, Author, authors
from lab.experiments.mywordpress.journal import APP, journal
from lab.load.openloop import Load, asking
from lab.load.visitor import Visitor
from lab.running import databases
from lab.running.architecture import Architecture, Stage
from lab.running.run import Run
from lab.texts import Text

READS_PER_SECOND, POSTS_PER_SECOND = 5.0, 3.0
TICK_SECONDS, PROMISED_SECONDS = 60.0, 65.0
# Whoever publishes, and by whatever statement: each time that a post begins to be shown is noted.
NOTE = (
    "CREATE TABLE shown (post_id INT, shown_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6))",
    "CREATE TRIGGER note AFTER UPDATE ON posts FOR EACH ROW "
    "INSERT INTO shown (post_id) SELECT NEW.id FROM DUAL WHERE NEW.published AND NOT OLD.published",
)
FORGET = "DROP TRIGGER IF EXISTS note; DROP TABLE IF EXISTS shown"
HOW_LATE = (
    "SELECT title, TIMESTAMPDIFF(MICROSECOND, posts.published_at, shown.shown_at) / 1e6 "
    "FROM shown JOIN posts ON posts.id = post_id"
)
SCHEDULED = Text("posts that were scheduled", "예약한 글")
ONCE = Text("of them, those that appeared exactly once", "그중 정확히 한 번 나타난 것")
EARLIEST = Text("the earliest, after its time", "가장 이른 것, 예정 시각부터")
LATEST = Text("the latest, after its time", "가장 늦은 것, 예정 시각부터")


def journal_with_workers(workers: int) -> Architecture:
    """The journal with so many workers, each with its daemon."""
    return journal(f"{APP}-worker-?", f"{APP}-daemon-?", workers=workers, sessions="cookie", cache="null")


class Planner(Author):
    """Schedules a post at each visit until there is one for each of these moments, in whole seconds of time.time()."""

    def __init__(self, visitor: Visitor, moments: Iterator[int]) -> None:
        super().__init__(visitor)
        self.moments = moments

    async def act(self) -> None:
        if (moment := next(self.moments, None)) is None:
            return
        date = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        form = {"title": f"Due at {date}", "body": "Words.", "date": date, "settings": "1", "visibility": "public"}
        if (await self.visitor.post("/posts", {**form, "publish": "1"}, "schedule", headers=JSON)).status == 201:
            self.visitor.confirm("scheduled", form["title"])


def planner(stage: Stage, moments: list[int]) -> Load:
    """An author who schedules a post for each of these moments."""
    following = iter(moments)
    return authors(stage, lambda visitor: Planner(visitor, following), POSTS_PER_SECOND)


def readers(stage: Stage) -> Load:
    """People who look at the home page."""
    return Load(stage.site(APP, keeps=False), READS_PER_SECOND, asking("/", "home page"))


@contextmanager
def noting(stage: Stage) -> Iterator[None]:
    """The database notes what begins to be shown."""
    sql(stage, FORGET)
    try:
        for statement in NOTE:
            sql(stage, statement)
        yield
    finally:
        sql(stage, FORGET)


def wait_for_second(its: Run[Stage], second: float) -> float:
    """Wait until so many seconds of a minute have passed; answers when the next one begins (time.time())."""
    its.wait((second - time.time()) % TICK_SECONDS)
    return (time.time() // TICK_SECONDS + 1) * TICK_SECONDS


def scheduled(its: Run[Stage]) -> list[str]:
    """The titles of all posts that were scheduled."""
    return [deed.what for deed in its.deeds if deed.kind == "scheduled"]


def lateness(stage: Stage) -> dict[str, list[float]]:
    """How late each post was, by its title, each time that it began to be shown; in seconds."""
    found: dict[str, list[float]] = {}
    for line in sql(stage, HOW_LATE).splitlines():
        title, seconds = line.split("\t")
        found.setdefault(title, []).append(float(seconds))
    return found


def sql(stage: Stage, statement: str) -> str:
    """What the writer answers, its columns parted by tabs."""
    return databases.sql(stage, databases.writer(stage), statement, APP)

"""A worker with a few jobs whose effects can be counted, for tests of the worker and of the daemon.

Run as a program it serves on a free port, prints that, and can be killed in the middle of a job.
"""

import sys
import threading
import time
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select
from werkzeug.serving import make_server

from apps.chassis.app import Application, create_worker
from apps.chassis.jobs import Jobs, Work, enqueue
from apps.chassis.sites import Site
from apps.chassis.tables import METADATA as CHASSIS
from tests.chassis.tiny import tiny_app

METADATA = MetaData()
EFFECTS = Table("effects", METADATA, Column("id", Integer, primary_key=True), Column("name", String(50)))

going_on = threading.Event()
may_go_on = threading.Event()


def all_jobs() -> Jobs:
    jobs = Jobs()
    jobs.job("note")(note)
    add_slow_jobs(jobs)
    add_cadences(jobs)

    @jobs.job("note_and_fail")
    def note_and_fail(work: Work, name: str) -> None:
        note(work, name)
        raise RuntimeError("not this time")

    @jobs.job("note_and_enqueue")
    def note_and_enqueue(work: Work, name: str) -> None:
        note(work, name)
        enqueue("note", name=f"{name} again")

    return jobs


def note(work: Work, name: str) -> None:
    work.db.execute(insert(EFFECTS).values(name=name))


def add_slow_jobs(jobs: Jobs) -> None:
    @jobs.job("note_in_two_steps")
    def note_in_two_steps(work: Work, name: str) -> None:
        with work.transaction() as db:
            db.execute(insert(EFFECTS).values(name=f"{name} begun"))
        note(work, name)
        if name.startswith("bad"):
            with work.transaction():
                pass

    @jobs.job("note_when_allowed", deadline_seconds=2)
    def note_when_allowed(work: Work, name: str) -> None:
        going_on.set()
        assert may_go_on.wait(work.remaining_seconds + 10)
        note(work, name)

    @jobs.job("note_the_first_time_slowly", deadline_seconds=3)
    def note_the_first_time_slowly(work: Work, marker: str) -> None:
        if not Path(marker).exists():
            Path(marker).touch()
            time.sleep(60)
        note(work, "second")


def add_cadences(jobs: Jobs) -> None:
    @jobs.cadence("/every/minute")
    def note_the_minute(work: Work) -> None:
        note(work, "minute")

    @jobs.cadence("/every/hour")
    def fail_each_hour(work: Work) -> None:
        note(work, "half an hour")
        raise RuntimeError("not this hour")

    @jobs.cadence("/every/hour")
    def note_the_hour(work: Work) -> None:
        note(work, "hour")


SITE = Site(
    name="myclothes",
    title="Workshop",
    package="apps.myclothes",
    blueprints=list,
    metadata=lambda: METADATA,
    jobs=all_jobs,
    sessions=False,
)


def workshop(folder: Path, **environ: str) -> Application:
    """The worker, with the tables it needs."""
    app = tiny_app(folder, SITE, create_worker, APP="myclothes.worker", **environ)
    assert app.database is not None
    with app.database.writer() as session:
        for metadata in (CHASSIS, METADATA):
            metadata.create_all(session.connection())
        session.commit()
    return app


def effects(app: Application) -> list[str]:
    """The names that jobs have noted, in order."""
    assert app.database is not None
    with app.database.writer() as session:
        return list(session.scalars(select(EFFECTS.c.name).order_by(EFFECTS.c.id)))


def count(app: Application) -> int:
    """How many names jobs have noted."""
    assert app.database is not None
    with app.database.writer() as session:
        return session.scalar(select(func.count()).select_from(EFFECTS)) or 0


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, workshop(Path(sys.argv[1])), threaded=True)
    print(server.server_port, flush=True)  # noqa: T201
    server.serve_forever()

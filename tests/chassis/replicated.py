"""What the tests of readers do with a database that has some."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import insert, select

from apps.chassis.database import Database
from apps.chassis.tables import HEARTBEAT, METADATA
from apps.chassis.transactions import current_session, run, transaction
from tests.chassis.tables import NOTES

MAX_LAG = 1.0
Connect = Callable[..., Database]


def make_tables(database: Database) -> None:
    with transaction(database) as session:
        METADATA.create_all(session.connection())
        NOTES.metadata.create_all(session.connection())
        session.execute(insert(HEARTBEAT).values(id=1, beat_at=datetime.now(UTC)))


def role(database: Database) -> str:
    session, role = database.reader()
    session.close()
    return role


def page(database: Database, *, pinned: bool = False) -> tuple[str, list[str]]:
    """The role that served, and what the page shows."""

    def work() -> tuple[str, list[str]]:
        session = current_session()
        return session.info["role"], list(session.scalars(select(NOTES.c.text).order_by(NOTES.c.id)))

    return run(database, read_only=True, pinned=pinned, work=work, commit_if=lambda _: True)


def write(database: Database, name: str) -> None:
    def work() -> None:
        current_session().execute(insert(NOTES).values(text=name))

    run(database, read_only=False, pinned=False, work=work, commit_if=lambda _: True)

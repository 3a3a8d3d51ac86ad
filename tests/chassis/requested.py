"""What the tests of transactions ask of a database, as a request would."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, select

from apps.chassis.database import Database
from apps.chassis.transactions import current_session, run
from tests.chassis.tables import NOTES


def reading(database: Database | None, work: Callable[[], Any], *, pinned: bool = False) -> Any:
    return run(database, read_only=True, pinned=pinned, work=work, commit_if=lambda _: True)


def writing(database: Database | None, work: Callable[[], Any], commit: bool = True) -> Any:
    return run(database, read_only=False, pinned=False, work=work, commit_if=lambda _: commit)


def write(name: str = "a") -> None:
    current_session().execute(insert(NOTES).values(text=name))


def texts(database: Database) -> list[str]:
    with database.reader(pinned=True)[0] as session:
        return list(session.scalars(select(NOTES.c.text).order_by(NOTES.c.text)))

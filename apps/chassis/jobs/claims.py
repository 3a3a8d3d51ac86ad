"""Who does a job: claimed by a conditional write with a lease, marked done together with the job's own effects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable

from apps.chassis.database import Database
from apps.chassis.tables import JOBS
from apps.chassis.transactions import current_session, run

KEPT = timedelta(days=15)


class Done(Exception):
    """The job has been done before."""


class Claimed(Exception):
    """Somebody else does the job, or died doing it less than a lease ago."""


class ClaimLost(Exception):
    """The lease ended before the job did, and somebody else took it over; nothing of this run may last."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do one job until a moment; no two claims of a job end at the same one, so it tells them apart."""

    id: str
    until: datetime

    @property
    def held(self) -> ColumnElement[bool]:
        return (JOBS.c.id == self.id) & (JOBS.c.claimed_until == self.until) & JOBS.c.done_at.is_(None)


def claim(database: Database, identifier: str, lease_seconds: float) -> Claim:
    """Claim a job from now on, in a transaction of its own. Raises Done, or Claimed while somebody's lease lives."""
    wanted = Claim(identifier, datetime.now(UTC) + timedelta(seconds=lease_seconds))
    try:
        # Inserted without looking first: looking would lock the gap between keys, and two claims could deadlock on it.
        _commit(database, insert(JOBS).values(id=identifier, claimed_until=wanted.until))
    except IntegrityError:
        _take_over(database, wanted)
    return wanted


def finish(session: Session, held: Claim) -> None:
    """Mark the job done, within its own transaction. Raises ClaimLost if the claim is not ours any more."""
    if _changed(session, update(JOBS).where(held.held).values(done_at=datetime.now(UTC))) != 1:
        raise ClaimLost(held.id)


def release(database: Database, held: Claim) -> None:
    """Give a claim back, so that the next delivery can do the job at once."""
    _commit(database, delete(JOBS).where(held.held))


def sweep(session: Session) -> None:
    """Forget jobs that no queue can deliver again: SQS keeps a message for 14 days at most."""
    session.execute(delete(JOBS).where(JOBS.c.done_at < datetime.now(UTC) - KEPT))


def _take_over(database: Database, wanted: Claim) -> None:
    free = (JOBS.c.id == wanted.id) & (JOBS.c.claimed_until <= datetime.now(UTC)) & JOBS.c.done_at.is_(None)
    if _commit(database, update(JOBS).where(free).values(claimed_until=wanted.until)) == 1:
        return
    with database.writer() as session:
        done = session.scalar(select(JOBS.c.done_at).where(JOBS.c.id == wanted.id))
    raise Done(wanted.id) if done else Claimed(wanted.id)


def _commit(database: Database, statement: Executable) -> int:
    """Run one statement as a transaction of its own, repeated after a deadlock; answers how many rows it changed."""
    return run(
        database,
        read_only=False,
        pinned=True,
        work=lambda: _changed(current_session(), statement),
        commit_if=lambda _: True,
    )


def _changed(session: Session, statement: Executable) -> int:
    result = session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0

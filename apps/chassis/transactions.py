"""One request, or one job, is one transaction; the outside world waits for its commit."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from apps.chassis import engines
from apps.chassis.database import WRITER, Database, wrote
from apps.chassis.engines import ReadOnlyRequest as ReadOnlyRequest
from apps.chassis.frame import current_record
from apps.chassis.sqlite import is_locked

T = TypeVar("T")


class ReaderBehind(Exception):
    """Work that has found this reader to lack what it must show raises this, and is done again on the writer."""


ATTEMPTS = 3
# Whoever has waited this long is not made to wait for another attempt; sooner still if the only writer is gone.
REPEAT_WITHIN_SECONDS = 10.0
REPEAT_LOST_WITHIN_SECONDS = 2.0
CONTENDED_CODES = frozenset({1205, 1213})
# A reader may not know yet what a migration has just added on the writer.
MISSING_CODES = frozenset({1054, 1146})

logger = logging.getLogger(__name__)


def current_session() -> Session:
    """The session of the request or job being run, opened at the first call; RuntimeError outside of one."""
    return _entered().session()


def after_commit(action: Callable[[], object]) -> None:
    """Run `action` once the request or job being run has committed, and never if it does not.

    Actions run in the order given; one that fails is logged and stops nothing. RuntimeError outside of one.
    """
    _entered().actions.append(action)


def before_commit(action: Callable[[Session], object]) -> None:
    """Do `action` at the very end of the transaction of the request or job being run, if that is to be committed.

    What it raises undoes the whole. One that is given twice is done once. RuntimeError outside of one.
    """
    _entered().endings[action] = None


def run(
    database: Database | None, *, read_only: bool, pinned: bool, work: Callable[[], T], commit_if: Callable[[T], bool]
) -> T:
    """Do `work` in one transaction, commit if `commit_if` likes its result, then run the after_commit actions.

    The work is repeated after a deadlock or lock timeout, and once after a lost connection, always from a rolled back
    transaction and never once a commit was tried: a failing commit raises, its outcome unknown, and runs no action.
    With `read_only`, writing raises ReadOnlyRequest. `current_record().wrote` tells whether it tried to commit a write.
    Inside another run or transaction it raises RuntimeError.
    """
    began, attempt = time.monotonic(), 1
    while True:
        unit = Unit(database, read_only=read_only, pinned=pinned)
        try:
            return _attempt(unit, work, commit_if)
        except SQLAlchemyError as error:
            if not unit.is_repeatable(error, attempt, time.monotonic() - began):
                raise
            pinned = unit.pinned
        except ReaderBehind:
            if pinned:
                raise
            pinned = True
            continue
        # Those who met in a deadlock must not meet again.
        time.sleep(random.uniform(0, 0.02) * attempt)  # noqa: S311
        attempt += 1


def _attempt(unit: "Unit", work: Callable[[], T], commit_if: Callable[[T], bool]) -> T:
    with unit.entered():
        result = work()
        if commit_if(result):
            unit.commit()
        return result


@contextmanager
def transaction(database: Database) -> Iterator[Session]:
    """A transaction on the writer: commits at the end and runs the after_commit actions, or rolls back. No repeats."""
    unit = Unit(database, read_only=False, pinned=True)
    with unit.entered():
        yield unit.session()
        unit.commit()


def apart(database: Database, work: Callable[[Session], T]) -> T:
    """Do `work` in a writing transaction of its own, repeated like `run`, from within an after_commit action or a job.

    RuntimeError while the request's or job's own transaction is open, since the two could wait for one another.
    """
    around = _current.get()
    if around is not None and around.is_open:
        raise RuntimeError("a transaction beside an open one could wait for it in vain")
    token = _current.set(None)
    try:
        return run(
            database, read_only=False, pinned=True, work=lambda: work(current_session()), commit_if=lambda _: True
        )
    finally:
        _current.reset(token)


class Unit:
    """One attempt at a request or job: its session, and what waits for its commit."""

    def __init__(self, database: Database | None, *, read_only: bool, pinned: bool) -> None:
        self.database = database
        self.read_only = read_only
        self.pinned = pinned
        self.actions: list[Callable[[], object]] = []
        self.endings: dict[Callable[[Session], object], None] = {}
        self.over = False
        self._session: Session | None = None
        self._role: str | None = None

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Make this the current unit; whatever was not committed at the end is rolled back."""
        if _current.get() is not None:
            raise RuntimeError("a transaction within a transaction could commit half of it")
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)
            self.close()

    def session(self) -> Session:
        """The session, opened at the first call; a view that never asks costs no connection."""
        if self.over or self.database is None:
            raise RuntimeError("the transaction is over" if self.over else "this site has no database")
        if self._session is None:
            self._session, self._role = self._open(self.database)
            current_record().db = self._role
        return self._session

    def _open(self, database: Database) -> tuple[Session, str]:
        if self.read_only:
            return database.reader(pinned=self.pinned)
        return database.writer(), WRITER

    @property
    def is_open(self) -> bool:
        """Whether it holds a transaction of the database."""
        return self._session is not None and self._session.in_transaction()

    def commit(self) -> None:
        """Commit, give the connection back, then run the actions in order."""
        if self._session is not None or self.endings:
            self._commit(self.session())
        self.over = True
        self.close()
        # An action may add another one behind itself.
        for action in self.actions:
            _run_action(action)

    def _commit(self, session: Session) -> None:
        # A deadlock found here can still be repeated; one found by COMMIT itself cannot be told from success.
        session.flush()
        for end in self.endings:
            end(session)
        if self.read_only:
            return
        self.over = True
        # Noted before, because a commit whose outcome is unknown may have happened, and must be seen if it has.
        if wrote(session):
            current_record().wrote = True
        session.commit()

    def close(self) -> None:
        """Roll back what is not committed and give the connection back."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def is_repeatable(self, error: BaseException, attempt: int, seconds: float) -> bool:
        """Whether to repeat after this error, `seconds` after the first attempt began; pins to the writer if needed."""
        if self.over or attempt == ATTEMPTS or seconds > REPEAT_WITHIN_SECONDS:
            return False
        causes = list(_causes(error))
        if any(is_locked(cause) or engines.code_of(cause) in CONTENDED_CODES for cause in causes):
            return True
        lost = any(engines.is_lost(cause) for cause in causes)
        if self._role in (None, WRITER):
            return lost and attempt == 1 and seconds < REPEAT_LOST_WITHIN_SECONDS
        return self._is_repeatable_elsewhere(lost, causes)

    def _is_repeatable_elsewhere(self, lost: bool, causes: list[BaseException]) -> bool:
        if lost and self.database is not None and self._role is not None:
            self.database.suspect(self._role)
            return True
        self.pinned = any(engines.code_of(cause) in MISSING_CODES for cause in causes)
        return self.pinned


_current: ContextVar[Unit | None] = ContextVar("unit", default=None)


def _entered() -> Unit:
    unit = _current.get()
    if unit is None:
        raise RuntimeError("outside of a request, job or transaction")
    return unit


def _run_action(action: Callable[[], object]) -> None:
    try:
        action()
    except Exception:
        logger.exception("an action after the commit failed; the commit stands")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    # A rollback to a savepoint fails after a deadlock and hides it, so what an error was raised from counts, too.
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield getattr(error, "orig", None) or error
        error = error.__cause__ or error.__context__

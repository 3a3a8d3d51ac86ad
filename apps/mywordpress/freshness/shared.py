"""What all pages of readers share and only another epoch changes: read once in each process for each token."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar, TypeVarTuple

from sqlalchemy.orm import Session

from apps.chassis.epochs import token_of

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")
HELD = "held"
# What no commit tells of, such as a row that was mended by hand, is not shown for longer.
LIFETIME_SECONDS = 60.0


class EpochMoved(Exception):
    """What was supposed to stand does not; what was made under it is for nobody."""


class Epoch:
    """What was read by sessions that had read this token before."""

    def __init__(self, token: str) -> None:
        self.token: Final = token
        self.values: Final[dict[Hashable, Any]] = {}
        self.begun: Final = time.monotonic()


class Shared:
    """The epoch that a page of this process saw last. Safe over threads: a page keeps the one it began with."""

    def __init__(self) -> None:
        self._latest: Epoch | None = None

    def latest(self) -> Epoch | None:
        """What may still stand."""
        latest = self._latest
        return latest if latest and time.monotonic() < latest.begun + LIFETIME_SECONDS else None

    def under(self, token: str) -> Epoch:
        """The epoch of this token, which is the latest from now on."""
        latest = self.latest()
        if latest is None or latest.token != token:
            latest = self._latest = Epoch(token)
        return latest


class Held:
    """The epoch that a page is held to; only supposed until the page's own session has read the token."""

    def __init__(self, epoch: Epoch, *, is_read: bool) -> None:
        self.epoch: Final = epoch
        self.is_read = is_read
        self.is_used = False

    def see(self, token: str) -> None:
        """Know the token that the session shows; raises EpochMoved if another one was supposed."""
        if not self.is_read and token != self.epoch.token:
            raise EpochMoved
        self.is_read = True

    def settle(self, db: Session) -> None:
        """Read the token unless it was, or nothing depends on it; raises EpochMoved if another one was supposed."""
        if self.is_used and not self.is_read:
            self.see(token_of(db))

    def get(self, db: Session, read: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """What is kept, else what is read now."""
        key = read, arguments
        self.is_used = True
        if key not in self.epoch.values:
            # A reader that lags would else put what is older under the token of another server.
            self.settle(db)
            self.epoch.values[key] = read(db, *arguments)
        return self.epoch.values[key]


@contextmanager
def hold(db: Session, epoch: Epoch, *, is_read: bool) -> Iterator[Held]:
    """Hold this session, which refuses to write, to the epoch; `is_read` if it has read that token."""
    held = db.info[HELD] = Held(epoch, is_read=is_read)
    try:
        yield held
    finally:
        del db.info[HELD]


def shared(db: Session, read: Callable[[Session, *Arguments], T], *arguments: *Arguments) -> T:
    """What `read(db, *arguments)` answers, which nobody changes: in pages of readers kept under their epoch.

    It may depend on nothing but what begins another epoch when it changes. Any other session reads it anew, and keeps
    nothing: it may have changed what nobody else sees yet.
    """
    held: Held | None = db.info.get(HELD)
    return read(db, *arguments) if held is None else held.get(db, read, arguments)


def see(db: Session, token: str) -> None:
    """Tell which token a query of this session has shown beside something else."""
    held: Held | None = db.info.get(HELD)
    if held is not None:
        held.see(token)

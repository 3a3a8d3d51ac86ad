"""The rules of a store that keeps a record per session and one per owner; its heirs add only where these are."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from time import time
from typing import Any, Generic, TypeGuard, TypeVar

from apps.chassis.sessions.operations import OWNER, Change, Fields, encoded
from apps.chassis.sessions.stores import (
    ENDED_SECONDS,
    LARGEST_SESSION_BYTES,
    SHARED_SECONDS,
    Loaded,
    Saved,
    SessionEnded,
    SessionTooLarge,
    key_of,
    new_token,
    renew_before,
)

Db = TypeVar("Db")
T = TypeVar("T")


@dataclass(slots=True)
class Record:
    """What is stored under a key; `ended` marks the remains of a session whose id was replaced."""

    fields: Fields
    expires_at: float
    ended: bool = False

    @property
    def owner(self) -> str | None:
        return self.fields.get(OWNER)


class KeyedStore(ABC, Generic[Db]):
    """Applies every change in one atomic step of its heir; the clock is the one of this machine."""

    name: str
    shares = True

    def load(self, token: str, lifetime: float) -> Loaded | None:
        key = key_of(token)
        record = self.peek(key) if key else None
        if not key or not is_alive(record):
            return None
        due = record.expires_at < renew_before(lifetime, time())
        if due and not self.atomically(partial(self._renew, key=key, lifetime=lifetime)):
            return None
        return Loaded(token, record.fields, due, self.shared_of(record.owner) if record.owner else None)

    def save(self, token: str | None, change: Change) -> Saved:
        return self.atomically(partial(self._save, token=token, change=change))

    def shared_of(self, owner: str) -> Fields:
        record = self.peek(shared_key(owner))
        return record.fields if is_alive(record) else {}

    def delete(self, token: str) -> None:
        key = key_of(token)
        if key:
            self.atomically(partial(self.remove, key=key))

    def revoke(self, owner: str) -> None:
        self.atomically(partial(self.remove_all_of, owner=owner))

    def forget(self, owner: str) -> None:
        def work(db: Db) -> None:
            self.remove_all_of(db, owner)
            self.remove(db, shared_key(owner))

        self.atomically(work)

    def _save(self, db: Db, token: str | None, change: Change) -> Saved:
        key = key_of(token) if token else None
        record = self.read(db, key) if key else None
        after = evolved(record, change)
        if after is None:
            return Saved(None, {}, False)
        shared = self._share(db, after, change)
        check_size(after.fields)
        token_after = token if token and is_alive(record) and not change.rotate else new_token()
        if key and is_alive(record) and change.rotate:
            self.write(db, key, Record({}, time() + ENDED_SECONDS, ended=True))
        self.write(db, str(key_of(token_after)), after)
        return Saved(token_after, after.fields, record is None or after.expires_at != record.expires_at, shared)

    def _share(self, db: Db, session: Record, change: Change) -> Fields | None:
        """What the session's owner shares after the change, which may hand over fields of the session."""
        if change.shares and (session.owner is None or session.owner != change.owner):
            raise SessionEnded
        if session.owner is None:
            return None
        key = shared_key(session.owner)
        record = self.read(db, key)
        before = record.fields if is_alive(record) else {}
        after = shared_after(before, session.fields, change)
        if after != before or (is_alive(record) and record.expires_at < renew_before(SHARED_SECONDS, time())):
            check_size(after)
            self.write(db, key, Record(after, time() + SHARED_SECONDS))
        return after

    def _renew(self, db: Db, key: str, lifetime: float) -> bool:
        record = self.read(db, key)
        # It may have been revoked since it was peeked at, and must not come back.
        if not is_alive(record):
            return False
        self.write(db, key, Record(record.fields, time() + lifetime))
        shared = self.read(db, shared_key(record.owner)) if record.owner else None
        if record.owner and is_alive(shared):
            self.write(db, shared_key(record.owner), Record(shared.fields, time() + SHARED_SECONDS))
        return True

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def ready(self) -> Mapping[str, Any]: ...

    @abstractmethod
    def atomically(self, work: Callable[[Db], T]) -> T:
        """What `work` answers; what it writes is there all at once or, if it raises, not at all. It may run again."""

    @abstractmethod
    def peek(self, key: str) -> Record | None:
        """The record, read without keeping anybody waiting."""

    @abstractmethod
    def read(self, db: Db, key: str) -> Record | None: ...

    @abstractmethod
    def write(self, db: Db, key: str, record: Record) -> None: ...

    @abstractmethod
    def remove(self, db: Db, key: str) -> None: ...

    @abstractmethod
    def remove_all_of(self, db: Db, owner: str) -> None:
        """Remove all sessions of this owner, but not what they share."""


def shared_key(owner: str) -> str:
    """Under which key an owner's record is kept; no session's key looks like it."""
    return f"shared-of:{owner}"


def is_alive(record: Record | None) -> TypeGuard[Record]:
    """Whether this may still be used."""
    return record is not None and not record.ended and record.expires_at > time()


def evolved(record: Record | None, change: Change) -> Record | None:
    """The session after the change, or None when nothing was there and nothing is to be kept.

    Raises SessionEnded when the session must exist and does not, or when its id was replaced.
    """
    alive = is_alive(record)
    if (change.loaded and not alive) or (record is not None and record.ended and record.expires_at > time()):
        raise SessionEnded
    fields = deepcopy(record.fields) if is_alive(record) else {}
    for operation in change.operations:
        operation.apply(fields)
    return Record(fields, _expiry(record, change)) if fields or alive else None


def shared_after(before: Fields, session: Fields, change: Change) -> Fields:
    """What an owner shares after the change; what is handed over leaves the session."""
    after = deepcopy(before)
    if change.hand_over:
        change.hand_over.apply(session, after)
    for operation in change.shared:
        operation.apply(after)
    return after


def check_size(fields: Fields) -> None:
    """Raises SessionTooLarge."""
    if len(encoded(fields).encode()) > LARGEST_SESSION_BYTES:
        raise SessionTooLarge


def _expiry(record: Record | None, change: Change) -> float:
    now = time()
    if is_alive(record) and not change.rotate and record.expires_at >= renew_before(change.lifetime, now):
        return record.expires_at
    return now + change.lifetime

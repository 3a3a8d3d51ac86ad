"""The rules of a store that keeps one record per session; memory and sqlite add only where the records are."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import time
from typing import Any, Generic, TypeGuard, TypeVar

from apps.chassis.sessions.operations import OWNER, Change, Fields, encoded
from apps.chassis.sessions.stores import (
    ENDED_SECONDS,
    LARGEST_SESSION_BYTES,
    Loaded,
    Saved,
    SessionEnded,
    SessionTooLarge,
    key_of,
    new_token,
    renew_before,
)

Db = TypeVar("Db")


@dataclass(slots=True)
class Record:
    """A session as it is stored; `ended` marks the remains of one whose id was replaced."""

    fields: Fields
    expires_at: float
    ended: bool = False

    @property
    def owner(self) -> str | None:
        return self.fields.get(OWNER)


class KeyedStore(ABC, Generic[Db]):
    """Applies every change inside one transaction of its subclass; the clock is the one of this machine."""

    name: str

    def load(self, token: str, lifetime: float) -> Loaded | None:
        key = key_of(token)
        record = self.peek(key) if key else None
        if not key or not is_alive(record):
            return None
        if record.expires_at >= renew_before(lifetime, time()):
            return Loaded(token, record.fields, renewed=False)
        return Loaded(token, record.fields, renewed=True) if self._renew(key, lifetime) else None

    def save(self, token: str | None, change: Change) -> Saved:
        key = key_of(token) if token else None
        with self.transaction() as db:
            record = self.read(db, key) if key else None
            after = evolved(record, change)
            if after is None:
                return Saved(None, {}, False)
            kept = is_alive(record) and not change.rotate
            token_after = token if kept and token else new_token()
            if key and is_alive(record) and change.rotate:
                self.write(db, key, Record({}, time() + ENDED_SECONDS, ended=True))
            self.write(db, str(key_of(token_after)), after)
        return Saved(token_after, after.fields, record is None or after.expires_at != record.expires_at)

    def delete(self, token: str) -> None:
        key = key_of(token)
        if key:
            with self.transaction() as db:
                self.remove(db, key)

    def revoke(self, owner: str) -> None:
        with self.transaction() as db:
            self.remove_all_of(db, owner)

    def _renew(self, key: str, lifetime: float) -> bool:
        with self.transaction() as db:
            record = self.read(db, key)
            # It may have been revoked since it was read, and must not come back.
            if is_alive(record):
                self.write(db, key, Record(record.fields, time() + lifetime))
            return is_alive(record)

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def ready(self) -> Mapping[str, Any]: ...

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Db]:
        """Alone with the records until the end of the block."""

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
    def remove_all_of(self, db: Db, owner: str) -> None: ...


def is_alive(record: Record | None) -> TypeGuard[Record]:
    """Whether this is a session that may still be used."""
    return record is not None and not record.ended and record.expires_at > time()


def evolved(record: Record | None, change: Change) -> Record | None:
    """The record after the change, or None when nothing was there and nothing is to be kept.

    Raises SessionEnded when the session must exist and does not, or when its id was replaced, and SessionTooLarge.
    """
    alive = is_alive(record)
    if (change.loaded and not alive) or (record is not None and record.ended and record.expires_at > time()):
        raise SessionEnded
    fields = dict(record.fields) if is_alive(record) else {}
    for operation in change.operations:
        operation.apply(fields)
    if not fields and not alive:
        return None
    if len(encoded(fields).encode()) > LARGEST_SESSION_BYTES:
        raise SessionTooLarge
    return Record(fields, _expiry(record, change))


def _expiry(record: Record | None, change: Change) -> float:
    now = time()
    if is_alive(record) and not change.rotate and record.expires_at >= renew_before(change.lifetime, now):
        return record.expires_at
    return now + change.lifetime

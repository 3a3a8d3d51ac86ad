"""Sessions in Redis: one hash per session, and per owner a sorted set of them and a hash of what they share.

A load and a save are one round trip each.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import time
from typing import Any

from apps.chassis.redis import RedisServer, RedisUnavailable
from apps.chassis.sessions.operations import OWNER, Change, Fields, Operation, encoded
from apps.chassis.sessions.scripts import DELETE, LOAD, RENEW, REVOKE, SAVE
from apps.chassis.sessions.stores import (
    ENDED_SECONDS,
    LARGEST_SESSION_BYTES,
    SHARED_SECONDS,
    Loaded,
    Saved,
    SessionEnded,
    SessionTooLarge,
    SessionUnavailable,
    key_of,
    new_token,
    renew_before,
)

SHARED_MILLISECONDS = int(SHARED_SECONDS * 1000)
REFUSALS = {b"ended": SessionEnded, b"large": SessionTooLarge}

Stored = Mapping[bytes, bytes]

log = logging.getLogger(__name__)


class RedisStore:
    """Each app takes a database number of its own; sessions and owners' records expire by themselves."""

    name = "redis"
    shares = True

    def __init__(self, server: RedisServer) -> None:
        self._server = server

    def load(self, token: str, lifetime: float) -> Loaded | None:
        name = _name_of(token)
        stored, shared = self._stored(name) if name else ({}, {})
        if name is None or b"@expires" not in stored or b"@ended" in stored:
            return None
        fields = _fields(stored)
        if fields is None:
            log.warning("a stored session cannot be read: it is removed and counts as unknown")
            self.delete(token)
            return None
        common = self._readable(fields[OWNER], shared) if OWNER in fields else None
        if float(stored[b"@expires"]) >= renew_before(lifetime, time()):
            return Loaded(token, fields, False, common)
        with _available():
            renewed = self._server.run(RENEW, (name,), (*_times(lifetime)[:3], SHARED_MILLISECONDS))
        return Loaded(token, fields, True, common) if renewed else None

    def save(self, token: str | None, change: Change) -> Saved:
        fresh = new_token()
        fresh_name = f"session:{key_of(fresh)}"
        name = _name_of(token or "") or fresh_name
        reply, confirmed = self._save(name, fresh_name, change)
        if reply[0] in REFUSALS:
            raise REFUSALS[reply[0]]
        if reply[0] == b"none":
            return Saved(None, {}, False)
        return Saved(
            fresh if reply[1].decode() == fresh_name else token,
            _fields(_pairs(reply[3])) or {},
            bool(reply[2]),
            _fields(_pairs(reply[4])) or {},
            confirmed,
        )

    def shared_of(self, owner: str) -> Fields:
        with _available():
            return self._readable(owner, self._server.command("HGETALL", _shared_name(owner)))

    def delete(self, token: str) -> None:
        name = _name_of(token)
        if name is not None:
            with _available():
                self._server.run(DELETE, (name,), ())

    def revoke(self, owner: str) -> None:
        self._end_all(f"sessions-of:{encoded(owner)}")

    def forget(self, owner: str) -> None:
        self._end_all(f"sessions-of:{encoded(owner)}", _shared_name(owner))

    def close(self) -> None:
        self._server.close()

    def ready(self) -> Mapping[str, Any]:
        return self._server.ready()

    def _stored(self, name: str) -> tuple[Stored, Stored]:
        with _available():
            session, shared = self._server.run(LOAD, (name,), ())
        return _pairs(session), _pairs(shared)

    def _save(self, name: str, fresh_name: str, change: Change) -> tuple[Any, bool]:
        limits = (int(ENDED_SECONDS * 1000), int(change.rotate), int(change.loaded), LARGEST_SESSION_BYTES)
        shared: tuple[str | float, ...] = (
            "" if change.owner is None else encoded(change.owner),
            _as_lists(change.shared),
            json.dumps(change.hand_over.as_list() if change.hand_over else []),
            SHARED_MILLISECONDS,
        )
        words = (_as_lists(change.operations), *_times(change.lifetime), *limits, *shared)
        with _available():
            return self._server.run_replicated(SAVE, (name, fresh_name), words)

    def _end_all(self, *names: str) -> None:
        with _available():
            self._server.run(REVOKE, names, ())

    def _readable(self, owner: str, shared: Stored) -> Fields:
        fields = _fields(shared)
        if fields is None:
            log.warning("what %s shares cannot be read: it is removed and counts as nothing", owner)
            with _available():
                self._server.command("DEL", _shared_name(owner))
        return fields or {}


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except RedisUnavailable as error:
        raise SessionUnavailable(str(error)) from error


def _name_of(token: str) -> str | None:
    key = key_of(token)
    return None if key is None else f"session:{key}"


def _times(lifetime: float) -> tuple[float, ...]:
    """Now, the new expiry, the life in milliseconds, and before which expiry a session is renewed."""
    now = time()
    return (now, now + lifetime, int(lifetime * 1000), renew_before(lifetime, now))


def _shared_name(owner: str) -> str:
    return f"shared-of:{encoded(owner)}"


def _as_lists(operations: Iterable[Operation]) -> str:
    return json.dumps([operation.as_list() for operation in operations])


def _pairs(flat: Sequence[bytes]) -> Stored:
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _fields(stored: Stored) -> Fields | None:
    """The fields, or None where one of them is not what a session is made of."""
    try:
        fields = {name.decode(): json.loads(value) for name, value in stored.items() if name != b"@expires"}
    except ValueError:
        return None
    return fields if isinstance(fields.get(OWNER, ""), str) else None

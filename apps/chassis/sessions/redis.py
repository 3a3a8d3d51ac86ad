"""Sessions in Redis: one hash per session, one sorted set per owner. A load and a save are one round trip each."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import time
from typing import Any

from apps.chassis.redis import RedisServer, RedisUnavailable
from apps.chassis.sessions.operations import OWNER, Change, Fields, encoded
from apps.chassis.sessions.scripts import DELETE, RENEW, REVOKE, SAVE
from apps.chassis.sessions.stores import (
    ENDED_SECONDS,
    LARGEST_SESSION_BYTES,
    Loaded,
    Saved,
    SessionEnded,
    SessionTooLarge,
    SessionUnavailable,
    key_of,
    new_token,
    renew_before,
)

REFUSALS = {b"ended": SessionEnded, b"large": SessionTooLarge}

log = logging.getLogger(__name__)


class RedisStore:
    """Each app takes a database number of its own; sessions and owners' indexes expire by themselves."""

    name = "redis"

    def __init__(self, server: RedisServer) -> None:
        self._server = server

    def load(self, token: str, lifetime: float) -> Loaded | None:
        name = _name_of(token)
        if name is None:
            return None
        stored = self._stored(name)
        if b"@expires" not in stored or b"@ended" in stored:
            return None
        fields = _fields(stored.items())
        if fields is None:
            log.warning("a stored session cannot be read: it is removed and counts as unknown")
            self.delete(token)
            return None
        if float(stored[b"@expires"]) >= renew_before(lifetime, time()):
            return Loaded(token, fields, renewed=False)
        with _available():
            renewed = self._server.run(RENEW, (name,), _times(lifetime)[:3])
        return Loaded(token, fields, renewed=True) if renewed else None

    def save(self, token: str | None, change: Change) -> Saved:
        fresh = new_token()
        fresh_name = f"session:{key_of(fresh)}"
        name = _name_of(token or "") or fresh_name
        reply = self._save(name, fresh_name, change)
        if reply[0] in REFUSALS:
            raise REFUSALS[reply[0]]
        if reply[0] == b"none":
            return Saved(None, {}, False)
        return Saved(
            fresh if reply[1].decode() == fresh_name else token,
            _fields(zip(reply[3][::2], reply[3][1::2], strict=True)) or {},
            bool(reply[2]),
        )

    def delete(self, token: str) -> None:
        name = _name_of(token)
        if name is not None:
            with _available():
                self._server.run(DELETE, (name,), ())

    def revoke(self, owner: str) -> None:
        with _available():
            self._server.run(REVOKE, (f"sessions-of:{encoded(owner)}",), ())

    def close(self) -> None:
        self._server.close()

    def ready(self) -> Mapping[str, Any]:
        return self._server.ready()

    def _stored(self, name: str) -> Mapping[bytes, bytes]:
        with _available():
            stored: Mapping[bytes, bytes] = self._server.command("HGETALL", name)
        return stored

    def _save(self, name: str, fresh_name: str, change: Change) -> Any:
        operations = json.dumps([operation.as_list() for operation in change.operations])
        limits = (int(ENDED_SECONDS * 1000), int(change.rotate), int(change.loaded), LARGEST_SESSION_BYTES)
        with _available():
            return self._server.run_replicated(
                SAVE, (name, fresh_name), (operations, *_times(change.lifetime), *limits)
            )


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


def _fields(pairs: Iterable[tuple[bytes, bytes]]) -> Fields | None:
    """The fields, or None where one of them is not what a session is made of."""
    try:
        fields = {name.decode(): json.loads(value) for name, value in pairs if name != b"@expires"}
    except ValueError:
        return None
    return fields if isinstance(fields.get(OWNER, ""), str) else None

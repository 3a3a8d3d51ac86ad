"""Cache-aside that fills honestly: no value is stored that was read before an invalidation; a broken cache is a miss.

Our own code instead of dogpile.cache, whose import costs 165 ms and whose invalidation cannot stop a loader under way.
"""

import hashlib
import json
import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from apps.chassis.cache.backends import CLAIM_SECONDS, Backend, CacheBroken, Claim
from apps.chassis.frame import current_record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from apps.chassis.database import Database

__all__ = ["Cache", "open_cache"]

LARGEST_VALUE_BYTES = 1024 * 1024
LONGEST_KEY = 150
MOST_OWED = 10_000
# Longer than a claim lives: whoever waits for a loader that has died takes its place instead of loading beside others.
WAIT_SECONDS = CLAIM_SECONDS + 1.0
FIRST_PAUSE_SECONDS = 0.005
LONGEST_PAUSE_SECONDS = 0.05
JITTER = 0.05
OUTCOMES = ("hit", "miss", "off", "broken")

T = TypeVar("T")
log = logging.getLogger(__name__)


class Cache:
    """Values are what JSON can say, or bytes. No method raises because of the cache; what a loader raises passes."""

    def __init__(self, backend: Backend, database: "Database | None", prefix: str) -> None:
        self._backend = backend
        self._database = database
        self._prefix = prefix
        self._owed: set[str] = set()
        self._lock = threading.Lock()

    def fetch(self, key: str, lifetime: float, load: "Callable[[Session], T]") -> T:
        """The value under the key; if there is none it is loaded and kept for about `lifetime` seconds.

        One round trip if warm. However many ask at once, one loads and the others wait for it, at most some seconds.
        `load` is given a read-only session: on a reader, or on the writer while readers may not know of an
        invalidation yet. What it raises passes.
        """
        return self._through(
            key, lifetime, lambda pinned: self._load(load, pinned=pinned), lambda: self._load_for_this_request(load)
        )

    def share(self, key: str, lifetime: float, make: Callable[[], T]) -> T:
        """As `fetch`, for what a key names for ever, so that nothing ever invalidates it: `make` reads where it likes.

        What `make` raises passes, and keeps nothing.
        """
        return self._through(key, lifetime, lambda _: make(), make)

    def get(self, key: str, default: Any = None) -> Any:
        """The value under the key, or the default."""
        try:
            value = self._ask(lambda backend: backend.read(self._name(key)))
            found = default if value is None else decoded(value)
        except CacheBroken as error:
            tell(error)
            return default
        note("off" if not self._backend.stores else "miss" if value is None else "hit")
        return found

    def put(self, key: str, value: Any, lifetime: float) -> None:
        """Keep the value for about `lifetime` seconds, unless the cache is broken or the value larger than 1 MiB."""
        text, lifetime = encoded(value), jittered(lifetime)
        if len(text) <= LARGEST_VALUE_BYTES:
            with _forgiven():
                self._ask(lambda backend: backend.write(self._name(key), text, lifetime))

    def invalidate(self, *keys: str) -> None:
        """Forget these values, after the commit. Whoever is loading one of them now cannot store it any more.

        While the cache is away the keys are remembered, and forgotten before this process uses the cache again.
        """
        names = [self._name(key) for key in keys]
        try:
            self._ask(lambda backend: backend.invalidate(names, self._pin_seconds()))
        except CacheBroken as error:
            tell(error)
            self._owe(names)

    def invalidate_with_commit(self, *keys: str) -> None:
        """Forget these values now and again after the commit of the request or job being run.

        The second time is what counts; the first one shortens what could be seen if this process died in between.
        """
        from apps.chassis.transactions import after_commit

        self.invalidate(*keys)
        after_commit(lambda: self.invalidate(*keys))

    def count(self, key: str, window_seconds: int) -> int | None:
        """How often the key was counted in the current window, this time included; None when the cache is broken."""
        name = self._name(f"{int(time.time() // window_seconds)}/{window_seconds}/{key}")
        try:
            return self._ask(lambda backend: backend.count(name, window_seconds))
        except CacheBroken as error:
            tell(error)
            return None

    @property
    def stores(self) -> bool:
        """Whether it keeps anything at all."""
        return self._backend.stores

    def ready(self) -> Mapping[str, Any]:
        """`{"ok": bool, "detail": str}`; raises nothing."""
        return self._backend.ready()

    def close(self) -> None:
        """Close what this process holds open; the next use opens it again."""
        self._backend.close()

    def _through(self, key: str, lifetime: float, load: Callable[[bool], T], load_unkept: Callable[[], T]) -> T:
        lifetime, name = jittered(lifetime), self._name(key)
        try:
            claim = self._read_or_claim(name)
            found = None if claim.value is None else decoded(claim.value)
        except CacheBroken as error:
            tell(error)
            return load_unkept()
        if claim.value is not None:
            note("hit")
            return cast(T, found)
        note("miss" if self._backend.stores else "off")
        if claim.ticket is None:
            return load_unkept()
        return self._fill(name, claim.ticket, lifetime, lambda: load(claim.pinned))

    def _read_or_claim(self, name: str) -> Claim:
        value = self._ask(lambda backend: backend.read(name))
        return self._claim(name) if value is None else Claim(value)

    def _claim(self, name: str) -> Claim:
        ticket = secrets.token_hex(8)
        deadline, pause = time.monotonic() + WAIT_SECONDS, FIRST_PAUSE_SECONDS
        while True:
            claim = self._ask(lambda backend: backend.claim(name, ticket))
            is_settled = claim.ticket or claim.value is not None or not self._backend.stores
            if is_settled or time.monotonic() > deadline:
                return claim
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)

    def _fill(self, name: str, ticket: str, lifetime: float, load: Callable[[], T]) -> T:
        stored = False
        try:
            value = load()
            text = encoded(value)
            stored = len(text) <= LARGEST_VALUE_BYTES
        finally:
            if not stored:
                with _forgiven():
                    self._ask(lambda backend: backend.release(name, ticket))
        if stored:
            with _forgiven():
                self._ask(lambda backend: backend.fill(name, ticket, text, lifetime))
        return cast(T, decoded(text))

    def _load(self, load: "Callable[[Session], T]", *, pinned: bool) -> T:
        if self._database is None:
            raise RuntimeError("this site has no database to load from: use get and put")
        # Not the request's own session: what that one sees may be older than the claim.
        session, role = self._database.reader(pinned=pinned)
        with session:
            record = current_record()
            record.db = record.db or role
            return load(session)

    def _load_for_this_request(self, load: "Callable[[Session], T]") -> T:
        """Load what nobody else will see, so from where this visitor's own writes are seen."""
        from apps.chassis.transactions import current_session

        try:
            session = current_session()
        except RuntimeError:
            return cast(T, decoded(encoded(self._load(load, pinned=True))))
        return cast(T, decoded(encoded(load(session))))

    def _ask(self, ask: Callable[[Backend], T]) -> T:
        if self._owed:
            self._settle()
        current_record().cache_trips += self._backend.stores
        return ask(self._backend)

    def _owe(self, names: list[str]) -> None:
        with self._lock:
            self._owed.update(names[: MOST_OWED - len(self._owed)])

    def _settle(self) -> None:
        with self._lock:
            if self._owed:
                self._backend.invalidate(list(self._owed), self._pin_seconds())
                self._owed.clear()

    def _pin_seconds(self) -> float:
        return self._database.pin_seconds if self._database else 0.0

    def _name(self, key: str) -> str:
        if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
            key = hashlib.sha256(key.encode()).hexdigest()
        return f"{self._prefix}:{key}"


def open_cache(url: str, *, database: "Database | None", prefix: str) -> Cache:
    """The cache that the URL names; `prefix` keeps apps that share it apart. Raises ValueError for other URLs."""
    scheme = url.partition(":")[0]
    if scheme not in BACKENDS:
        raise ValueError(f"takes a URL that begins with one of: {', '.join(f'{name}:' for name in BACKENDS)}")
    return Cache(BACKENDS[scheme](url), database, prefix)


def note(outcome: str) -> None:
    """Tell the request's record how the cache did; the worst outcome of a request stands."""
    record = current_record()
    if record.cache is None or OUTCOMES.index(outcome) > OUTCOMES.index(record.cache):
        record.cache = outcome


def tell(error: CacheBroken) -> None:
    """Log it once here, and tell the request's record."""
    log.warning("the cache is broken: %s", error)
    note("broken")


def encoded(value: Any) -> bytes:
    """The value behind a mark of its kind; raises TypeError or ValueError for what is neither JSON nor bytes."""
    if isinstance(value, bytes):
        return b"b" + value
    return b"j" + json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def decoded(text: bytes) -> Any:
    """The value again; raises CacheBroken for what no `encoded` made."""
    try:
        return text[1:] if text[:1] == b"b" else json.loads(text[1:])
    except ValueError as error:
        raise CacheBroken(f"a value cannot be read: {error}") from error


def jittered(lifetime: float) -> float:
    """Up to a twentieth less, so that what was stored together does not expire together; ValueError below zero."""
    if lifetime <= 0:
        raise ValueError(f"a cached value needs a lifetime above 0 seconds, not {lifetime}")
    return lifetime * random.uniform(1 - JITTER, 1)  # noqa: S311


@contextmanager
def _forgiven() -> Iterator[None]:
    try:
        yield
    except CacheBroken as error:
        tell(error)


def _null(_: str) -> Backend:
    from apps.chassis.cache.null import NullBackend

    return NullBackend()


def _sqlite(url: str) -> Backend:
    from apps.chassis.cache.sqlite import SqliteBackend
    from apps.chassis.sqlite import path_of

    return SqliteBackend(path_of(url))


def _redis(url: str) -> Backend:
    from apps.chassis.cache.redis import RedisBackend
    from apps.chassis.redis import server_at

    return RedisBackend(server_at(url))


BACKENDS: Mapping[str, Callable[[str], Backend]] = {
    "null": _null,
    "sqlite": _sqlite,
    "redis": _redis,
    "rediss": _redis,
}

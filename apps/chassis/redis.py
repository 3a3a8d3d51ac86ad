"""One Redis or Valkey endpoint (version 7 or later), as sessions and cache use it.

Short timeouts, no retries, and after a failure everything fails at once for a second, so that an endpoint which is away
costs no request more than one timeout. Imported only where a redis URL is configured: importing redis costs 250 ms.
"""

import functools
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, ReadOnlyError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

CONNECT_SECONDS = 1.0
READ_SECONDS = 1.0
PAUSE_SECONDS = 1.0
REPLICATION_MILLISECONDS = 500

T = TypeVar("T")
Client = Any  # redis.Redis, whose execute_command has no types
log = logging.getLogger(__name__)


class RedisUnavailable(Exception):
    """The endpoint gave no answer, or refused; the message says which endpoint and why."""


class Script:
    """A Lua script. It is sent by its hash; the whole text only to a server that does not know it yet."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class Breaker:
    """After a failure nobody tries again for a second, and then one caller per second until one succeeds."""

    def __init__(self) -> None:
        self._broken = False
        self._try_at = 0.0
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether this caller may try now."""
        if not self._broken:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._try_at:
                return False
            self._try_at = now + PAUSE_SECONDS
            return True

    def succeeded(self) -> None:
        self._broken = False

    def failed(self) -> None:
        with self._lock:
            self._broken = True
            self._try_at = time.monotonic() + PAUSE_SECONDS


class RedisServer:
    """Commands and scripts for one endpoint; every failure is RedisUnavailable. Safe over threads and after a fork.

    The host name is looked up at each new connection, so a failover that moves the name is followed. The URL may say
    `?ssl_ca_certs=FILE` and `?wait_replicas=1`: a `replicated` script is then acknowledged only when so many replicas
    have it, or after half a second.
    """

    def __init__(self, url: str) -> None:
        url, self._wait_replicas = without_wait_replicas(url)
        self._pool = redis.ConnectionPool.from_url(
            url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=READ_SECONDS,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
        )
        self._pool.make_connection()
        options = self._pool.connection_kwargs
        self.address = f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"
        self._client = redis.Redis(connection_pool=self._pool)
        self._breaker = breaker_of(self.address)

    def command(self, *words: str | bytes | float) -> Any:
        """The reply to one command: one round trip."""
        return self._ask(lambda client: client.execute_command(*words))

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[str | bytes | float]) -> Any:
        """The script's reply: one round trip once the server knows the script."""
        return self._ask(lambda client: _evaluate(client, script, (len(keys), *keys, *arguments)))

    def run_replicated(self, script: Script, keys: Sequence[str], arguments: Sequence[str | bytes | float]) -> Any:
        """As `run`, and acknowledged as `wait_replicas` says, still in one round trip."""
        if not self._wait_replicas:
            return self.run(script, keys, arguments)
        words = (len(keys), *keys, *arguments)
        reply, acknowledged = self._ask(lambda client: _evaluate_and_wait(client, script, words, self._wait_replicas))
        if acknowledged < self._wait_replicas:
            log.warning("%s: a write reached %d of %d replicas", self.address, acknowledged, self._wait_replicas)
        return reply

    def close(self) -> None:
        """Close the connections that nobody is using; the next command opens a new one."""
        self._pool.disconnect(inuse_connections=False)

    def ready(self) -> dict[str, Any]:
        """Whether the endpoint answers, for the readiness report."""
        try:
            self.command("PING")
        except RedisUnavailable as error:
            log.warning("redis is away: %s", error)
            return {"ok": False, "detail": "redis does not answer"}
        return {"ok": True, "detail": "redis answers"}

    def _ask(self, work: Callable[[Client], T]) -> T:
        if not self._breaker.allows():
            raise RedisUnavailable(f"{self.address} did not answer a moment ago")
        try:
            answer = self._ask_the_writer(work)
        except RedisError as error:
            self._note(error)
            raise RedisUnavailable(f"{self.address}: {type(error).__name__}: {error}") from error
        self._breaker.succeeded()
        return answer

    def _ask_the_writer(self, work: Callable[[Client], T]) -> T:
        try:
            return work(self._client)
        except ReadOnlyError:
            # This server was demoted and has done nothing; the endpoint's name leads to its successor by now.
            self.close()
            return work(self._client)

    def _note(self, error: RedisError) -> None:
        if isinstance(error, (RedisConnectionError, RedisTimeoutError, ReadOnlyError)):
            self._breaker.failed()
            self.close()


@functools.cache
def server_at(url: str) -> RedisServer:
    """The one RedisServer of this process for this URL; raises ValueError for an option that nobody knows."""
    try:
        return RedisServer(url)
    except TypeError as error:
        raise ValueError(f"unknown option in the redis URL: {error}") from None


@functools.cache
def breaker_of(address: str) -> Breaker:
    """The breaker that all users of an endpoint share, whichever database number they use."""
    return Breaker()


def without_wait_replicas(url: str) -> tuple[str, int]:
    """The URL as redis-py takes it, and the number of replicas to wait for."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    replicas = int(options.pop("wait_replicas", "0"))
    return urlunsplit(parts._replace(query=urlencode(options))), replicas


def _evaluate(client: Client, script: Script, words: Sequence[str | bytes | float]) -> Any:
    try:
        return client.execute_command("EVALSHA", script.sha, *words)
    except NoScriptError:
        return client.execute_command("EVAL", script.text, *words)


def _evaluate_and_wait(
    client: Client, script: Script, words: Sequence[str | bytes | float], replicas: int
) -> tuple[Any, int]:
    pipeline = client.pipeline(transaction=False)
    pipeline.execute_command("EVALSHA", script.sha, *words)
    pipeline.execute_command("WAIT", replicas, REPLICATION_MILLISECONDS)
    reply, acknowledged = pipeline.execute(raise_on_error=False)
    if isinstance(reply, NoScriptError):
        return _evaluate(client, script, words), client.execute_command("WAIT", replicas, REPLICATION_MILLISECONDS)
    if isinstance(reply, Exception):
        raise reply
    return reply, int(acknowledged)

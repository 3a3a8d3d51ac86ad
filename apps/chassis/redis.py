"""One Redis or Valkey endpoint (version 7 or later), as sessions and cache use it.

Short timeouts, no retries, and after a failure everything fails at once for a second, so that an endpoint which is away
costs no request more than one timeout. Imported only where a redis URL is configured: importing redis costs 250 ms.
"""

import functools
import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, ReadOnlyError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from apps.chassis.breakers import breaker_of
from apps.chassis.languages import later

CONNECT_SECONDS = 1.0
READ_SECONDS = 1.0
REPLICATION_MILLISECONDS = 500
IMPATIENT_MILLISECONDS = 20

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


class RedisServer:
    """Commands and scripts for one endpoint; every failure is RedisUnavailable. Safe over threads and after a fork.

    The host name is looked up at each new connection, so a failover that moves the name is followed. The URL may say
    `?ssl_ca_certs=FILE` and `?wait_replicas=1`: a `replicated` script is then acknowledged only when so many replicas
    have it, or after half a second; once that was in vain, after 20 ms, until one is acknowledged again.
    """

    def __init__(self, url: str) -> None:
        url, self._wait_replicas = without_wait_replicas(url)
        self._patience = REPLICATION_MILLISECONDS
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

    def run_replicated(
        self, script: Script, keys: Sequence[str], arguments: Sequence[str | bytes | float]
    ) -> tuple[Any, bool]:
        """As `run`, still in one round trip, and whether as many replicas have it as the URL says to wait for."""
        if not self._wait_replicas:
            return self.run(script, keys, arguments), True
        words, wait = (len(keys), *keys, *arguments), (self._wait_replicas, self._patience)
        reply, acknowledged = self._ask(lambda client: _evaluate_and_wait(client, script, words, wait))
        confirmed: bool = acknowledged >= self._wait_replicas
        # While replicas are missing, each change would else keep a thread busy for half a second.
        self._patience = REPLICATION_MILLISECONDS if confirmed else IMPATIENT_MILLISECONDS
        if not confirmed:
            log.warning("%s: a write reached %d of %d replicas", self.address, acknowledged, self._wait_replicas)
        return reply, confirmed

    def close(self) -> None:
        """Close the connections that nobody is using; the next command opens a new one."""
        self._pool.disconnect(inuse_connections=False)

    def ready(self) -> dict[str, Any]:
        """Whether the endpoint answers, for the readiness report."""
        try:
            self.command("PING")
        except RedisUnavailable as error:
            log.warning("redis is away: %s", error)
            return {"ok": False, "detail": later("redis does not answer")}
        return {"ok": True, "detail": later("redis answers")}

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
    client: Client, script: Script, words: Sequence[str | bytes | float], wait: tuple[int, int]
) -> tuple[Any, int]:
    try:
        return _with_wait(client, ("EVALSHA", script.sha, *words), wait)
    except NoScriptError:
        return _with_wait(client, ("EVAL", script.text, *words), wait)


def _with_wait(client: Client, command: Sequence[str | bytes | float], wait: tuple[int, int]) -> tuple[Any, int]:
    # By one connection, for WAIT counts only those replicas that have what this very connection wrote.
    pipeline = client.pipeline(transaction=False)
    pipeline.execute_command(*command)
    pipeline.execute_command("WAIT", *wait)
    reply, acknowledged = pipeline.execute(raise_on_error=False)
    for answer in (reply, acknowledged):
        if isinstance(answer, Exception):
            raise answer
    return reply, int(acknowledged)

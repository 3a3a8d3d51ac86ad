"""The outermost layer of every request: its id, its record, the headers that all answers share, its log line.

It wraps `start_response` once instead of using Flask's hooks: each set of hooks costs more than all this together.
"""

import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from random import getrandbits
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from apps.chassis.identity import Identity
    from apps.chassis.security import Pin

LIVE = "/health/live"
TRACE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=-;:.+_")


class RequestRecord:
    """What is noted about one request, for its log line, its metrics and its Server-Timing."""

    __slots__ = (
        "cache", "cache_trips", "db", "endpoint", "id", "queries", "session", "started", "status", "storage", "trace",
        "unconfirmed", "wrote",
    )  # fmt: skip

    def __init__(self, trace: str | None = None) -> None:
        # It names a request and guards nothing; asking the system for better ones lets another thread in, each time.
        self.id = f"{getrandbits(64):016x}"
        self.trace = trace
        self.started = time.perf_counter()
        self.endpoint: str | None = None
        self.status = 0
        self.db: str | None = None
        self.cache: str | None = None
        self.session: str | None = None
        self.storage: str | None = None
        self.queries = 0
        self.cache_trips = 0
        self.wrote = False
        # The session's change was acknowledged by fewer replicas than were to be waited for.
        self.unconfirmed = False

    def seconds(self) -> float:
        """Time since the request arrived here."""
        return time.perf_counter() - self.started


_current: ContextVar[RequestRecord] = ContextVar("request_record")


_nobodys = RequestRecord()


def current_record() -> RequestRecord:
    """The record of the request being served; outside of one, a record that nobody reads."""
    return _current.get(_nobodys)


class Frame:
    """A WSGI layer around an app; `finish` is called once per request with its environ and its record."""

    def __init__(
        self,
        app: "WSGIApplication",
        *,
        identity: "Identity",
        headers: list[tuple[str, str]],
        show_architecture: bool,
        pin: "Pin | None",
        finish: Callable[["WSGIEnvironment", RequestRecord], None],
    ) -> None:
        self.app = app
        self.identity = identity
        self.headers = headers
        self.show_architecture = show_architecture
        self.pin = pin
        self.finish = finish

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] == LIVE:
            return _answer_alive(environ, start_response)
        record = RequestRecord(trace_of(environ))
        token = _current.set(record)

        # Quoted, or each request would spend a microsecond on making these types.
        def start(status: str, headers: "list[tuple[str, str]]", exc_info: "Any" = None) -> "Callable[[bytes], object]":
            record.status = int(status[:3])
            self.add_headers(record, headers)
            return start_response(status, headers, exc_info)

        try:
            return self.app(environ, start)
        finally:
            self.finish(environ, record)
            _current.reset(token)

    def add_headers(self, record: RequestRecord, headers: list[tuple[str, str]]) -> None:
        """Add what every answer carries; a view's own Content-Security-Policy wins."""
        own_policy = [name for name, _ in headers if name == "Content-Security-Policy"]
        headers.extend(self.headers[1:] if own_policy else self.headers)
        headers.append(("X-Request-Id", record.id))
        # On errors too: a commit whose answer was lost may have happened.
        if record.wrote and self.pin is not None:
            headers.append(("Set-Cookie", self.pin.cookie()))
        timing = server_timing(self.identity, record) if self.show_architecture else own_timing(record)
        headers.append(("Server-Timing", timing))


def trace_of(environ: "WSGIEnvironment") -> str | None:
    """The load balancer's trace id, if it is one; anything else could forge log lines."""
    value: str | None = environ.get("HTTP_X_AMZN_TRACE_ID")
    return value if value and len(value) <= 200 and TRACE_CHARACTERS.issuperset(value) else None


def server_timing(identity: "Identity", record: RequestRecord) -> str:
    """Who served this and with what, in the form that a page can read about itself."""
    parts = [f'instance;desc="{identity.instance_id}"', f'zone;desc="{identity.availability_zone}"']
    if record.db:
        parts.append(f'db;desc="{record.db}, {record.queries} queries"')
    if record.cache:
        parts.append(f'cache;desc="{record.cache}"')
    if record.session:
        unconfirmed = ", unconfirmed" if record.unconfirmed else ""
        parts.append(f'session;desc="{record.session}{unconfirmed}"')
    if record.storage:
        parts.append(f'storage;desc="{record.storage}"')
    parts.append(own_timing(record))
    return ", ".join(parts)


def own_timing(record: RequestRecord) -> str:
    """How long this took, in milliseconds; it tells nothing of what was at work."""
    return f"app;dur={record.seconds() * 1000:.1f}"


def _answer_alive(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    # Nothing is asked here, not even the host's name: one stalled dependency must not condemn the whole fleet.
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        start_response("405 Method Not Allowed", [("Allow", "GET, HEAD"), ("Content-Length", "0")])
        return []
    body = b'{"live": true}\n'
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

"""Logs on standard output: a JSON object per line in production, readable lines in development."""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any, TextIO

from apps.chassis.frame import RequestRecord, current_record

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time (UTC), level, logger, message, request id and trace, and whatever `extra` gave."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = current_record()
        if request.status or request.endpoint:
            fields |= {"request_id": request.id, "trace": request.trace}
        fields |= {name: value for name, value in vars(record).items() if name not in ATTRIBUTES}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A line for a person: local time, level if it matters, message, and what `extra` gave."""

    def format(self, record: logging.LogRecord) -> str:
        level = "" if record.levelno == logging.INFO else f"{record.levelname} "
        line = f"{time.strftime('%H:%M:%S', time.localtime(record.created))} {level}{record.getMessage()}"
        extra = [f"{name}={value}" for name, value in vars(record).items() if name not in ATTRIBUTES]
        lines = [" ".join([line, *extra])]
        if record.exc_info:
            lines.append(self.formatException(record.exc_info))
        return "\n".join(lines)


def configure(log_format: str, stream: TextIO | None = None) -> None:
    """Send every logger of this process to `stream` (standard output) in one format."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("alembic", "botocore", "boto3", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class AccessLog:
    """One line per request, written past the logging machinery, whose records cost more than the line itself."""

    def __init__(self, log_format: str, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.line = _json_line if log_format == "json" else _text_line

    def write(self, environ: "WSGIEnvironment", record: RequestRecord) -> None:
        """Write the line; the path is escaped, so that a request cannot forge lines of its own."""
        stream = self.stream
        stream.write(self.line(environ, record))
        stream.flush()


def _json_line(environ: "WSGIEnvironment", record: RequestRecord) -> str:
    # Written out by hand: a third of the encoder's time, and only what a client sent can need its escapes.
    return (
        f'{{"time": "{_now()}", "level": "info", "logger": "access", "request_id": "{record.id}", '
        f'"trace": {_quoted(record.trace)}, "method": {_quoted(environ["REQUEST_METHOD"])}, '
        f'"path": {_quoted(_path(environ))}, "status": {record.status}, "ms": {record.seconds() * 1000:.2f}, '
        f'"peer": {_quoted(environ.get("REMOTE_ADDR"))}, "agent": {_quoted(environ.get("HTTP_USER_AGENT", "")[:120])}, '
        f'"db": {_quoted(record.db)}, "queries": {record.queries}, "cache": {_quoted(record.cache)}, '
        f'"session": {_quoted(record.session)}}}\n'
    )


def _now() -> str:
    second, rest = divmod(time.time_ns(), 1_000_000_000)
    return f"{_second(second)}.{rest // 1_000_000:03}+00:00"


@lru_cache(maxsize=4)
def _second(unix: int) -> str:
    """A second's text is made once, for all requests that end within it."""
    return f"{datetime.fromtimestamp(unix, UTC):%Y-%m-%dT%H:%M:%S}"


def _quoted(value: str | None) -> str:
    return "null" if value is None else encode_basestring_ascii(value)


def _text_line(environ: "WSGIEnvironment", record: RequestRecord) -> str:
    path = "".join(c if c.isprintable() else "?" for c in _path(environ))
    parts = [record.db, record.cache and f"cache {record.cache}", record.session and f"session {record.session}"]
    said = "  ".join(part for part in parts if part)
    clock = time.strftime("%H:%M:%S")
    return f"{clock} {record.status} {environ['REQUEST_METHOD']} {path}  {record.seconds() * 1000:.1f} ms  {said}\n"


def _path(environ: "WSGIEnvironment") -> str:
    # Cut, so that a line stays below what a pipe takes in one piece and two processes never mix their lines.
    path: str = environ["PATH_INFO"][:300]
    return path if path.isascii() else path.encode("latin-1").decode("utf-8", "replace")

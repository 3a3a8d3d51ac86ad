"""The peers that the chassis is measured against, and the same emptiness inside the chassis."""

import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path
from random import getrandbits
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def bare() -> Flask:
    """The least app that has the same libraries: Flask, SQLAlchemy, redis and PyMySQL, imported and unused."""
    import pymysql  # noqa: F401
    import redis  # noqa: F401
    import sqlalchemy.orm  # noqa: F401

    app = Flask("bare")
    app.add_url_rule("/", "index", empty)
    return app


def empty() -> Response:
    """Next to nothing."""
    return Response("ok", mimetype="text/plain")


def framed() -> Flask:
    """The same view inside the whole chassis, with all that a site has: database, sessions, cache, logs, headers."""
    from sqlalchemy import MetaData

    from apps.chassis.app import create_app
    from apps.chassis.settings import of_this_process
    from apps.chassis.sites import Site

    def views() -> Sequence[Blueprint]:
        blueprint = Blueprint("empty", __name__)
        blueprint.add_url_rule("/", "index", empty)
        return [blueprint]

    site = Site(name="myclothes", title="Empty", package="apps.myclothes", blueprints=views, metadata=MetaData)
    return create_app(of_this_process(), site)


class Telling:
    """The least that can be done to give one answer again and again: its body and headers, and its line in the log.

    What differs from request to request differs here too. It has what our gunicorn settings ask of an app, and does
    nothing in it, so that both run under the same settings.
    """

    def __init__(self, body: bytes, headers: dict[str, str]) -> None:
        self.body = body
        self.timing = headers.pop("Server-Timing").rpartition("=")[0]
        headers.pop("X-Request-Id")
        self.headers = list(headers.items())
        self.metrics = self

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began, request_id = time.perf_counter(), f"{getrandbits(64):016x}"
        took = (time.perf_counter() - began) * 1000
        fresh = [("X-Request-Id", request_id), ("Server-Timing", f"{self.timing}={took:.1f}")]
        start_response("200 OK", self.headers + fresh)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        sys.stdout.write(
            f'{{"time": "{now}", "level": "info", "logger": "access", "request_id": "{request_id}", "trace": null, '
            f'"method": {quoted(environ["REQUEST_METHOD"])}, "path": {quoted(environ["PATH_INFO"])}, "status": 200, '
            f'"ms": {took:.2f}, "peer": {quoted(environ["REMOTE_ADDR"])}, '
            f'"agent": {quoted(environ.get("HTTP_USER_AGENT", ""))}, '
            '"db": null, "queries": 0, "cache": null, "session": null}\n'
        )
        sys.stdout.flush()
        return [self.body]

    def use_slot(self, slot: int) -> None: ...
    def start_process(self) -> None: ...
    def stop_process(self) -> None: ...


def telling() -> Telling:
    """What WhatIsTheTime answered once, without all that it is made of."""
    from apps.chassis.app import create_app
    from apps.chassis.settings import of_this_process

    answer = create_app(of_this_process()).test_client().get("/api/timezone/Asia/Seoul")
    return Telling(answer.data, dict(answer.headers))


class Pages:
    """As `Telling`, with an answer for each of some addresses."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = {address: Telling(body, self.headers(body)) for address, body in pages.items()}
        self.metrics = self

    @staticmethod
    def headers(body: bytes) -> dict[str, str]:
        said = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-cache",
        }
        return said | {"Server-Timing": 'cache;desc="hit", app;dur=0.1', "X-Request-Id": ""}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        query = environ["QUERY_STRING"]
        return self.pages[environ["PATH_INFO"] + (f"?{query}" if query else "")](environ, start_response)

    def use_slot(self, slot: int) -> None: ...
    def start_process(self) -> None: ...
    def stop_process(self) -> None: ...


def pages() -> Pages:
    """What lab.blog has left in a folder: under each name the bytes, and in `addresses` where they are asked for."""
    folder = Path(os.environ["LAB_PAGES"])
    addresses: dict[str, str] = json.loads((folder / "addresses").read_text())
    return Pages({address: (folder / name).read_bytes() for name, address in addresses.items()})

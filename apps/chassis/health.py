"""Readiness, identity and metrics over HTTP. Liveness is answered further out, in frame.py, and touches nothing."""

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import NotFound

from apps.chassis.context import application

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from apps.chassis.app import Application

ANSWER_LIVES_SECONDS = 1.0

blueprint = Blueprint("health", __name__)


class Probed(Protocol):
    """A backend that can say whether it works; it answers within its own short timeouts and raises nothing."""

    def ready(self) -> Mapping[str, Any]: ...


class Readiness:
    """Asks each dependency, at most once a second however many ask."""

    def __init__(self, app: "Application") -> None:
        self.app = app
        self.lock = threading.Lock()
        self.asked_at = 0.0
        self.answer: dict[str, Any] = {}

    def report(self) -> dict[str, Any]:
        """`{"ready": bool, "parts": {name: {"ok": bool, ...}}}`; the cache may be away without making it red."""
        # Only the first to come asks; the others must not fill all threads waiting for a dependency that hangs.
        if self.lock.acquire(blocking=not self.answer):
            try:
                self.ask()
            finally:
                self.lock.release()
        return self.answer

    def ask(self) -> None:
        if self.answer and time.monotonic() - self.asked_at < ANSWER_LIVES_SECONDS:
            return
        parts = {name: dict(part.ready()) for name, part in self.parts().items()}
        ready = all(part["ok"] for name, part in parts.items() if name != "cache")
        self.answer = {"ready": ready, "app": self.app.site.name, "parts": parts}
        self.asked_at = time.monotonic()

    def parts(self) -> dict[str, Probed]:
        app = self.app
        parts: dict[str, Probed | None] = {
            "database": app.database,
            "sessions": app.session_store,
            "cache": app.cache,
            "storage": app.storage if app.database is not None else None,
            **app.watches,
        }
        return {name: part for name, part in parts.items() if part is not None}


@blueprint.get("/health/ready")
def ready() -> Response:
    """What each dependency said within the last second; 503 if one that is needed does not work."""
    report = application().readiness.report()
    response = jsonify(report)
    response.status_code = 200 if report["ready"] else 503
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/whoami")
def whoami() -> Response:
    """Who served this: a page for who names HTML, lines for who names text, else JSON; a bare `*/*` is a program's."""
    app = application()
    app.identity.look_up(app.settings.metadata_endpoint)
    facts = app.identity.as_dict() | {"app": app.site.name, "tier": "worker" if app.settings.worker else "web"}
    wanted = request.accept_mimetypes.best_match(("application/json", "text/html", "text/plain"))
    if wanted == "text/plain":
        lines = "".join(f"{name}: {value}\n" for name, value in facts.items())
        response = Response(lines, mimetype="text/plain")
    elif wanted == "text/html":
        response = make_response(render_template("chassis/whoami.html", facts=facts))
    else:
        response = jsonify(facts)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def metrics() -> Response:
    """The counters of all processes; the socket that only we can reach has this one address."""
    if request.path != "/metrics":
        raise NotFound
    return Response(application().metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def came_in_by(address: str, environ: "WSGIEnvironment") -> bool:
    """Whether a request came in by that socket of ours; a Host header, which anybody can write, proves nothing."""
    listener = environ.get("gunicorn.socket")
    if listener is None:
        return False
    name = listener.getsockname()
    return name == address.removeprefix("unix:") if isinstance(name, str) else f"{name[0]}:{name[1]}" == address

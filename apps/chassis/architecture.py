"""What is running right now, part by part, for a page that draws it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, make_response, render_template, request

from apps.chassis.errors import wants_json

if TYPE_CHECKING:
    from apps.chassis.app import Application

WRITER = "writer"


@dataclass(slots=True)
class Part:
    """One part: what it is made of, whether it answers, and what is worth telling of it now."""

    name: str
    kind: str
    ok: bool = True
    detail: str = ""
    # Whether it is what answered the question that this page asked.
    answered: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


def register(app: "Application") -> None:
    """Add the page, if this app shows its architecture and has one: a site without any state has only instances."""
    has_page = app.settings.show_architecture and app.database is not None and not app.settings.worker
    app.jinja_env.globals["has_architecture"] = has_page
    if has_page:
        app.add_url_rule("/architecture", "architecture", lambda: show(app))


def show(app: "Application") -> Response:
    """The page, or the same as JSON. Nothing that is away keeps it from being shown."""
    app.identity.look_up(app.settings.metadata_endpoint)
    found = list(parts(app))
    if wants_json():
        response = jsonify({"instance": app.identity.as_dict(), "parts": [vars_of(part) for part in found]})
    else:
        by_name = {part.name: part for part in found}
        readers = [part for part in found if part.name.startswith("reader")]
        page = render_template(
            "chassis/architecture.html",
            parts=by_name,
            readers=readers,
            instance=app.identity.as_dict(),
            requests=app.metrics.requests(),
            settings=app.settings,
            pinned=_is_pinned(app),
            away=[part.name for part in found if not part.ok],
        )
        response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Cookie"))
    return response


def parts(app: "Application") -> Iterator[Part]:
    """Every part behind this instance, as it is now."""
    report = app.readiness.report()["parts"]
    yield from databases(app, report["database"])
    if app.session_store is not None:
        yield _part("sessions", app.session_store.name, report["sessions"])
    cache = _part("cache", _scheme(app.settings.cache_url), report["cache"])
    cache.facts = cache_facts(app)
    yield cache
    yield _part("storage", _scheme(app.settings.storage_url), report["storage"])
    yield queue(app)


def databases(app: "Application", report: dict[str, Any]) -> Iterator[Part]:
    """The writer and each reader, and which of them answers this visitor now."""
    assert app.database is not None
    role, kind = _answering(app), app.database.url.get_backend_name()
    yield Part(WRITER, kind, report["ok"], report["detail"], role == WRITER)
    for name, reader in report["readers"].items():
        facts = {"lag_seconds": reader["lag_seconds"]}
        yield Part(name, kind, reader["in_rotation"], answered=role == name, facts=facts)


def cache_facts(app: "Application") -> dict[str, Any]:
    """Reads of all processes of this instance since it started; the rate is None before the first."""
    reads = app.metrics.cache_reads()
    counted = reads["hit"] + reads["miss"]
    return {**reads, "hit_rate": reads["hit"] / counted if counted else None}


def queue(app: "Application") -> Part:
    """The queue to the worker tier, and for how long its oldest message has waited."""
    from apps.chassis.jobs import QueueUnavailable

    part = Part("queue", _scheme(app.settings.queue_url), ok=False)
    with suppress(QueueUnavailable):
        part.facts = {"oldest_seconds": app.queue.oldest_age()}
        part.ok = True
    return part


def vars_of(part: Part) -> dict[str, Any]:
    """The part as JSON tells it."""
    return {
        "name": part.name,
        "kind": part.kind,
        "ok": part.ok,
        "detail": part.detail,
        "answered": part.answered,
        **part.facts,
    }


def _part(name: str, kind: str, report: dict[str, Any]) -> Part:
    return Part(name, kind, report["ok"], str(report.get("detail", "")))


def _answering(app: "Application") -> str | None:
    """Who answered one question just now; None if nobody did."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    assert app.database is not None
    session, role = app.database.reader(pinned=_is_pinned(app))
    with suppress(SQLAlchemyError), session:
        session.execute(text("SELECT 1"))
        return role
    return None


def _is_pinned(app: "Application") -> bool:
    return app.pin is not None and app.pin.holds(request)


def _scheme(url: str) -> str:
    return url.partition(":")[0]

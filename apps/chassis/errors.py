"""Errors as pages for people and as JSON for programs; a missing backend is 503 with Retry-After, never a trace."""

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from flask import Response, jsonify, make_response, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from apps.chassis.frame import current_record
from apps.chassis.languages import later, translated

if TYPE_CHECKING:
    from apps.chassis.app import Application

RETRY_AFTER_SECONDS = 5
EXPLANATION = later("A part that this page needs does not answer right now. Please try again in a few seconds.")
UNEXPECTED = later("Something went wrong on our side. It is logged under the id below.")
PLAIN = {
    400: later("This request cannot be understood."),
    404: later("There is nothing at this address. It may have moved, or be mistyped."),
    405: later("This address cannot be used in this way."),
    413: later("What you sent is too large."),
}
TITLES = {
    400: later("Bad request"),
    403: later("Forbidden"),
    404: later("Not found"),
    405: later("Method not allowed"),
    409: later("Conflict"),
    413: later("Too large"),
    422: later("Cannot be processed"),
    429: later("Too many requests"),
    500: later("Internal server error"),
    503: later("Service unavailable"),
}

log = logging.getLogger(__name__)


def register(app: "Application") -> None:
    """Answer every error of this app in the form its client asked for."""
    app.jinja_env.globals["layout"] = "chassis/base.html"
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(InternalServerError, show_unexpected)
    for missing in unavailable(app):
        app.register_error_handler(missing, show_unavailable)


def within(template: str) -> Callable[[BlueprintSetupState], None]:
    """For a blueprint's `record_once`: show errors and /whoami of its site within this template.

    It may ask neither session nor database, for it is shown when those are gone. The worker tier has no blueprint, and
    none of the addresses that a site's navigation leads to, so it keeps the plain template.
    """

    def surround(state: BlueprintSetupState) -> None:
        state.app.jinja_env.globals["layout"] = template

    return surround


def unavailable(app: "Application") -> Iterator[type[Exception]]:
    """The exceptions that mean: a backend is away."""
    from apps.chassis.jobs import QueueUnavailable
    from apps.chassis.mail import MailUnavailable
    from apps.chassis.storage import StorageUnavailable

    yield from (QueueUnavailable, MailUnavailable, StorageUnavailable)
    if app.site.sessions:
        from apps.chassis.sessions import SessionUnavailable

        yield SessionUnavailable
    if app.database is not None:
        from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

        yield from (InterfaceError, OperationalError, TimeoutError)


def show(error: HTTPException, template: str = "chassis/error.html") -> Response:
    """The error as a page or as JSON, with the headers that belong to it; a `template` of a site's extends ours."""
    if error.response is not None:
        return make_response(error.response)
    response = _as_json(error) if wants_json() else _as_page(error, template)
    response.status_code = error.code or 500
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_json(error: HTTPException) -> Response:
    problem = {"status": error.code or 500, "title": error.name, "detail": told(error)}
    return jsonify({"error": problem, "request_id": current_record().id})


def _as_page(error: HTTPException, template: str) -> Response:
    status = error.code or 500
    title, detail = translated(TITLES.get(status, error.name)), translated(told(error))
    return make_response(
        render_template(template, status=status, title=title, detail=detail, request_id=current_record().id)
    )


def told(error: HTTPException) -> str:
    """What the view said, or else our own words for what happened."""
    own_words = error.description and error.description != type(error).description
    return (error.description if own_words else PLAIN.get(error.code or 500, error.description)) or ""


def show_unavailable(error: Exception) -> Response:
    """503 for a backend that is away; the log says which, the page does not."""
    log.warning("a backend is away: %s: %s", type(error).__name__, _first_line(error))
    return show(ServiceUnavailable(EXPLANATION, retry_after=RETRY_AFTER_SECONDS))


def show_unexpected(error: InternalServerError) -> Response:
    """500, unless what went wrong after the view was a backend that is away."""
    from apps.chassis.context import application

    original = error.original_exception
    if isinstance(original, Exception) and isinstance(original, tuple(unavailable(application()))):
        return show_unavailable(original)
    return show(InternalServerError(UNEXPECTED))


def wants_json() -> bool:
    """Whether the client would rather have JSON than a page."""
    accepted = request.accept_mimetypes
    return accepted.best_match(("text/html", "application/json")) == "application/json"


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0][:300]

"""The one view of the API: finds the route, checks what was sent, lets the resource answer, and shapes the answer."""

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException, InternalServerError

from apps.chassis import errors
from apps.chassis.context import db, programs
from apps.chassis.identifiers import LARGEST
from apps.chassis.visitors import origin
from apps.mywordpress.api.asked import ROOT, Asked, Reply
from apps.mywordpress.api.avatars import drawn
from apps.mywordpress.api.errors import ApiError, no_route
from apps.mywordpress.api.parameters import given, validated
from apps.mywordpress.api.routing import Endpoint, Route, routed
from apps.mywordpress.api.shapes import embeds, fields_of, finished
from apps.mywordpress.api.table import LOADERS, ROUTES
from apps.mywordpress.api.who import allow_body, asking, share

if TYPE_CHECKING:
    from apps.chassis.app import Application

api = Blueprint("api", __name__, url_prefix=ROOT)

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
UNAVAILABLE = "A part of this site does not answer right now. Please try again in a few seconds."
CODES = {400: "rest_invalid_request", 403: "rest_forbidden", 404: "rest_no_route", 413: "rest_upload_file_too_big"}
CODES |= {429: "rest_too_many_requests", 503: "rest_unavailable"}

log = logging.getLogger(__name__)
# One encoder for all: making it costs more than its work.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@api.route("/", methods=METHODS, provide_automatic_options=False, defaults={"path": ""})
@api.route("/<path:path>", methods=METHODS, provide_automatic_options=False)
@programs
def answer(path: str) -> Response:
    """Answer one request; the transaction of a write ends with it."""
    path = "/" + path.strip("/")
    found = routed(ROUTES, path)
    if found is None:
        raise no_route()
    route, from_path = found[0], {name: _bounded(value) for name, value in found[1].items()}
    user = asking(request)
    allow_body(request, user, takes_files=route.takes_files)
    # Nothing of the body is read before it is known whose it is, and how much may be sent.
    sent = {**given(request), **from_path}
    asked = Asked(db(), user, origin(), _method(), path, sent, query=list(request.args.items(multi=True)))
    asked.fields = fields_of(sent.get("_fields"))
    asked.params = validated(from_path, route.args)
    if request.method == "OPTIONS":
        return shown(asked, route, Reply(route.options(asked.origin)))
    endpoint = route.endpoint("GET" if asked.method == "HEAD" else asked.method)
    if endpoint is None:
        raise no_route()
    return shown(asked, route, _run(asked, route, endpoint), endpoint)


@api.get("/avatars/<int:tint>/<letters>.svg")
def avatar(tint: int, letters: str) -> Response:
    return drawn(tint, letters)


def _method() -> str:
    """What a client means that can send nothing but GET and POST. Reading never becomes writing."""
    named = request.args.get("_method") or request.headers.get("X-HTTP-Method-Override") or request.method
    return named.upper() if request.method == "POST" and named.upper() in WRITING else request.method


def _bounded(value: str) -> str:
    """A number beyond what a database holds belongs to nothing, just as the largest one does."""
    return str(min(int(value[:20]), LARGEST)) if value.isdecimal() else value


def _run(asked: Asked, route: Route, endpoint: Endpoint) -> Reply:
    asked.params = validated(asked.given, {**endpoint.args, **route.args})
    asked.context = asked["context"] or "view"
    endpoint.allowed(asked)
    return endpoint.run(asked)


def shown(asked: Asked, route: Route, reply: Reply, used: Endpoint | None = None) -> Response:
    """The answer with all its headers, in an envelope if that is asked for."""
    embed = embeds(request.args["_embed"]) if "_embed" in request.args else False
    data = finished(replace(asked), reply.data, embed, LOADERS)
    headers = {**reply.headers, "Allow": route.allows(asked, used)}
    if "_envelope" in request.args:
        data, headers = {"body": data, "status": reply.status, "headers": headers}, {}
    return respond(data, 200 if "_envelope" in request.args else reply.status, headers, asked)


def respond(data: Any, status: int, headers: dict[str, str], asked: Asked | None = None) -> Response:
    """JSON, as other sites may read it."""
    response = Response(_encode(data), status, headers, content_type="application/json; charset=UTF-8")
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.add("Link", f'<{origin()}{ROOT}/>; rel="https://api.w.org/"')
    is_private = asked is None or asked.user is not None or status >= 400
    response.headers["Cache-Control"] = "no-store" if is_private else "no-cache"
    share(response, request)
    return response


@api.errorhandler(ApiError)
def show_error(error: ApiError) -> Response:
    return respond(error.body(), error.status, {})


@api.errorhandler(HTTPException)
def show_other_error(error: HTTPException) -> Response:
    """What the site refused before the API came to answer."""
    status = error.code or 500
    body = {"code": CODES.get(status, "rest_error"), "message": errors.told(error), "data": {"status": status}}
    said = dict(error.get_headers(request.environ))
    return respond(body, status, {name: said[name] for name in ("Retry-After", "Allow") if name in said})


@api.errorhandler(InternalServerError)
def show_unexpected(error: InternalServerError) -> Response:
    body = {"code": "internal_server_error", "message": errors.UNEXPECTED, "data": {"status": 500}}
    return respond(body, 500, {})


def show_unavailable(error: Exception) -> Response:
    log.warning("a backend is away: %s", type(error).__name__)
    headers = {"Retry-After": str(errors.RETRY_AFTER_SECONDS)}
    return respond({"code": CODES[503], "message": UNAVAILABLE, "data": {"status": 503}}, 503, headers)


@api.record_once
def know_backends(state: BlueprintSetupState) -> None:
    """A backend that is away is told of in JSON, too."""
    handlers = state.app.error_handler_spec[api.name][None]
    handlers |= dict.fromkeys(errors.unavailable(cast("Application", state.app)), show_unavailable)


@api.after_app_request
def tell_of_api(response: Response) -> Response:
    """Let clients find the API from any page."""
    if response.mimetype == "text/html" and request.method in ("GET", "HEAD"):
        response.headers.add("Link", f'<{origin()}{ROOT}/>; rel="https://api.w.org/"')
    return response

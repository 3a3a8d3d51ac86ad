"""How the site answers programs: as JSON or as text, for the moment or for as long as an edition holds, to anybody."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, cast

from flask import Blueprint, Request, Response, current_app, redirect, request
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, NotFound, PreconditionFailed

from apps.chassis import errors
from apps.chassis.languages import translated
from apps.whatisthetime import zones
from apps.whatisthetime.zones import UnknownZone

Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"
JSON, TEXT = "application/json", "text/plain; charset=utf-8"
NO_STORE = "no-store"
ONE_DAY = "public, max-age=86400"
# Any page of any site may ask: there is nothing here that a visitor has and another has not.
OPEN_TO_ALL = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "X-Tz-Edition, ETag, Retry-After, Server-Timing, X-Request-Id"),
    ("Timing-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
PREFLIGHT = (
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "*"),
    ("Access-Control-Max-Age", "86400"),
)
KEPT_OF_ERRORS = ("Allow", "Retry-After")

# One encoder for all: making it costs more than its work.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

blueprint = Blueprint("answers", __name__)


def wants_text(asked: Request) -> bool:
    """Whether to answer with plain text: below /api to who names it, by `.txt` or by Accept; elsewhere to who would
    take anything as well, as curl does. Who sends no Accept at all gets JSON or the page.
    """
    accepted = asked.accept_mimetypes
    if below_api(asked):
        return asked.path.endswith(".txt") or accepted.best_match((JSON, "text/plain")) == "text/plain"
    return bool(accepted) and accepted.best_match(("text/plain", "text/html")) == "text/plain"


def told(fields: Mapping[str, Value]) -> Response:
    """The fields in their order, as JSON or as lines `name: value`, whichever the request wants."""
    return _put(as_text(fields)) if wants_text(request) else _put(as_json(fields), JSON)


def listed(names: Iterable[str]) -> Response:
    """The names as a JSON array or one per line, whichever the request wants."""
    return _put(as_lines(names)) if wants_text(request) else _put(as_json(list(names)), JSON)


def failed(message: str, status: int) -> Response:
    """What is wrong, as `{"error": message}` or as that line, whichever the request wants; never to be kept."""
    response = _put(as_lines([message])) if wants_text(request) else _put(as_json({"error": message}), JSON)
    response.status_code = status
    return fleeting(response)


def fleeting(response: Response) -> Response:
    """For what tells a moment: nobody may keep it."""
    response.headers["Cache-Control"] = NO_STORE
    return response


def by_edition(response: Response) -> Response:
    """For what the edition of the tz database alone decides: kept for a day, and 304 to who has it already."""
    response.headers["Cache-Control"] = ONE_DAY
    if not below_api(request):
        response.vary.update(("Accept", "Accept-Language"))
    response.add_etag()
    # The star means any answer at all, and there is one; Werkzeug takes it for a tag that none has.
    if not request.if_match.star_tag:
        response.make_conditional(request)
    if response.status_code == PreconditionFailed.code:
        # As an error of its own: a cache could keep this one, and give it to all who ask after.
        raise PreconditionFailed("If-Match names another answer than this one")
    return response


def take_only(*names: str) -> None:
    """Raise BadRequest, which names them all, for a query parameter that is none of these or is given twice."""
    for name, values in request.args.lists():
        if name not in names:
            known = f"it takes {', '.join(names)}" if names else "it takes none"
            raise BadRequest(f"unknown parameter {name[:40]}: {known}")
        if len(values) > 1:
            raise BadRequest(f"parameter {name} is given {len(values)} times: it takes one value")


def as_json(value: Value) -> bytes:
    """The value in one line, its fields in their order."""
    return _encode(value).encode() + b"\n"


def as_text(fields: Mapping[str, Value]) -> bytes:
    """A line for each field, `name: value`; what is within another has the names of both: `before.offset: 3600`."""
    return as_lines(f"{name}: {value}" for name, value in _flat("", fields))


def as_lines(lines: Iterable[str]) -> bytes:
    """One line each, whatever they hold."""
    return "".join(f"{' '.join(line.splitlines())}\n" for line in lines).encode()


def below_api(asked: Request) -> bool:
    """Whether a program is answered, and not a person."""
    return asked.path.startswith("/api/") or asked.path == "/api"


@blueprint.after_app_request
def mark(response: Response) -> Response:
    """Every answer names its edition of the tz database, and any site's page may read those of the API."""
    response.headers["X-Tz-Edition"] = zones.edition()
    if below_api(request):
        response.headers.update(OPEN_TO_ALL)
        if request.method == "OPTIONS" and response.status_code == 200:
            _allow_to_ask(response)
    return response


@blueprint.app_errorhandler(HTTPException)
def show(error: HTTPException) -> Response:
    """Programs get their errors in the API's own shape below /api, and terminals in a line everywhere."""
    if error is request.routing_exception and (page := _without_slash()):
        return page
    told = errors.told(error)
    return _restated(errors.show(error), told if below_api(request) else translated(told))


@blueprint.app_errorhandler(InternalServerError)
def show_unexpected(error: InternalServerError) -> Response:
    return _restated(errors.show_unexpected(error), "something went wrong on our side")


@blueprint.app_errorhandler(UnknownZone)
def show_unknown(error: UnknownZone) -> Response:
    return failed(str(error), NotFound.code)


def _without_slash() -> Response | None:
    """The way to the page whose address somebody wrote with a slash at its end."""
    path = request.path.rstrip("/")
    if path == request.path or not path or path.startswith("/api/"):
        return None
    try:
        current_app.url_map.bind("localhost").match(path)
    except HTTPException:
        return None
    query = request.query_string.decode("latin-1")
    return cast(Response, redirect(f"{path}?{query}" if query else path, 308))


def _allow_to_ask(response: Response) -> None:
    response.status_code = 204
    response.set_data(b"")
    response.headers.remove("Content-Type")
    response.headers.update(PREFLIGHT)


def _restated(response: Response, message: str) -> Response:
    if response.status_code < 400 or not (below_api(request) or wants_text(request)):
        return response
    restated = failed(message, response.status_code)
    restated.headers.update({name: response.headers[name] for name in KEPT_OF_ERRORS if name in response.headers})
    return restated


def _put(body: bytes, content_type: str = TEXT) -> Response:
    response = Response(body, content_type=content_type)
    if not request.path.endswith(".txt"):
        response.vary.add("Accept")
    return response


def _flat(prefix: str, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, each in enumerate(value):
            yield from _flat(f"{prefix}.{index}", each)
    else:
        yield prefix, _written(value)


def _written(value: str | int | float | None) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

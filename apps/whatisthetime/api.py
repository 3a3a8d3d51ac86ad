"""World Time API's answers under /api, as JSON and as text: the same fields, types and errors."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, make_response, request
from werkzeug.exceptions import NotFound

from apps.whatisthetime import clock, zones
from apps.whatisthetime.clock import Reading
from apps.whatisthetime.zones import UnknownZone

Value = str | int | bool | None
HOUR = 3600
NO_GEOGRAPHY = "no geography database: UTC, since the parameter timezone names no zone"

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.after_request
def forbid_keeping(response: Response) -> Response:
    """Answers tell a moment, and say which edition of the tz database told it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Tz-Edition"] = zones.edition()
    return response


@blueprint.get("/timezone")
def index() -> Response:
    """All zones."""
    return _listed(zones.names())


@blueprint.get("/timezone.txt", endpoint="index_text")
def index_as_text() -> Response:
    return _listed(zones.names(), text=True)


@blueprint.get("/timezone/<path:name>")
def show(name: str) -> Response:
    """The time in a zone, or the zones of an area; with `.txt` behind it as text."""
    bare, text = name.removesuffix(".txt"), name.endswith(".txt")
    members = [] if zones.known(bare) else zones.within(bare)
    if members:
        return _listed(members, text=text)
    return _told(answer(clock.read(zones.load(bare), datetime.now(UTC)), client_ip()), text=text)


@blueprint.get("/ip")
@blueprint.get("/ip.txt", endpoint="ip_text")
def ip() -> Response:
    """The time for the caller, who has to say where: an address alone tells no zone, and nothing is guessed."""
    name = request.args.get("timezone")
    fields = answer(clock.read(zones.load(name or "UTC"), datetime.now(UTC)), client_ip())
    if not name:
        fields = {**fields, "note": NO_GEOGRAPHY}
    return _told(fields, text=request.path.endswith(".txt"))


@blueprint.get("/<path:rest>")
def nothing(rest: str) -> Response:
    """Programs get their errors in the API's own shape below /api."""
    return _failed("not found", NotFound.code, text=rest.endswith(".txt"))


@blueprint.errorhandler(UnknownZone)
def show_unknown(error: UnknownZone) -> Response:
    return _failed(str(error), NotFound.code, text=request.path.endswith(".txt"))


def answer(reading: Reading, client: str) -> dict[str, Value]:
    """The fields of one answer, in the order in which World Time API writes them as text."""
    since, until = saving_period(reading)
    return {
        "abbreviation": reading.local_type.abbreviation,
        "datetime": reading.local.isoformat(timespec="microseconds"),
        "day_of_week": reading.local.isoweekday() % 7,
        "day_of_year": reading.day_of_year,
        "dst": reading.local_type.dst,
        "dst_from": since.isoformat() if since else None,
        "dst_offset": reading.dst_offset,
        "dst_until": until.isoformat() if until else None,
        "raw_offset": reading.standard_offset,
        "timezone": reading.zone.name,
        "unixtime": reading.unix,
        "utc_datetime": reading.utc.isoformat(timespec="microseconds"),
        "utc_offset": reading.utc_offset,
        "week_number": reading.week,
        "client_ip": client,
    }


def saving_period(reading: Reading) -> tuple[datetime | None, datetime | None]:
    """The period of daylight saving time as the API tells it."""
    change = reading.next_transition
    saving = reading.dst_offset if reading.local_type.dst else change.shift if change else 0
    # The API that this stands in for tells no period where clocks move by less than an hour (Lord Howe Island).
    if abs(saving) < HOUR:
        return None, None
    return reading.dst_from, reading.dst_until


def client_ip() -> str:
    """The caller's address as far as the trusted proxies tell it."""
    return request.remote_addr or ""


def _told(fields: Mapping[str, Value], *, text: bool) -> Response:
    return _text(f"{name}: {_as_text(value)}" for name, value in fields.items()) if text else jsonify(fields)


def _listed(names: Iterable[str], *, text: bool = False) -> Response:
    return _text(names) if text else jsonify(list(names))


def _failed(message: str, status: int, *, text: bool) -> Response:
    response = _text([message]) if text else jsonify({"error": message})
    response.status_code = status
    return response


def _text(lines: Iterable[str]) -> Response:
    response = make_response("\n".join(lines) + "\n")
    response.mimetype = "text/plain"
    return response


def _as_text(value: Value) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

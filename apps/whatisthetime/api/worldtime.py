"""World Time API's answers under /api, as JSON and as text: the same addresses, fields, types and errors."""

from datetime import UTC, datetime
from ipaddress import ip_address

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from apps.whatisthetime import answers, clock, zones
from apps.whatisthetime.answers import Value
from apps.whatisthetime.clock import Reading

HOUR = 3600
NO_GEOGRAPHY = "no geography database: UTC, since the parameter timezone names no zone"

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.get("/timezone")
@blueprint.get("/timezone.txt")
def index() -> Response:
    """All zones."""
    return answers.by_edition(answers.listed(zones.names()))


@blueprint.get("/timezone/<path:name>")
def show(name: str) -> Response:
    """The time in a zone, or the zones of an area; with `.txt` behind it as text."""
    bare = name.removesuffix(".txt")
    members = [] if zones.known(bare) else zones.within(bare)
    if members:
        return answers.by_edition(answers.listed(members))
    return answers.fleeting(answers.told(answer(clock.read(zones.load(bare), datetime.now(UTC)), client_ip())))


@blueprint.get("/ip")
@blueprint.get("/ip.txt")
def own_ip() -> Response:
    """The time for the caller, who has to say where: an address alone tells no zone, and nothing is guessed."""
    if len(request.args.getlist("timezone")) > 1:
        raise BadRequest("parameter timezone is given more than once: it takes one value")
    name = request.args.get("timezone")
    fields = answer(clock.read(zones.load(name or "UTC"), datetime.now(UTC)), client_ip())
    return answers.fleeting(answers.told(fields if name else {**fields, "note": NO_GEOGRAPHY}))


@blueprint.get("/ip/<address>")
def ip(address: str) -> Response:
    """The same for any address, which only has to be one."""
    try:
        ip_address(address.removesuffix(".txt"))
    except ValueError:
        raise BadRequest("malformed ip: it takes an IPv4 or IPv6 address") from None
    return own_ip()


@blueprint.get("/geo")
@blueprint.get("/geo.txt")
@blueprint.get("/geo/<address>")
def geo(address: str = "") -> Response:
    """Nothing is known of where an address is."""
    return answers.failed("no geography database", NotFound.code)


@blueprint.get("/<path:rest>")
def nothing(rest: str) -> Response:
    """No other address is known here."""
    return answers.failed("not found", NotFound.code)


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
    """The period of daylight saving time as World Time API tells it: none where less than an hour is saved.

    Its recorded answer for Lord Howe Island, three days before clocks go half an hour forward there, has no period, and
    no edition of the tz database accounts for that. Programs that move to this service find what they found there, and
    the others find the whole truth in `/api/transitions`. Today Lord Howe Island is the only such place.
    """
    if abs(reading.saving) < HOUR:
        return None, None
    return reading.dst_from, reading.dst_until


def client_ip() -> str:
    """The caller's address as far as the trusted proxies tell it."""
    return request.remote_addr or ""

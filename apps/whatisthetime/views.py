"""The pages. Every one is made from the moment and the zone alone, so any instance answers any request."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from apps.chassis.errors import within
from apps.whatisthetime import clock, words, zones
from apps.whatisthetime.clock import Reading
from apps.whatisthetime.zones import UnknownZone, Zone

CITIES = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Africa/Nairobi",
    "Asia/Kolkata",
    "Asia/Seoul",
    "Australia/Sydney",
)
LONGEST_QUERY = zones.LONGEST_NAME

blueprint = Blueprint("zones", __name__)
blueprint.record_once(within("whatisthetime/layout.html"))


@blueprint.after_request
def forbid_keeping(response: Response) -> Response:
    """A page tells a moment, so no cache may ever show it again."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.app_template_global()
def now_unix() -> str:
    """The moment at which this place of the page is written, in Unix seconds."""
    return f"{datetime.now(UTC).timestamp():.3f}"


blueprint.add_app_template_global(zones.edition, "edition")


@blueprint.get("/")
def front() -> BaseResponse:
    """The clock of the zone asked for; without one UTC, which the browser replaces with its own zone."""
    asked = _query("zone")
    if not asked:
        return _clock_page(zones.load("UTC"), chosen=False)
    zone = zones.find(asked)
    if zone.name != asked:
        return redirect(url_for("zones.front", zone=zone.name))
    return _clock_page(zone, chosen=True)


@blueprint.get("/zones")
def index() -> BaseResponse:
    """All zones by area, or those that a search finds."""
    query = _query("q")
    found = zones.search(query) if query else zones.names()
    now = datetime.now(UTC)
    readings = [clock.read(zones.load(name), now) for name in found]
    return make_response(
        render_template("whatisthetime/index.html", areas=_by_area(readings), query=query, count=len(readings))
    )


@blueprint.get("/zones/<path:name>")
def show(name: str) -> BaseResponse:
    """A zone's page: its clock and the changes of this year and the next."""
    if len(name) > zones.LONGEST_NAME:
        abort(400, "A zone's name has at most 64 characters.")
    zone = zones.find(name)
    if zone.name != name:
        return redirect(url_for("zones.show", name=zone.name))
    reading = clock.read(zone, datetime.now(UTC))
    year = reading.local.year
    changes = [change for each in (year, year + 1) for change in clock.transitions(zone, each)]
    return make_response(
        render_template(
            "whatisthetime/show.html", reading=reading, changes=changes, years=(year, year + 1), **_common(reading)
        )
    )


@blueprint.get("/api")
def api() -> BaseResponse:
    """How programs ask."""
    return make_response(render_template("whatisthetime/api.html", root=request.url_root.rstrip("/")))


@blueprint.errorhandler(UnknownZone)
def show_unknown(error: UnknownZone) -> BaseResponse:
    """404 that names what may have been meant."""
    candidates = [zones.load(name) for name in error.candidates]
    page = render_template("whatisthetime/unknown.html", name=error.name, candidates=candidates, names=zones.names())
    return make_response(page, 404)


def _clock_page(zone: Zone, *, chosen: bool) -> Response:
    reading = clock.read(zone, datetime.now(UTC))
    page = render_template("whatisthetime/front.html", reading=reading, chosen=chosen, **_common(reading))
    return make_response(page)


def _common(reading: Reading) -> dict[str, object]:
    """What each page with a clock shows besides its own."""
    light = words.light_of(reading)
    return {
        "facts": list(words.facts(reading)),
        "light": light.spans() if light else [],
        "cities": [clock.read(zones.load(name), reading.utc) for name in CITIES],
        "names": zones.names(),
        "words": words,
    }


def _by_area(readings: Sequence[Reading]) -> dict[str, list[Reading]]:
    grouped: dict[str, list[Reading]] = {name: [] for name in zones.areas()}
    for reading in readings:
        grouped[reading.zone.area].append(reading)
    return {name: members for name, members in grouped.items() if members}


def _query(name: str) -> str:
    text = request.args.get(name, "").strip()
    if len(text) > LONGEST_QUERY:
        abort(400, f"What is searched for has at most {LONGEST_QUERY} characters.")
    return text

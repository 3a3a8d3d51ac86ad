"""The clock of one zone, a page on each, and all of them. Everything is made from the moment and the address alone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from apps.chassis.context import record
from apps.chassis.errors import within
from apps.chassis.formats import city_name
from apps.chassis.languages import gettext as _
from apps.chassis.languages import with_lang
from apps.whatisthetime import answers, clock, plots, present, search, words, years, zones
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
# One more than are shown, as the visitor's own is left out.
ELSEWHERE = (*CITIES, "Pacific/Auckland")
LONGEST_QUERY = zones.LONGEST_NAME
# Before it most places kept the sun's time; beyond it nobody knows what will be decided.
FIRST_YEAR, LAST_YEAR = 1900, 2100

blueprint = Blueprint("zones", __name__)
blueprint.record_once(within("whatisthetime/layout.html"))


class Row(NamedTuple):
    """One zone in the list of all: what it is called there, and what its clocks show."""

    name: str
    title: str
    offset: int
    time: str


@blueprint.after_request
def forbid_keeping(response: Response) -> Response:
    """A page tells a moment, so no cache may ever show it again."""
    response.vary.add("Accept")
    return answers.fleeting(response)


@blueprint.app_template_global()
def now_unix() -> str:
    """The moment at which this place of the page is written, in Unix seconds."""
    return f"{datetime.now(UTC).timestamp():.3f}"


@blueprint.app_template_global()
def worked() -> str:
    """The milliseconds that this request took up to this place of the page."""
    return f"{record().seconds() * 1000:.1f}"


blueprint.add_app_template_global(zones.edition, "edition")
blueprint.add_app_template_global(words.area, "area_name")
blueprint.add_app_template_filter(words.offset, "offset")
blueprint.add_app_template_filter(words.letters, "letters")


@blueprint.get("/")
def front() -> BaseResponse:
    """The clock of the zone asked for; without one UTC, which the browser replaces with its own zone."""
    asked = _asked("zone")
    if not asked:
        return _clock_page(zones.load("UTC"), chosen=False)
    name = search.resolve(asked)
    if name is None:
        return _search_for(asked)
    if name != asked:
        return redirect(url_for("zones.front", zone=name))
    return _clock_page(zones.load(name), chosen=True)


@blueprint.get("/zones")
def index() -> BaseResponse:
    """All zones by area: first those that are a place's own, then their other names."""
    now = datetime.now(UTC)
    shown = present.showing(zones.names(), now)
    rows = {name: _row(name, now, local_type.offset) for name, local_type in shown.items()}
    if answers.wants_text(request):
        return answers.listed(f"{row.time} {clock.utc_offset(row.offset)} {name}" for name, row in rows.items())
    located = frozenset(zones.located())
    others = [row._replace(title=name) for name, row in rows.items() if name not in located]
    areas = _by_area({name: rows[name] for name in located})
    return make_response(render_template("whatisthetime/index.html", areas=areas, others=others))


@blueprint.get("/zones/<path:name>")
def show(name: str) -> BaseResponse:
    """A zone's page: its clock, and a year of its offsets drawn and told."""
    if len(name) > zones.LONGEST_NAME:
        abort(400, _("A zone's name has at most %(most)d characters.", most=zones.LONGEST_NAME))
    zone = zones.find(name.strip("/"))
    if zone.name != name:
        return redirect(url_for("zones.show", name=zone.name))
    reading = clock.read(zone, datetime.now(UTC))
    year = years.year_of(zone, _year(reading.local.year))
    if answers.wants_text(request):
        return answers.told(_as_fields(reading))
    plot = plots.plot(year, reading.utc)
    bounds = (FIRST_YEAR, LAST_YEAR)
    page = render_template("whatisthetime/show.html", year=year, plot=plot, bounds=bounds, **_common(reading))
    return make_response(page)


@blueprint.errorhandler(UnknownZone)
def show_unknown(error: UnknownZone) -> BaseResponse:
    """404 that names what may have been meant."""
    if answers.wants_text(request):
        return answers.failed(str(error), 404)
    candidates = [zones.load(name) for name in error.candidates]
    page = render_template("whatisthetime/unknown.html", name=error.name, candidates=candidates)
    return make_response(page, 404)


def _common(reading: Reading) -> dict[str, object]:
    """What each page with a clock shows besides its own."""
    light = words.light_of(reading)
    return {
        "reading": reading,
        "facts": list(words.facts(reading)),
        "light": light.spans() if light else [],
        "words": words,
    }


def _clock_page(zone: Zone, *, chosen: bool) -> Response:
    reading = clock.read(zone, datetime.now(UTC))
    if answers.wants_text(request):
        return answers.told(_as_fields(reading))
    here = city_name(zone.name)
    elsewhere = [name for name in ELSEWHERE if city_name(name) != here][: len(CITIES)]
    cities = [clock.read(zones.load(name), reading.utc) for name in elsewhere]
    page = render_template(
        "whatisthetime/front.html", chosen=chosen, cities=cities, count=len(zones.names()), **_common(reading)
    )
    return make_response(page)


def _search_for(text: str) -> BaseResponse:
    """Programs are told that there is no such zone; a person is shown what else may have been meant."""
    if answers.wants_text(request):
        raise UnknownZone(text)
    return redirect(with_lang(f"/search?{urlencode({'q': text})}"))


def _as_fields(reading: Reading) -> dict[str, answers.Value]:
    """What a terminal is told."""
    return {
        "time": f"{reading.local:%H:%M:%S}",
        "date": f"{reading.local:%Y-%m-%d}",
        "weekday": f"{reading.local:%A}",
        "zone": reading.zone.name,
        "offset": f"{reading.utc_offset} {reading.local_type.abbreviation}",
    }


def _row(name: str, now: datetime, offset: int) -> Row:
    local = clock.moment(clock.unix_seconds(now) + offset)
    return Row(name, city_name(name), offset, f"{local:%H:%M}")


def _by_area(rows: Mapping[str, Row]) -> dict[str, list[Row]]:
    found = {area: [rows[name] for name in names if name in rows] for area, names in zones.areas().items()}
    return {area: sorted(members, key=lambda row: row.title) for area, members in found.items() if members}


def _year(present: int) -> int:
    """The year asked for, else the present one."""
    text = _asked("year")
    if not text:
        return present
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        abort(400, _("A year is a number from %(first)d to %(last)d.", first=FIRST_YEAR, last=LAST_YEAR))
    return int(text)


def _asked(name: str) -> str:
    text = request.args.get(name, "").strip()
    if len(text) > LONGEST_QUERY:
        abort(400, _("What is searched for has at most %(most)d characters.", most=LONGEST_QUERY))
    return text

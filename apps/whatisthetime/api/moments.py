"""One moment in all the ways to count time: ISO week, ordinal day, Unix, Julian, and atomic time."""

from datetime import UTC, datetime, timedelta
from importlib import metadata

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from apps.whatisthetime import answers, clock, leaps, zones
from apps.whatisthetime.api import fields, parameters
from apps.whatisthetime.clock import Reading
from apps.whatisthetime.walls import Wall

UNIX_IN_JULIAN_DAYS = 2_440_587.5
UNIX_IN_MODIFIED_JULIAN_DAYS = 40_587
DAY_SECONDS = 86_400

blueprint = Blueprint("moments", __name__, url_prefix="/api")


@blueprint.get("/moment")
def show() -> Response:
    """The moment given as `unix` or as `time`, in `zone` unless it has an offset; or else the present one."""
    answers.take_only("unix", "time", "zone")
    zone = parameters.zone("zone", "UTC")
    if "unix" in request.args and "time" in request.args:
        raise BadRequest("unix: takes the place of time; give one of them")
    wall: Wall | None = None
    if "unix" in request.args:
        moments: tuple[datetime, ...] = (parameters.unix("unix"),)
    elif "time" in request.args:
        wall, moments = parameters.moments("time", zone)
    else:
        moments = (datetime.now(UTC),)
    response = answers.told(
        {
            "timezone": zone.name,
            "kind": wall.kind.value if wall else "ordinary",
            "answers": [answer(clock.read(zone, moment), wall) for moment in moments],
            "leap_seconds": table(),
        }
    )
    given = "unix" in request.args or "time" in request.args
    return answers.by_edition(response) if given else answers.fleeting(response)


def answer(reading: Reading, wall: Wall | None) -> fields.Fields:
    """All ways to count one moment; the calendar is the zone's, while Unix, Julian and TAI know no zones."""
    utc = reading.utc
    return {
        "read_with": fields.read_with(wall, utc) if wall else None,
        **fields.shown(reading.zone, utc),
        **calendar(reading),
        "utc": fields.utc(utc),
        "unix": fields.unix(utc),
        "julian_date": round(utc.timestamp() / DAY_SECONDS + UNIX_IN_JULIAN_DAYS, 8),
        "modified_julian_date": round(utc.timestamp() / DAY_SECONDS + UNIX_IN_MODIFIED_JULIAN_DAYS, 8),
        **atomic(utc),
    }


def calendar(reading: Reading) -> fields.Fields:
    """The day by its ISO week and by its number within the year."""
    year, week, weekday = reading.local.isocalendar()
    return {
        "iso_week_date": f"{year:04}-W{week:02}-{weekday}",
        "iso_year": year,
        "iso_week": week,
        "iso_weekday": weekday,
        "ordinal_date": f"{reading.local.year:04}-{reading.day_of_year:03}",
        "day_of_year": reading.day_of_year,
    }


def atomic(utc: datetime) -> fields.Fields:
    """International Atomic Time: null before 1972; beyond the table's end as far as anybody knows, which is told."""
    table = leaps.table()
    ahead = table.tai_minus_utc(utc)
    tai = None if ahead is None else (utc + timedelta(seconds=ahead)).replace(tzinfo=None).isoformat()
    return {"tai": tai, "tai_minus_utc": ahead, "tai_is_certain": ahead is not None and utc < table.expires}


def table() -> fields.Fields:
    """Which leap seconds these answers know of."""
    known = leaps.table()
    return {
        "edition": zones.edition(),
        "updated": fields.utc(known.updated),
        "expires": fields.utc(known.expires),
        "last": fields.utc(known.leaps[-1].at),
        "tai_minus_utc": known.leaps[-1].tai_minus_utc,
    }


@blueprint.get("/edition")
def edition() -> Response:
    """What all answers of this site come from."""
    answers.take_only()
    told: fields.Fields = {
        "edition": zones.edition(),
        "package": f"tzdata {metadata.version('tzdata')}",
        "zones": len(zones.names()),
        "leap_seconds": table(),
    }
    return answers.by_edition(answers.told(told))

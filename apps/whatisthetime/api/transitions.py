"""When a zone's clocks change, over any range of years."""

from datetime import UTC, datetime

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from apps.whatisthetime import answers, clock, walls, zones
from apps.whatisthetime.api import fields, parameters

MOST_YEARS = 200

blueprint = Blueprint("transitions", __name__, url_prefix="/api")


@blueprint.get("/transitions/<path:name>")
def show(name: str) -> Response:
    """All changes from the first moment of a year (UTC) to the last of another; without years, those of this one."""
    answers.take_only("from", "until")
    zone = zones.load(name)
    first = parameters.year("from", datetime.now(UTC).year)
    last = parameters.year("until", first)
    if not first <= last < first + MOST_YEARS:
        latest = min(first + MOST_YEARS - 1, walls.LAST_YEAR)
        raise BadRequest(f"until: takes a year from {first} to {latest}, as from is {first}")
    response = answers.told(
        {
            "timezone": zone.name,
            "from": first,
            "until": last,
            "posix_tz": zone.compiled.footer,
            "edition": zones.edition(),
            "transitions": [fields.transition(change) for change in clock.transitions(zone, first, last)],
        }
    )
    # What this year is, no edition decides.
    return answers.by_edition(response) if "from" in request.args else answers.fleeting(response)

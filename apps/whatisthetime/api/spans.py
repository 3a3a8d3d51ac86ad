"""From one wall time to another, and on by a duration: on the calendar, and as time that passes."""

from datetime import datetime
from itertools import product

from flask import Blueprint, Response, request

from apps.whatisthetime import answers, durations
from apps.whatisthetime.api import fields, parameters
from apps.whatisthetime.durations import Step
from apps.whatisthetime.walls import Wall

blueprint = Blueprint("spans", __name__, url_prefix="/api")


@blueprint.get("/difference")
def difference() -> Response:
    """How long it is between two wall times; one answer for each way to read them."""
    answers.take_only("zone", "from", "until", "until_zone")
    zone = parameters.zone("zone")
    start = parameters.wall("from", zone)
    end = parameters.wall("until", parameters.zone("until_zone") if "until_zone" in request.args else zone)
    duration = durations.between(start.local, end.local)
    apart = round_seconds((end.local - start.local).total_seconds())
    return answers.by_edition(
        answers.told(
            {
                "from": fields.wall(start),
                "until": fields.wall(end),
                "wall": {"duration": str(duration), "seconds": apart},
                "answers": [passed(start, end, *each) for each in product(start.moments, end.moments)],
            }
        )
    )


@blueprint.get("/sum")
def total() -> Response:
    """A wall time and a duration: its calendar part moves the wall time, its time part passes after that."""
    answers.take_only("zone", "time", "add")
    start = parameters.wall("time", parameters.zone("zone"))
    duration = parameters.duration("add")
    steps = parameters.attempt("add", durations.add, start, duration)
    return answers.by_edition(
        answers.told(
            {
                "from": fields.wall(start),
                "add": str(duration),
                "calendar": fields.wall(steps[0].wall) if steps[0].wall else None,
                "answers": [stepped(start, step) for step in steps],
            }
        )
    )


def passed(start: Wall, end: Wall, since: datetime, until: datetime) -> fields.Fields:
    """The time that passes between two moments; leap seconds are not counted, as Unix time does not."""
    return {
        "from_read_with": fields.read_with(start, since),
        "until_read_with": fields.read_with(end, until),
        "from": fields.shown(start.zone, since),
        "until": fields.shown(end.zone, until),
        "elapsed": {
            "duration": durations.elapsed(until - since),
            "seconds": round_seconds((until - since).total_seconds()),
        },
    }


def stepped(start: Wall, step: Step) -> fields.Fields:
    """One way to add."""
    return {
        "from_read_with": fields.read_with(start, step.start),
        "calendar_read_with": fields.read_with(step.wall, step.landed) if step.wall else None,
        "from": fields.shown(start.zone, step.start),
        "until": {"unix": fields.unix(step.end), "utc": fields.utc(step.end), **fields.shown(start.zone, step.end)},
        "elapsed": {
            "duration": durations.elapsed(step.end - step.start),
            "seconds": round_seconds((step.end - step.start).total_seconds()),
        },
    }


def round_seconds(seconds: float) -> int | float:
    """Whole where it is."""
    return int(seconds) if seconds.is_integer() else seconds

"""A wall time of one zone in others: every moment it may mean, and what it means that there are two."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response

from apps.whatisthetime import answers
from apps.whatisthetime.api import fields, parameters
from apps.whatisthetime.walls import Wall
from apps.whatisthetime.zones import Zone

blueprint = Blueprint("conversions", __name__, url_prefix="/api")


@blueprint.get("/convert")
def index() -> Response:
    """One answer for an ordinary time, two for one that clocks show twice or never."""
    answers.take_only("from", "to", "time")
    wall = parameters.wall("time", parameters.zone("from"))
    targets = parameters.several_zones("to")
    told = [answer(wall, moment, targets) for moment in wall.moments]
    return answers.by_edition(answers.told({**fields.wall(wall), "answers": told}))


def answer(wall: Wall, moment: datetime, targets: Sequence[Zone]) -> fields.Fields:
    """The wall time taken as one moment."""
    return {
        "read_with": fields.read_with(wall, moment),
        "unix": fields.unix(moment),
        "utc": fields.utc(moment),
        "from": fields.shown(wall.zone, moment),
        "to": [fields.shown(zone, moment) for zone in targets],
    }

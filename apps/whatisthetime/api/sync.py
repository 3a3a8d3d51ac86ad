"""The moment, for those who set their clock by it: when the request arrived here, and when its answer left."""

import time
from typing import TYPE_CHECKING

from flask import Blueprint, Response

from apps.chassis.context import application, record
from apps.whatisthetime import answers
from apps.whatisthetime.accuracy import ClockWatch
from apps.whatisthetime.answers import Value

if TYPE_CHECKING:
    from apps.chassis.app import Application

MICROSECONDS = 6

blueprint = Blueprint("sync", __name__, url_prefix="/api")


@blueprint.get("/sync")
def show() -> Response:
    """With the moment at which the client sent its request and that of the answer's arrival: its clock's offset."""
    received = time.time() - record().seconds()
    answers.take_only()
    return answers.fleeting(answers.told(answer(received, application())))


def answer(received: float, app: "Application") -> dict[str, Value]:
    """Unix seconds to the microsecond, and what is known of this machine's own clock."""
    clock = _clock(app)
    return {"received": round(received, MICROSECONDS), "clock": clock, "sent": round(time.time(), MICROSECONDS)}


def _clock(app: "Application") -> dict[str, Value] | None:
    """How far this machine's clock is behind true time, give or take, and how long ago that was measured; in seconds.

    None if it was not measured.
    """
    watch = app.watches.get("clock")
    found = watch.reading() if isinstance(watch, ClockWatch) else None
    if found is None:
        return None
    figures = (("offset", found.offset), ("bound", found.bound), ("age", found.age))
    return {name: round(value, MICROSECONDS) for name, value in figures}

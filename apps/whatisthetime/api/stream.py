"""A zone's time as a stream of events, one on each second.

A stream holds one of the process's threads, so only half of them may be held; the other half is for everybody else.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from threading import BoundedSemaphore
from typing import cast

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import ServiceUnavailable

from apps.chassis.app import Application
from apps.chassis.context import application
from apps.whatisthetime import answers, clock, zones
from apps.whatisthetime.api import worldtime

LASTS_SECONDS = 60.0
RETRY_MILLISECONDS = 2000
RETRY_AFTER_SECONDS = 15
# How soon a stream notices that its process is to end.
LOOK_SECONDS = 0.25
CONTENT_TYPE = "text/event-stream"
SLOTS = "streams"

blueprint = Blueprint("stream", __name__, url_prefix="/api")


@blueprint.record_once
def leave_half(state: BlueprintSetupState) -> None:
    """Give the app as many slots for streams as half its threads."""
    app = cast(Application, state.app)
    app.extensions[SLOTS] = BoundedSemaphore(app.settings.threads // 2)


@blueprint.get("/stream/<path:name>")
def show(name: str) -> Response:
    """The time in a zone, told on each second for a minute; 503 if as many listen as may."""
    answers.take_only()
    zone = zones.load(name)
    if request.method == "HEAD":
        return _stream(iter(()))
    app, slots = application(), application().extensions[SLOTS]
    if not slots.acquire(blocking=False):
        raise ServiceUnavailable("as many listen as may: try again later", retry_after=RETRY_AFTER_SECONDS)
    response = _stream(events(zone, worldtime.client_ip(), ticks(app.is_serving)))
    # Not in the generator: one that is never begun never ends either, and its slot would be lost.
    response.call_on_close(slots.release)
    response.call_on_close(partial(_hang_up, app, request.environ.get("gunicorn.socket")))
    return response


def events(zone: zones.Zone, client: str, seconds: Iterator[int]) -> Iterator[bytes]:
    """An event for each of the seconds; before the first, how soon to ask again after the last."""
    yield b"retry: %d\n\n" % RETRY_MILLISECONDS
    for second in seconds:
        fields = worldtime.answer(clock.read(zone, clock.moment(second)), client)
        yield b"id: %d\ndata: %s\n" % (second, answers.as_json(fields))


def ticks(is_serving: Callable[[], bool], lasts: float = LASTS_SECONDS) -> Iterator[int]:
    """Unix seconds, each when it begins, until `lasts` are over or the process is to end."""
    ends, last = time.monotonic() + lasts, int(time.time())
    while is_serving() and time.monotonic() < ends:
        second = int(time.time())
        if second != last:
            last = second
            yield second
        time.sleep(min(LOOK_SECONDS, 1 - time.time() % 1))


def _hang_up(app: Application, connection: socket.socket | None) -> None:
    # A server that is to end would wait for another request on this connection, and delay its stop by two seconds.
    if connection is not None and not app.is_serving():
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)


def _stream(body: Iterator[bytes]) -> Response:
    response = answers.fleeting(Response(body, content_type=CONTENT_TYPE))
    # A proxy that gathers a whole answer before passing it on would tell the time a minute late.
    response.headers["X-Accel-Buffering"] = "no"
    return response

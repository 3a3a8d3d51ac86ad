"""What programs ask most, answered before Flask: the time in a zone, and the moment to set a clock by.

Flask costs more than half of what gunicorn does, and these answers cost next to nothing. Whatever is unusual about a
request is left to Flask, whose views give the same answer byte for byte.
"""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from apps.chassis.frame import current_record
from apps.chassis.health import came_in_by
from apps.whatisthetime import answers, clock, zones
from apps.whatisthetime.api import sync, worldtime

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from apps.chassis.app import Application

USUAL_ACCEPT = frozenset({"*/*", answers.JSON})
ADDRESS_CHARACTERS = frozenset("0123456789abcdefABCDEF:.")


class Lane(Protocol):
    """One address that is answered here: the endpoint whose work it does, and whether it answers with text."""

    endpoint: str
    text: bool

    def body(self, client: str) -> bytes: ...


class Fast:
    """A WSGI layer before Flask, inside the frame that all requests go through."""

    def __init__(self, flask: "WSGIApplication", app: "Application") -> None:
        self.flask = flask
        self.hosts = app.hosts
        self.metrics_bind = app.settings.metrics_bind
        self.lanes = lanes(app)
        self.headers = {text: _headers(text=text) for text in (False, True)}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        lane = self.lanes.get(environ["PATH_INFO"])
        if lane is None or not self.is_usual(environ, lane):
            return self.flask(environ, start_response)
        current_record().endpoint = lane.endpoint
        body = lane.body(environ.get("REMOTE_ADDR") or "")
        start_response("200 OK", [*self.headers[lane.text], ("Content-Length", str(len(body)))])
        return [body]

    def is_usual(self, environ: "WSGIEnvironment", lane: Lane) -> bool:
        """Whether nothing about a request could ask for another answer than its lane's."""
        return (
            environ["REQUEST_METHOD"] == "GET"
            and not environ.get("QUERY_STRING")
            and (lane.text or environ.get("HTTP_ACCEPT", "*/*") in USUAL_ACCEPT)
            # A proxy may tell anything as the caller's address, and here it is written as it stands.
            and ADDRESS_CHARACTERS.issuperset(environ.get("REMOTE_ADDR") or "")
            and not (self.metrics_bind and came_in_by(self.metrics_bind, environ))
            and self.hosts.knows(environ)
        )


def lanes(app: "Application") -> dict[str, Lane]:
    """Every address that is answered here."""
    found: dict[str, Lane] = {"/api/sync": Moment(app)}
    for name in zones.names():
        found[f"/api/timezone/{name}"] = Time(name, text=False)
        found[f"/api/timezone/{name}.txt"] = Time(name, text=True)
    return found


class Moment:
    """The moment itself."""

    endpoint = "sync.show"
    text = False

    def __init__(self, app: "Application") -> None:
        self.app = app

    def body(self, client: str) -> bytes:
        return answers.as_json(sync.answer(time.time(), self.app))


class Time:
    """The time in a zone: within a second its answer is the same but for the microseconds."""

    endpoint = "api.show"
    __slots__ = ("name", "text", "written")

    def __init__(self, name: str, *, text: bool) -> None:
        self.name = name
        self.text = text
        self.written = (0, "")

    def body(self, client: str) -> bytes:
        return self.at(time.time_ns() // 1000, client)

    def at(self, microseconds: int, client: str) -> bytes:
        """The answer of a moment, in microseconds since 1970."""
        second, rest = divmod(microseconds, 1_000_000)
        # Replaced as one, so that no thread ever finds a second with another's text.
        written = self.written
        if written[0] != second:
            written = self.written = (second, self.of(second))
        return (written[1] % (rest, rest, client)).encode()

    def of(self, second: int) -> str:
        """The answer of a second, with blanks for the microseconds of local time and UTC, and for the caller."""
        fields = worldtime.answer(clock.read(zones.load(self.name), clock.moment(second)), "%s")
        body = answers.as_text(fields) if self.text else answers.as_json(fields)
        return body.decode().replace(".000000", ".%06d")


def _headers(*, text: bool) -> list[tuple[str, str]]:
    """What Flask's answer carries, but for the length."""
    return [
        ("Content-Type", answers.TEXT if text else answers.JSON),
        *([] if text else [("Vary", "Accept")]),
        ("Cache-Control", answers.NO_STORE),
        ("X-Tz-Edition", zones.edition()),
        *answers.OPEN_TO_ALL,
    ]

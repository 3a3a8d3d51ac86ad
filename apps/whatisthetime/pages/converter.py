"""The converter: a time on the wall in one zone, and what it is in others; both readings where it has two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from apps.chassis.languages import gettext as _
from apps.whatisthetime import answers, clock, meetings, walls, words, zones
from apps.whatisthetime.clock import Reading
from apps.whatisthetime.meetings import Hours, Row
from apps.whatisthetime.pages import chosen
from apps.whatisthetime.pages.chosen import Typed
from apps.whatisthetime.walls import NotATime, Wall

MOST_ZONES = 12
USUAL = ("America/New_York", "Europe/London", "Asia/Seoul")

blueprint = Blueprint("converter", __name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as far as it is understood."""

    source: Typed
    targets: Sequence[Typed]
    added: Typed
    time: datetime | None
    mistake: str

    @property
    def names(self) -> list[str]:
        listed = chosen.names([*self.targets, self.added])
        return list(dict.fromkeys(name for name in listed if name != self.source.zone))

    @property
    def complete(self) -> bool:
        """Whether there is something to convert."""
        return not self.mistake and self.source.zone is not None

    @property
    def failed(self) -> bool:
        return bool(self.mistake or chosen.unknown([self.source, *self.targets, self.added]))


@dataclass(frozen=True, slots=True)
class Line:
    """What one zone's clocks show at the moment, in the midst of its day there."""

    reading: Reading
    apart: str
    row: Row
    minute: int
    from_here: str
    without: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The time taken as one moment; `read_with` says how, where it has two."""

    source: Line
    lines: Sequence[Line]
    read_with: str


@blueprint.get("/convert")
def show() -> BaseResponse:
    """The time converted; cities that somebody typed become zones in the address, so that it can be shared."""
    asked = _asked()
    if not asked.failed and (asked.added.text or _typed_otherwise(asked)):
        return redirect(_address(asked.source.zone or "", asked.names, request.args.get("time"), asked.added.zone))
    zone = zones.load(asked.source.zone or "UTC")
    local = asked.time or clock.read(zone, datetime.now(UTC)).local.replace(tzinfo=None, second=0, microsecond=0)
    wall = walls.read(zone, local)
    found = [_answer(wall, moment, asked.names) for moment in wall.moments] if asked.complete else []
    if answers.wants_text(request):
        return _as_text(asked, wall, found)
    response = make_response(_page(asked, wall, found), 400 if asked.failed else 200)
    response.vary.add("Accept")
    return answers.by_edition(response) if asked.time and not asked.failed else answers.fleeting(response)


def _page(asked: Asked, wall: Wall, found: Sequence[Answer]) -> str:
    time, source = request.args.get("time"), asked.source.zone or "UTC"
    from_there = chosen.questions([asked.source], lambda name: _address(name, asked.names, time))
    into_there = chosen.questions(
        [*asked.targets, asked.added], lambda name: _address(source, [*asked.names, name], time, name)
    )
    return render_template(
        "whatisthetime/convert.html",
        asked=asked,
        wall=wall,
        answers=found,
        questions=[*from_there, *into_there],
        most=MOST_ZONES,
        years=(walls.FIRST_YEAR, walls.LAST_YEAR),
        short_date=chosen.short_date,
        words=words,
    )


def _asked() -> Asked:
    source, targets = chosen.zone("from"), chosen.several("to", MOST_ZONES, USUAL)
    if "from" not in request.args:
        source = chosen.meant("UTC")
    time, mistake = _time()
    return Asked(source, targets, chosen.zone("add"), time, mistake or _missing(source))


def _missing(source: Typed) -> str:
    return "" if source.text else _("Say where it is that time.")


def _time() -> tuple[datetime | None, str]:
    """The time asked for, if any; or else what is wrong with it."""
    text = chosen.text("time")
    try:
        return (walls.parse(text) if text else None), ""
    except NotATime:
        bounds = {"first": walls.FIRST_YEAR, "last": walls.LAST_YEAR}
        return None, _("“%(time)s” is no time of the years %(first)d to %(last)d.", time=text, **bounds)


def _typed_otherwise(asked: Asked) -> bool:
    """Whether the address says in other words what it means."""
    listed = request.args.get("to")
    return asked.source.text != asked.source.zone or (listed is not None and listed != ",".join(asked.names))


def _address(source: str, targets: Sequence[str], time: str | None, goes_on_at: str | None = None) -> str:
    if len(targets) > MOST_ZONES:
        abort(400, _("At most %(most)d zones can be compared.", most=MOST_ZONES))
    asked: dict[str, Any] = {"from": source, "to": ",".join(targets), "time": time or None}
    return url_for("converter.show", _anchor=goes_on_at, **asked)


def _answer(wall: Wall, moment: datetime, names: Sequence[str]) -> Answer:
    lines = [_line(clock.read(zones.load(name), moment), wall, names) for name in names]
    return Answer(_line(clock.read(wall.zone, moment), wall, names), lines, _read_with(wall, moment))


def _line(reading: Reading, wall: Wall, names: Sequence[str]) -> Line:
    zone, source, local = reading.zone, wall.zone.name, reading.local
    day = meetings.day_of(zone, local.date())
    return Line(
        reading,
        chosen.apart(local.date(), wall.local.date()),
        meetings.row(zone, day, Hours()),
        day.minute(reading.utc),
        _address(zone.name, [source if name == zone.name else name for name in names], exact(local), zone.name),
        _without(zone.name, source, names),
    )


@blueprint.app_template_filter()
def exact(local: datetime) -> str:
    """A wall time as the address of this page has it: `2026-03-29T02:30`, with seconds where it has any."""
    whole = not (local.second or local.microsecond)
    return local.replace(tzinfo=None).isoformat(timespec="minutes" if whole else "auto")


def _without(removed: str, source: str, names: Sequence[str]) -> str:
    if removed not in names:
        return ""
    left = [name for name in names if name != removed]
    return _address(source, left, request.args.get("time"), chosen.after_removal(names, removed))


def _read_with(wall: Wall, moment: datetime) -> str:
    if wall.transition is None:
        return ""
    first = moment == wall.moments[0]
    if wall.kind is walls.Kind.AMBIGUOUS:
        return _("The first time, before clocks go back") if first else _("The second time, after clocks went back")
    return _("As if clocks had gone forward already") if first else _("As if clocks had not gone forward yet")


def _as_text(asked: Asked, wall: Wall, found: Sequence[Answer]) -> Response:
    """For terminals: a line for each zone, the source first, and one above them that says how the time is read."""
    if asked.failed:
        unknown = next((each.text for each in (asked.source, *asked.targets, asked.added) if not each.zone), "")
        return answers.failed(asked.mistake or _("No zone is called “%(name)s”.", name=unknown), 400)
    response = answers.listed(_lines(found))
    return answers.by_edition(response) if asked.time else answers.fleeting(response)


def _lines(found: Sequence[Answer]) -> Iterator[str]:
    for answer in found:
        if answer.read_with:
            yield f"{answer.read_with}:"
        for line in (answer.source, *answer.lines):
            reading = line.reading
            local = exact(reading.local).replace("T", " ")
            yield f"{reading.local:%a} {local} {reading.utc_offset} {reading.zone.name}"

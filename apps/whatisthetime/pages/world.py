"""The world clock: cities that the address names, in the order in which it names them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from apps.chassis.languages import gettext as _
from apps.whatisthetime import answers, clock, words, zones
from apps.whatisthetime.clock import Reading
from apps.whatisthetime.pages import chosen
from apps.whatisthetime.pages.chosen import Typed
from apps.whatisthetime.pages.zones import CITIES

MOST_CITIES = 24

blueprint = Blueprint("world", __name__)


class City(NamedTuple):
    """One city, its daylight as (start, length) in seconds, and the addresses of this page with it moved or removed."""

    reading: Reading
    light: Sequence[tuple[int, int]]
    earlier: str | None
    later: str | None
    without: str


@blueprint.after_request
def forbid_keeping(response: Response) -> Response:
    """A page tells a moment, so no cache may ever show it again."""
    response.vary.add("Accept")
    return answers.fleeting(response)


@blueprint.get("/world")
def show() -> BaseResponse:
    """The cities chosen, or a choice from all over the world; `add` puts one more behind them."""
    listed = chosen.several("zones", MOST_CITIES, CITIES)
    added = chosen.zone("add")
    names = list(dict.fromkeys(chosen.names([*listed, added])))
    if len(names) > MOST_CITIES:
        abort(400, _("At most %(most)d zones can be compared.", most=MOST_CITIES))
    unknown = chosen.unknown([*listed, added])
    if not unknown and (added.text or ",".join(names) != request.args.get("zones", ",".join(CITIES))):
        return redirect(_address(names, added.zone))
    return _as_text(names, unknown) if answers.wants_text(request) else _page(names, unknown)


def _page(names: Sequence[str], unknown: Sequence[Typed]) -> Response:
    readings = _readings(names)
    page = render_template(
        "whatisthetime/world.html",
        cities=[_city(readings, index) for index in range(len(readings))],
        names=names,
        words=words,
        questions=chosen.questions(unknown, lambda name: _address([*names, name], name)),
        most=MOST_CITIES,
    )
    return make_response(page, 404 if unknown else 200)


def _as_text(names: Sequence[str], unknown: Sequence[Typed]) -> Response:
    """For terminals: a line for each city."""
    if unknown:
        return answers.failed(_("No zone is called “%(name)s”.", name=unknown[0].text), 404)
    if not names:
        return answers.listed([_("No city is chosen.")])
    readings = _readings(names)
    return answers.listed(f"{each.local:%a %H:%M:%S} {each.utc_offset} {each.zone.name}" for each in readings)


def _readings(names: Sequence[str]) -> list[Reading]:
    now = datetime.now(UTC)
    return [clock.read(zones.load(name), now) for name in names]


def _city(readings: Sequence[Reading], index: int) -> City:
    names = [reading.zone.name for reading in readings]
    light = words.light_of(readings[index])
    return City(
        readings[index],
        light.spans() if light else [],
        _address(_swapped(names, index - 1), names[index]) if index else None,
        _address(_swapped(names, index), names[index]) if index + 1 < len(names) else None,
        _address([*names[:index], *names[index + 1 :]], chosen.after_removal(names, names[index])),
    )


def _swapped(names: Sequence[str], index: int) -> list[str]:
    """The names with this one and the next in each other's place."""
    return [*names[:index], names[index + 1], names[index], *names[index + 2 :]]


def _address(names: Sequence[str], goes_on_at: str | None = None) -> str:
    """The address of these cities, and of the place in it at which keyboards and screen readers go on."""
    return url_for("world.show", zones=",".join(names), _anchor=goes_on_at)

"""The search page: what a city, a country or an abbreviation may mean, and what clocks show there now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, make_response, render_template, request

from apps.chassis.languages import gettext as _
from apps.chassis.languages import language
from apps.whatisthetime import answers, clock, zones
from apps.whatisthetime.cities import Abbreviation
from apps.whatisthetime.clock import Reading
from apps.whatisthetime.pages.chosen import called, where
from apps.whatisthetime.search import LONGEST_QUERY, Found, Place, search

MOST_SHOWN = 40
ZONES_SHOWN = 6
EXAMPLES = {"en": ("Busan", "Brazil", "IST", "CST", "Kathmandu"), "ko": ("부산", "브라질", "IST", "CST", "뉴욕")}

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A time that letters stand for, what its clocks show now, and whether its first zone keeps it now."""

    meaning: Abbreviation
    local: datetime
    name: str
    zones: tuple[str, ...]
    more: tuple[str, ...]
    first: Reading

    @property
    def kept(self) -> bool:
        return self.first.offset == self.meaning.offset


@dataclass(frozen=True, slots=True)
class Result:
    """A place and what its clocks show now."""

    place: Place
    where: str
    reading: Reading


@blueprint.get("/search")
def index() -> Response:
    """What the query may mean; without one, what could be asked."""
    query = " ".join(request.args.get("q", "").split())
    if len(query) > LONGEST_QUERY:
        abort(400, _("What is searched for has at most %(most)d characters.", most=LONGEST_QUERY))
    found, now = search(query, MOST_SHOWN), datetime.now(UTC)
    meanings = [_meaning(each, now) for each in found.meanings]
    results = [Result(each, where(each), clock.read(zones.load(each.zone), now)) for each in found.places]
    if answers.wants_text(request):
        return answers.fleeting(answers.listed(_lines(query, found, meanings, results)))
    return answers.fleeting(_page(query, found, meanings, results))


def _page(query: str, found: Found, meanings: list[Meaning], results: list[Result]) -> Response:
    response = make_response(
        render_template(
            "whatisthetime/search.html",
            query=query,
            guessed=found.guessed,
            meanings=meanings,
            results=results,
            full=len(results) == MOST_SHOWN,
            examples=EXAMPLES[language()],
            longest=LONGEST_QUERY,
            called=called,
        )
    )
    response.vary.add("Accept")
    return response


def _meaning(meaning: Abbreviation, now: datetime) -> Meaning:
    return Meaning(
        meaning,
        now.astimezone(clock.fixed(meaning.offset)),
        meaning.korean if language() == "ko" else meaning.name,
        meaning.zones[:ZONES_SHOWN],
        meaning.zones[ZONES_SHOWN:],
        clock.read(zones.load(meaning.zones[0]), now),
    )


def _lines(query: str, found: Found, meanings: list[Meaning], results: list[Result]) -> Iterator[str]:
    """For terminals: the time, its offset, and whose it is; above them a line where nothing is called so."""
    if not query:
        yield _("Search for a city, country, zone or abbreviation, such as /search?q=Seoul")
    elif found.guessed or not (meanings or results):
        yield _("No city, country or zone is called “%(name)s”.", name=query)
    for each in meanings:
        yield f"{each.local:%a %H:%M:%S} {clock.utc_offset(each.meaning.offset)} {each.meaning.letters}, {each.name}"
    for result in results:
        reading = result.reading
        yield f"{reading.local:%a %H:%M:%S} {reading.utc_offset} {reading.zone.name}, {result.where}"

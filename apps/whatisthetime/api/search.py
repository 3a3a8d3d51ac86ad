"""Finding a zone, for programs: what a city, a country or an abbreviation may mean, the likeliest first."""

import re

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from apps.chassis.languages import language
from apps.whatisthetime import SITE, answers, clock
from apps.whatisthetime.answers import Value
from apps.whatisthetime.cities import Abbreviation, countries
from apps.whatisthetime.search import LONGEST_QUERY, MOST_FOUND, Place, search

USUAL = 10
LIMIT = re.compile(r"[0-9]{1,3}")

blueprint = Blueprint("search_api", __name__, url_prefix="/api")


@blueprint.get("/search")
def index() -> Response:
    """Abbreviations with all that they stand for, and places with their zones. Names are Korean by `lang=ko`."""
    answers.take_only("q", "limit", "lang")
    text = request.args.get("q", "").strip()
    if not text or len(text) > LONGEST_QUERY:
        raise BadRequest(f"q: takes 1 to {LONGEST_QUERY} characters to search for")
    if request.args.get("lang", language()) not in SITE.languages:
        raise BadRequest(f"lang: takes {' or '.join(SITE.languages)}")
    found = search(text, _limit())
    return answers.by_edition(
        answers.told(
            {
                "query": text,
                "guessed": found.guessed,
                "abbreviations": [told_meaning(each) for each in found.meanings],
                "places": [told_place(each) for each in found.places],
            }
        )
    )


def told_meaning(meaning: Abbreviation) -> dict[str, Value]:
    """One of the times that the letters stand for."""
    return {
        "abbreviation": meaning.letters,
        "name": meaning.korean if language() == "ko" else meaning.name,
        "offset": meaning.offset,
        "utc_offset": clock.utc_offset(meaning.offset),
        "timezones": list(meaning.zones),
    }


def told_place(place: Place) -> dict[str, Value]:
    """A place; what has no name in Korean keeps its own, and a name of the tz database alone has no country."""
    korean, country = language() == "ko", countries().get(place.country)
    return {
        "name": (korean and place.korean) or place.name,
        "country": (country.korean if korean else country.name) if country else None,
        "country_code": country.code if country else None,
        "timezone": place.zone,
        "population": place.people or None,
    }


def _limit() -> int:
    text = request.args.get("limit", str(USUAL))
    if not LIMIT.fullmatch(text) or not 1 <= int(text) <= MOST_FOUND:
        raise BadRequest(f"limit: takes a number from 1 to {MOST_FOUND}")
    return int(text)

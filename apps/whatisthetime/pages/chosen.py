"""What the pages that compare zones are asked with: zones that the address lists, and one more that somebody typed.

Each zone's place in such a page has its name as id, and the field for one more is `add`. An address that changes the
list ends in the id at which keyboards and screen readers go on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, request

from apps.chassis.formats import country_name, format_date
from apps.chassis.languages import gettext as _
from apps.chassis.languages import language
from apps.whatisthetime import zones
from apps.whatisthetime.cities import Abbreviation
from apps.whatisthetime.search import CANDIDATES, Place, resolve, search

LONGEST_TEXT = 40
FIELD = "add"


@dataclass(frozen=True, slots=True)
class Typed:
    """A zone that somebody typed into a field: the one that is meant, or else those that may be."""

    text: str
    zone: str | None
    candidates: tuple[Place, ...] = ()
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A text that names no one zone, and what it may mean: labels, and addresses of this page with the zone in it."""

    text: str
    guessed: bool
    choices: tuple[tuple[str, str], ...]


def zone(name: str) -> Typed:
    """What a parameter names, in whatever words; 400 for more than any name is long."""
    text = " ".join(request.args.get(name, "").split())
    if len(text) > zones.LONGEST_NAME:
        abort(400, _("A zone's name has at most %(most)d characters.", most=zones.LONGEST_NAME))
    return meant(text)


def meant(text: str) -> Typed:
    """The zone of this name, else the one that the text means, else what it may mean."""
    name = text if zones.known(text) else resolve(text)
    if name or not text:
        return Typed(text, name)
    found = search(text, 3 * CANDIDATES)
    candidates = (*map(_kept_in, found.meanings), *found.places)
    return Typed(text, None, _distinct(candidates), found.guessed)


def questions(typed: Iterable[Typed], address: Callable[[str], str]) -> list[Question]:
    """What to ask about each that is not understood; `address` leads to the page with a zone in it instead."""
    return [
        Question(each.text, each.guessed, tuple((where(place), address(place.zone)) for place in each.candidates))
        for each in unknown(typed)
    ]


def several(name: str, most: int, usual: Sequence[str]) -> list[Typed]:
    """The zones that a parameter lists with commas between, each once; 400 for more than `most`.

    Without the parameter the usual ones; none, if it lists none.
    """
    if name not in request.args:
        return [Typed(each, each) for each in usual]
    text, longest = request.args.get(name, ""), most * (zones.LONGEST_NAME + 1)
    listed = dict.fromkeys(each.strip() for each in text[:longest].split(",") if each.strip())
    # Short names by the hundred fit into what a few long ones need, and each of them is looked for.
    if len(listed) > most or len(text) > longest:
        abort(400, _("At most %(most)d zones can be compared.", most=most))
    found = {each.zone or each.text: each for each in map(meant, listed)}
    return list(found.values())


def names(typed: Sequence[Typed]) -> list[str]:
    """The zones that are known."""
    return [each.zone for each in typed if each.zone]


def unknown(typed: Iterable[Typed]) -> list[Typed]:
    """Those that name no one zone."""
    return [each for each in typed if each.text and not each.zone]


def after_removal(names: Sequence[str], removed: str) -> str:
    """Where to go on when one of the names is removed: at the one in its place, else at the last, else at the field."""
    left = [name for name in names if name != removed]
    return left[min(names.index(removed), len(left) - 1)] if left else FIELD


def text(name: str) -> str:
    """A parameter that is shorter than any that is right; 400 for a longer one."""
    found = request.args.get(name, "").strip()
    if len(found) > LONGEST_TEXT:
        abort(400, _("The parameter %(name)s is too long.", name=name))
    return found


def called(place: Place) -> str:
    """A place's name in this request's language."""
    return (place.korean if language() == "ko" else "") or place.name


def where(place: Place) -> str:
    """`Busan, South Korea`; a name of the tz database alone has no country."""
    return f"{called(place)}, {country_name(place.country)}" if place.country else called(place)


def short_date(day: date) -> str:
    """`Mon 23 Nov`."""
    return format_date(day, "MMMEd").replace(",", "")


def apart(day: date, other: date) -> str:
    """In words, how a date lies to another; nothing for the same."""
    words = {1: _("next day"), -1: _("day before"), 2: _("two days later"), -2: _("two days before")}
    return words.get((day - other).days, "")


def _kept_in(meaning: Abbreviation) -> Place:
    """Letters such as IST stand for a time; where most people keep it."""
    return Place(meaning.name, meaning.korean, "", meaning.zones[0], 0)


def _distinct(places: Sequence[Place]) -> tuple[Place, ...]:
    """The first place of each zone: of those that share one, the choice makes no difference."""
    by_zone = {place.zone: place for place in reversed(places)}
    return tuple(place for place in places if by_zone[place.zone] is place)[:CANDIDATES]

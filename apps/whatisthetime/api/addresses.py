"""Every address that programs may ask: what the API's description and its documentation are made from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from apps.whatisthetime import SITE
from apps.whatisthetime.api.schemas import Schema, choice, shape


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an address is asked with. `example` is what its example asks; without one, the example leaves it out."""

    name: str
    says: str
    schema: Schema
    example: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Address:
    """One address. `answer` is None where it never succeeds; `kept` if caches may keep one; `refuses`: its errors."""

    name: str
    path: str
    group: str
    summary: str
    answer: Schema | None
    parameters: tuple[Parameter, ...] = ()
    says: str = ""
    kept: bool = False
    refuses: tuple[int, ...] = ()
    media: tuple[str, ...] = ("application/json", "text/plain")

    @property
    def as_text(self) -> "Address":
        """Its twin that always answers with text."""
        return replace(self, name=f"{self.name}_text", path=f"{self.path}.txt", media=("text/plain",))

    @property
    def in_path(self) -> tuple[Parameter, ...]:
        return tuple(each for each in self.parameters if f"{{{each.name}}}" in self.path)

    @property
    def in_query(self) -> tuple[Parameter, ...]:
        return tuple(each for each in self.parameters if f"{{{each.name}}}" not in self.path)

    @property
    def example(self) -> str:
        """This address with its parameters' examples."""
        return self.filled({each.name: each.example for each in self.parameters})

    def filled(self, values: dict[str, str]) -> str:
        """This address asked with these values; what is empty is left out."""
        path = self.path
        for each in self.in_path:
            path = path.replace(f"{{{each.name}}}", quote(values.get(each.name) or each.example, safe="/+"))
        given = {each.name: values[each.name] for each in self.in_query if values.get(each.name)}
        # A comma, a colon and a slash mean nothing in a query; quoted they would only be hard to read.
        return f"{path}?{urlencode(given, safe='/,:')}" if given else path


WORLD_TIME, MORE, CLOCKS, ABOUT = "World Time API", "More than that", "Setting clocks", "About this service"
NO_GUESS = "There is no geography database here: no place is guessed from an address."
BOTH = "A time that clocks show twice or never has two answers."


def area(example: str) -> Parameter:
    return Parameter("area", "The first part of a zone's name.", shape("Area"), example)


def part(name: str, says: str, example: str) -> Parameter:
    return Parameter(name, says, {"type": "string"}, example)


def zone(name: str, says: str, example: str, *, required: bool = True) -> Parameter:
    return Parameter(name, says, shape("Zone"), example, required)


def wall(name: str, says: str, example: str) -> Parameter:
    return Parameter(name, says, shape("WallTime"), example)


IP = Parameter("ip", "An IPv4 or IPv6 address.", shape("Address"), "192.0.2.1")
TIMEZONE = Parameter("timezone", "The caller's zone; without it UTC.", shape("ZoneOrNone"), "Asia/Seoul", False)
TIME_OR_NAMES: Schema = {"oneOf": [shape("Time"), shape("Names")]}

DROP_IN = (
    Address("zones", "/api/timezone", WORLD_TIME, "All zones", shape("Names"), kept=True),
    Address(
        "area",
        "/api/timezone/{area}",
        WORLD_TIME,
        "The zones of an area",
        TIME_OR_NAMES,
        (area("Europe"),),
        says="Or the time, where that is a zone such as UTC.",
        refuses=(404,),
    ),
    Address(
        "zone",
        "/api/timezone/{area}/{location}",
        WORLD_TIME,
        "The time in a zone",
        TIME_OR_NAMES,
        (area("Europe"), part("location", "The second part.", "London")),
        says="Or the zones of a part of an area, such as America/Argentina.",
        refuses=(404,),
    ),
    Address(
        "region",
        "/api/timezone/{area}/{location}/{region}",
        WORLD_TIME,
        "The time in a zone of three parts",
        shape("Time"),
        (area("America"), part("location", "The second part.", "Argentina"), part("region", "The third.", "Salta")),
        refuses=(404,),
    ),
    Address(
        "ip",
        "/api/ip",
        WORLD_TIME,
        "The time for the caller, in the zone that is named",
        shape("CallersTime"),
        (TIMEZONE,),
        says=NO_GUESS,
        refuses=(400, 404),
    ),
    Address(
        "address",
        "/api/ip/{ip}",
        WORLD_TIME,
        "The time for any address, in the zone that is named",
        shape("CallersTime"),
        (IP, TIMEZONE),
        says=NO_GUESS,
        refuses=(400, 404),
    ),
    Address("geo", "/api/geo", WORLD_TIME, "Where the caller is: not known here", None, says=NO_GUESS, refuses=(404,)),
    Address(
        "geo_address",
        "/api/geo/{ip}",
        WORLD_TIME,
        "Where an address is: not known here",
        None,
        (IP,),
        says=NO_GUESS,
        refuses=(404,),
    ),
)

OURS = (
    Address(
        "transitions",
        "/api/transitions/{zone}",
        MORE,
        "When clocks change",
        shape("Transitions"),
        (
            zone("zone", "The zone.", "America/New_York"),
            Parameter("from", "The first year, in UTC; without it the present one.", shape("Year"), "2026", False),
            Parameter("until", "The last year; without it the first. At most 200 years.", shape("Year"), "", False),
        ),
        says="Each change with the gap or overlap it makes on the wall, and the zone's rule as a POSIX TZ string.",
        kept=True,
        refuses=(400, 404),
    ),
    Address(
        "convert",
        "/api/convert",
        MORE,
        "A wall time in other zones",
        shape("Conversion"),
        (
            zone("from", "The zone of the wall time.", "America/New_York"),
            Parameter("to", "Up to 20 zones, with commas between.", shape("Zones"), "Asia/Seoul,Europe/London"),
            wall("time", "The wall time.", "2026-11-01T01:30"),
        ),
        says=BOTH,
        kept=True,
        refuses=(400,),
    ),
    Address(
        "difference",
        "/api/difference",
        MORE,
        "How long it is between two wall times",
        shape("Difference"),
        (
            zone("zone", "The zone of both times.", "America/New_York"),
            wall("from", "The one time.", "2026-11-01"),
            wall("until", "The other.", "2026-11-02"),
            zone("until_zone", "The zone of the other time, where it is another.", "", required=False),
        ),
        says="On the wall, and as time that passes. There is an answer for each way to read the two times.",
        kept=True,
        refuses=(400,),
    ),
    Address(
        "sum",
        "/api/sum",
        MORE,
        "A wall time and a duration",
        shape("Sum"),
        (
            zone("zone", "The zone.", "America/New_York"),
            wall("time", "The wall time.", "2026-03-07T02:30"),
            Parameter("add", "The duration, negative with a minus sign before it.", shape("Duration"), "P1D"),
        ),
        says="Years to days move the wall time; after that hours to seconds pass. " + BOTH,
        kept=True,
        refuses=(400,),
    ),
    Address(
        "moment",
        "/api/moment",
        MORE,
        "A moment in all the ways to count time",
        shape("Moment"),
        (
            zone("zone", "The zone; without it UTC.", "Asia/Seoul", required=False),
            Parameter("time", "A wall time of the zone, or a time with offset.", shape("MomentOrWallTime"), "", False),
            Parameter("unix", "The moment by its seconds since 1970, in place of a time.", shape("Unix"), "0", False),
        ),
        says="ISO week, ordinal day, Unix, Julian, TAI with its table's edition. Else of the present moment.",
        kept=True,
        refuses=(400,),
    ),
    Address(
        "search",
        "/api/search",
        MORE,
        "Zones by city, country or abbreviation",
        shape("Found"),
        (
            Parameter("q", "What to search for, in English or Korean.", shape("Query"), "IST"),
            Parameter("limit", "How many places at most.", shape("Limit"), "3", False),
            Parameter("lang", "The language of the names: en or ko.", choice(*SITE.languages), "", False),
        ),
        kept=True,
        refuses=(400,),
    ),
    Address("sync", "/api/sync", CLOCKS, "The moment, to set a clock by", shape("Sync"), refuses=(400,)),
    Address(
        "stream",
        "/api/stream/{zone}",
        CLOCKS,
        "The time, each second on the second",
        {"type": "string"},
        (zone("zone", "The zone.", "Asia/Seoul"),),
        says="It ends after 60 seconds, and is asked again by itself. When too many listen, 503 says when to retry.",
        refuses=(400, 404, 503),
        media=("text/event-stream",),
    ),
    Address("edition", "/api/edition", ABOUT, "What answers come from", shape("Edition"), kept=True, refuses=(400,)),
    Address(
        "whoami",
        "/whoami",
        ABOUT,
        "Which instance answers",
        shape("Instance"),
        media=("application/json", "text/plain", "text/html"),
    ),
    Address(
        "addresses",
        "/api",
        ABOUT,
        "All of these addresses",
        shape("Addresses"),
        media=("application/json", "text/plain", "text/html"),
        refuses=(400,),
    ),
    Address(
        "openapi",
        "/api/openapi.json",
        ABOUT,
        "This description in OpenAPI 3.1",
        {"type": "object"},
        kept=True,
        refuses=(400,),
        media=("application/json",),
    ),
)

ADDRESSES = tuple(each for address in DROP_IN for each in (address, address.as_text)) + OURS


def texts() -> Iterator[str]:
    """All that is said above in words, for the catalogues: people read the documentation in their own language."""
    for each in (*DROP_IN, *OURS):
        said = (each.group, each.summary, each.says, *(parameter.says for parameter in each.parameters))
        yield from filter(None, said)

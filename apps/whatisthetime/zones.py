"""The zones of the tz database, from the pinned tzdata package only: never from the system's own files."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import resources
from io import FileIO

from apps.whatisthetime import tzif
from apps.whatisthetime.rules import Change, LocalType
from apps.whatisthetime.sun import Place

DATA = resources.files("tzdata")
LONGEST_NAME = 64
CANDIDATES = 6
LAST_KEPT_YEAR = 2100


class UnknownZone(LookupError):
    """No zone has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown location {name[:LONGEST_NAME]}")
        self.name = name[:LONGEST_NAME]

    @property
    def candidates(self) -> list[str]:
        """Names that may have been meant, the best first; at most six."""
        return resembling(self.name)


@dataclass(frozen=True)
class Timeline:
    """All changes of a zone's clocks up to the end of some year, in order."""

    first: LocalType
    changes: tuple[Change, ...]

    def position(self, unix: int) -> int:
        """How many changes lie at or before this moment."""
        return bisect_right(self.changes, unix, key=lambda change: change.at)

    def type_at(self, position: int) -> LocalType:
        """What clocks show after that many changes."""
        return self.changes[position - 1].to if position else self.first


@dataclass(frozen=True)
class Zone:
    """A zone by its canonical spelling, with where it is as far as the tz database says so."""

    name: str
    compiled: tzif.Compiled

    @property
    def city(self) -> str:
        return city(self.name)

    @property
    def area(self) -> str:
        return area(self.name)

    @property
    def country_code(self) -> str:
        """The two letters of the country that zone.tab gives for this zone; empty for links and zones of no country."""
        return _countries().get(self.name, "")

    @property
    def place(self) -> Place | None:
        """Where zone.tab puts the zone's principal city."""
        return _places().get(self.name)

    def timeline(self, year: int) -> Timeline:
        """All changes from the first ever to the end of `year`."""
        return _timeline(self, year)

    def between(self, first: int, last: int) -> Timeline:
        """At least the changes from the start of year `first` to the end of `last`, whose number alone is the cost."""
        rule, listed = self.compiled.rule, self.compiled.changes
        if rule.saving is None:
            return Timeline(self.compiled.first, listed)
        if not listed or first <= _year(listed[-1].at) + 1:
            # The change that comes next may be the rule's first, decades after what was asked for.
            last = max(last, _year(listed[-1].at) + 3) if listed else last
            # Everybody may ask for any far year, and each would stay in memory.
            return (_timeline if last <= LAST_KEPT_YEAR else _timeline.__wrapped__)(self, last)
        ruled = [change for year in range(first - 1, min(last, MAXYEAR) + 1) for change in rule.changes(year)]
        return Timeline(ruled[0].to, tuple(ruled[1:]))

    def __hash__(self) -> int:
        return hash(self.name)


@lru_cache(maxsize=2048)
def _timeline(zone: Zone, year: int) -> Timeline:
    listed = zone.compiled.changes
    last = listed[-1].at if listed else 0
    since = _year(last) - 1
    ruled = (change for each in range(since, year + 1) for change in zone.compiled.rule.changes(each))
    return Timeline(zone.compiled.first, (*listed, *(change for change in ruled if not listed or change.at > last)))


def _year(unix: int) -> int:
    """The year of a moment, or at its edges the one beside it."""
    return 1970 + unix // 31_556_952


@cache
def edition() -> str:
    """The edition of the tz database, such as `2026a`."""
    with DATA.joinpath("zoneinfo", "tzdata.zi").open("r", encoding="ascii") as file:
        return file.readline().removeprefix("# version ").strip()


@cache
def names() -> tuple[str, ...]:
    """Every name of the tz database, links included, sorted."""
    return tuple(sorted((DATA / "zones").read_text("utf-8").split()))


def known(name: str) -> bool:
    """Whether a zone has exactly this name."""
    return name in _name_set()


@cache
def load(name: str) -> Zone:
    """The zone of exactly this name. Raises UnknownZone."""
    return Zone(name, tzif.read(data(name)))


def data(name: str) -> bytes:
    """The compiled file of the zone of exactly this name. Raises UnknownZone."""
    # Only listed names reach the files, so that no name can lead out of the package.
    if not known(name):
        raise UnknownZone(name)
    with FileIO(f"{DATA}/zoneinfo/{name}") as file:
        return file.readall()


def find(text: str) -> Zone:
    """The zone that someone means: by name in any case, or by a city that only one zone has. Raises UnknownZone."""
    wanted = _fold(text)
    exact = _known_folded().get(wanted)
    if exact:
        return load(exact)
    cities = [name for name in located() if _fold(city(name)) == wanted]
    if len(cities) == 1:
        return load(cities[0])
    raise UnknownZone(text)


def resembling(text: str) -> list[str]:
    """Names of zones that resemble the text, the best first; at most six."""
    wanted = _fold(text[:LONGEST_NAME])
    if not wanted:
        return []
    within = [name for name in located() if wanted.rpartition("/")[2] in _fold(name)]
    by_city = {_fold(city(name)): name for name in located()}
    near = get_close_matches(wanted.rpartition("/")[2], by_city, CANDIDATES, 0.7)
    alike = get_close_matches(wanted, _known_folded(), CANDIDATES, 0.7)
    return _unique([*within, *(by_city[each] for each in near), *(_known_folded()[each] for each in alike)])[
        :CANDIDATES
    ]


@cache
def located() -> tuple[str, ...]:
    """The zones that zone.tab places in a country, sorted: one for each region whose clocks agree, and no links."""
    return tuple(sorted(_countries()))


@cache
def areas() -> dict[str, tuple[str, ...]]:
    """Names by area, such as `Asia`; what has no area is under `Other`."""
    grouped: dict[str, list[str]] = {}
    for name in names():
        grouped.setdefault(area(name), []).append(name)
    return {key: tuple(grouped[key]) for key in sorted(grouped, key=lambda key: (key == "Other", key))}


def within(prefix: str) -> list[str]:
    """Names below an area or a part of it, such as `America` or `America/Argentina`."""
    return [name for name in names() if name.startswith(prefix + "/")]


def area(name: str) -> str:
    return name.partition("/")[0] if "/" in name else "Other"


def city(name: str) -> str:
    """The last part of a name as people write it: `Buenos Aires`."""
    last = name.rpartition("/")[2]
    return last if name.startswith("Etc/") or "/" not in name else last.replace("_", " ")


@cache
def _name_set() -> frozenset[str]:
    return frozenset(names())


@cache
def _known_folded() -> dict[str, str]:
    return {_fold(name): name for name in names()}


@cache
def _countries() -> dict[str, str]:
    return {row[2]: row[0] for row in _table("zone.tab")}


@cache
def _places() -> dict[str, Place]:
    return {row[2]: _place(row[1]) for row in _table("zone.tab")}


def _place(text: str) -> Place:
    """Read ISO 6709 in degrees, minutes and perhaps seconds: `+3733+12658`."""
    latitude, longitude = re.findall(r"[+-]\d+", text)
    return Place(_degrees(latitude, 2), _degrees(longitude, 3))


def _degrees(text: str, width: int) -> float:
    digits = text[1:].ljust(width + 4, "0")
    size = int(digits[:width]) + int(digits[width : width + 2]) / 60 + int(digits[width + 2 :]) / 3600
    return -size if text[0] == "-" else size


def _table(file: str) -> list[list[str]]:
    lines = DATA.joinpath("zoneinfo", file).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _fold(text: str) -> str:
    return re.sub(r"[\s_]+", "_", text.strip()).casefold()


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))

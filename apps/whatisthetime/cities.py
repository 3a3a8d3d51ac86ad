"""Cities, countries and abbreviations of times, as `tools/cities.py` has written them down. Pure."""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

DATA = resources.files("apps.whatisthetime") / "data"


class City(NamedTuple):
    """A large city, or the one that a zone is named after.

    The first of its other names is Korean, or empty; `people` is 0 where nobody counted.
    """

    name: str
    others: tuple[str, ...]
    country: str
    zone: str
    people: int


class Country(NamedTuple):
    """A country by its ISO 3166 code."""

    code: str
    name: str
    korean: str
    spoken: tuple[str, ...]


class Abbreviation(NamedTuple):
    """One of the times that some letters stand for; the zone of the most people comes first."""

    letters: str
    offset: int
    name: str
    korean: str
    zones: tuple[str, ...]


def cities() -> Iterator[City]:
    """All of them, by zone and then by people; they are read each time, for whoever reads them keeps what it needs."""
    for name, others, country, zone, people in _rows("cities.tsv"):
        yield City(name, tuple(others.split("|")), country, zone, int(people))


@cache
def countries() -> dict[str, Country]:
    """By code."""
    return {
        code: Country(code, name, korean, _several(spoken, "|"))
        for code, name, korean, spoken in _rows("countries.tsv")
    }


@cache
def abbreviations() -> tuple[Abbreviation, ...]:
    """By their letters, and then by how many people use them."""
    return tuple(
        Abbreviation(letters, int(offset), name, korean, _several(members, " "))
        for letters, offset, name, korean, members in _rows("abbreviations.tsv")
    )


def _rows(name: str) -> Iterator[list[str]]:
    for line in DATA.joinpath(name).read_text("utf-8").splitlines():
        yield line.split("\t")


def _several(text: str, separator: str) -> tuple[str, ...]:
    return tuple(text.split(separator)) if text else ()

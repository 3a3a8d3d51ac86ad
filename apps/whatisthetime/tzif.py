"""Compiled time zone files (TZif, RFC 8536) as the tzdata package holds them."""

import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from apps.whatisthetime.rules import Change, LocalType, Rule, parse

HEADER = struct.Struct(">4s c 15x 6l")
DAY = 86_400
# Hundreds of zones share a few dozen rules.
_rule = lru_cache(maxsize=256)(parse)


@dataclass(frozen=True, slots=True)
class Compiled:
    """One zone's file: the time before any change, the listed changes in order, and the rule for what follows."""

    first: LocalType
    changes: tuple[Change, ...]
    rule: Rule
    footer: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What clocks show, and the moment (Unix seconds) until which that surely holds."""

    shows: LocalType
    until: int


@dataclass(frozen=True, slots=True)
class Counts:
    utc: int
    standard: int
    leaps: int
    times: int
    types: int
    characters: int

    def size(self, width: int) -> int:
        """Bytes of the data block whose times take `width` bytes each."""
        times = self.times * (width + 1) + self.leaps * (width + 4)
        return times + self.types * 6 + self.characters + self.standard + self.utc


def read(data: bytes) -> Compiled:
    """Read a file of version 2 or later. Raises ValueError for anything else."""
    block, counts = _second_block(data)
    footer = _footer(data, block, counts)
    instants, which, types = _tables(data, block, counts)
    changes = tuple(Change(at, types[index]) for at, index in zip(instants, which, strict=True))
    return Compiled(types[0], changes, _rule(footer), footer)


def glance(data: bytes, unix: int, year: int) -> Glance:
    """What a file says of one moment, which lies in `year`; a small part of the work of reading it whole."""
    block, counts = _second_block(data)
    instants, which, types = _tables(data, block, counts)
    position = bisect_right(instants, unix)
    shows = types[which[position - 1]] if position else types[0]
    if position < len(instants):
        return Glance(shows, instants[position])
    ruled = _changes_around(_footer(data, block, counts), year)
    since = instants[-1] if instants else unix
    past = [change.to for change in ruled if since < change.at <= unix]
    return Glance(past[-1] if past else shows, next((change.at for change in ruled if change.at > unix), unix + DAY))


@lru_cache(maxsize=512)
def _changes_around(footer: str, year: int) -> list[Change]:
    """What the rule says of a year and its neighbours."""
    return [change for each in (year - 1, year, year + 1) for change in _rule(footer).changes(each)]


def _second_block(data: bytes) -> tuple[int, Counts]:
    """Where the data with 64-bit times begins, and how much there is of each kind."""
    start = HEADER.size + _counts(data, 0).size(4)
    return start + HEADER.size, _counts(data, start)


def _footer(data: bytes, block: int, counts: Counts) -> str:
    return data[block + counts.size(8) :].decode("ascii").strip("\n")


def _counts(data: bytes, offset: int) -> Counts:
    magic, version, *counts = HEADER.unpack_from(data, offset)
    if magic != b"TZif" or version < b"2":
        raise ValueError("not a TZif file of version 2 or later")
    return Counts(*counts)


def _tables(data: bytes, start: int, counts: Counts) -> tuple[tuple[int, ...], bytes, list[LocalType]]:
    instants = struct.unpack_from(f">{counts.times}q", data, start)
    start += counts.times * 8
    which = data[start : start + counts.times]
    start += counts.times
    names = data[start + counts.types * 6 :]
    types = []
    for offset, dst, name in struct.iter_unpack(">lbB", data[start : start + counts.types * 6]):
        types.append(LocalType(offset, bool(dst), names[name : names.index(b"\0", name)].decode("ascii")))
    return instants, which, types

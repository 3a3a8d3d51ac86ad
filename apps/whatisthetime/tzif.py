"""Compiled time zone files (TZif, RFC 8536) as the tzdata package holds them."""

import struct
from dataclasses import dataclass

from apps.whatisthetime.rules import Change, LocalType, Rule, parse

HEADER = struct.Struct(">4s c 15x 6l")


@dataclass(frozen=True, slots=True)
class Compiled:
    """One zone's file: the time before any change, the listed changes in order, and the rule for what follows."""

    first: LocalType
    changes: tuple[Change, ...]
    rule: Rule
    footer: str


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
    skipped = _counts(data, 0)
    start = HEADER.size + skipped.size(4)
    counts = _counts(data, start)
    block = start + HEADER.size
    footer = data[block + counts.size(8) :].decode("ascii").strip("\n")
    instants, which, types = _tables(data, block, counts)
    changes = tuple(Change(at, types[index]) for at, index in zip(instants, which, strict=True))
    return Compiled(types[0], changes, parse(footer), footer)


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

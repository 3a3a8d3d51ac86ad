"""AVIF without what it tells about its maker.

An AVIF is a container of items, which are found by their places in the file. So nothing is moved: what is needed to
show the picture is copied to where it was, and everything else becomes zeros. Raises ValueError for what is not
understood, such as an animation, whose frames are listed in another way.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

# The compressed picture, or how it is put together from others.
PICTURE_ITEMS = frozenset({b"av01", b"grid", b"iovl", b"iden"})
# Size, colours, how to turn and to cut it.
PROPERTIES = frozenset(b"ispe pixi av1C colr auxC irot imir clap pasp a1op lsel a1lx clli mdcv cclv".split())
NUMBERS = frozenset({b"pitm", b"iloc", b"iref"})
HEADERS = frozenset({b"hdlr", b"iinf", b"iprp", b"idat"})
NOTHING = b"free"
MOST_BOXES = 2_000


@dataclass(frozen=True, slots=True)
class Box:
    """One part of the container: where it begins, where what it holds begins and ends."""

    name: bytes
    start: int
    body: int
    end: int


def without_metadata(data: bytes) -> bytes:
    """The same picture, byte for byte as long, with zeros for all but what is needed to show it."""
    return _Scrubbed(data).file()


def boxes(data: bytes, at: int, end: int) -> Iterator[Box]:
    """The boxes from `at` to `end`, which they must fill."""
    found = 0
    while at < end:
        size, name = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1:
            size, body = struct.unpack_from(">Q", data, body)[0], body + 8
        until = end if size == 0 else at + size
        found += 1
        if not body <= until <= end or found > MOST_BOXES:
            raise ValueError("a part of this file is longer than what holds it")
        yield Box(name, at, body, until)
        at = until


class _Scrubbed:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.out = bytearray(len(data))
        self.top = list(boxes(data, 0, len(data)))
        if any(box.name == b"moov" for box in self.top):
            raise ValueError("this AVIF moves")
        self.meta = _only(box for box in self.top if box.name == b"meta")
        self.parts = {box.name: box for box in boxes(data, self.meta.body + 4, self.meta.end)}

    def file(self) -> bytes:
        for box in self.top:
            self._box(box, whole=box.name == b"ftyp", header=box.name in (b"meta", b"mdat"))
        self._keep(self.meta.body, self.meta.body + 4)
        for box in self.parts.values():
            self._box(box, whole=box.name in NUMBERS, header=box.name in HEADERS)
        self._handler()
        self._items()
        self._properties()
        contents = list(self._contents())
        # Each piece is copied, so many that each name all of the file would take for ever.
        if sum(end - start for start, end in contents) > len(self.data):
            raise ValueError("the pieces of this AVIF lie over each other")
        for start, end in contents:
            self._keep(start, end)
        return bytes(self.out)

    def _keep(self, start: int, end: int) -> None:
        self.out[start:end] = self.data[start:end]

    def _box(self, box: Box, *, whole: bool = False, header: bool = False) -> None:
        self._keep(box.start, box.end if whole else box.body)
        if not whole and not header:
            self.out[box.start + 4 : box.start + 8] = NOTHING

    def _handler(self) -> None:
        # Behind it stands a name.
        self._keep(self.parts[b"hdlr"].body, min(self.parts[b"hdlr"].body + 12, self.parts[b"hdlr"].end))

    def _items(self) -> None:
        for at, number, kind in self.infos:
            self._keep(at.start, at.body + 4)
            self._keep(at.body + 4, kind)
            self.out[kind : kind + 4] = self.data[kind : kind + 4] if number in self.needed else NOTHING
        start = self.parts[b"iinf"].body
        self._keep(start, start + (6 if self.data[start] == 0 else 8))

    def _properties(self) -> None:
        for box in boxes(self.data, self.parts[b"iprp"].body, self.parts[b"iprp"].end):
            self._box(box, whole=box.name == b"ipma", header=box.name == b"ipco")
            if box.name == b"ipco":
                for one in boxes(self.data, box.body, box.end):
                    self._box(one, whole=one.name in PROPERTIES)

    def _contents(self) -> Iterator[tuple[int, int]]:
        """Where the needed items are, as far as that is within what holds contents."""
        outer = _only(box for box in self.top if box.name == b"mdat")
        for number in self.needed:
            method, extents = self.places[number]
            holder = self.parts[b"idat"] if method else outer
            for start, length in extents:
                at = start + holder.body if method else start
                if not holder.body <= at <= at + length <= holder.end:
                    raise ValueError("an item of this AVIF is in another place")
                yield at, at + length

    @cached_property
    def infos(self) -> list[tuple[Box, int, int]]:
        """Each item: the box that tells of it, its number, and where its type stands."""
        items = self.parts[b"iinf"]
        first = items.body + (6 if self.data[items.body] == 0 else 8)
        return [self._info(box) for box in boxes(self.data, first, items.end)]

    def _info(self, box: Box) -> tuple[Box, int, int]:
        version = self.data[box.body]
        if box.name != b"infe" or version not in (2, 3):
            raise ValueError("an item of this AVIF is told of in an unknown way")
        number = struct.unpack_from(">H" if version == 2 else ">I", self.data, box.body + 4)[0]
        return box, number, box.body + (8 if version == 2 else 10)

    @cached_property
    def needed(self) -> set[int]:
        """The picture, what it is put together from, and what goes with it such as its transparency."""
        kinds = {number: self.data[kind : kind + 4] for _, number, kind in self.infos}
        primary = self.parts[b"pitm"]
        wide = self.data[primary.body] > 0
        found = set(struct.unpack_from(">I" if wide else ">H", self.data, primary.body + 4))
        before = 0
        while before != len(found):
            before = len(found)
            for name, source, targets in self.references:
                if name == b"dimg" and source in found:
                    found |= targets
                elif name == b"auxl" and targets & found:
                    found.add(source)
        if any(kinds.get(number) not in PICTURE_ITEMS for number in found):
            raise ValueError("a part of this AVIF is of an unknown type")
        return found

    @cached_property
    def references(self) -> list[tuple[bytes, int, set[int]]]:
        box = self.parts.get(b"iref")
        if box is None:
            return []
        letter = "H" if self.data[box.body] == 0 else "I"
        width = struct.calcsize(letter)
        found = []
        for one in boxes(self.data, box.body + 4, box.end):
            source, count = struct.unpack_from(f">{letter}H", self.data, one.body)
            targets = struct.unpack_from(f">{count}{letter}", self.data, one.body + width + 2)
            found.append((one.name, source, set(targets)))
        return found

    @cached_property
    def places(self) -> Mapping[int, tuple[int, list[tuple[int, int]]]]:
        return dict(_Places(self.data, self.parts[b"iloc"].body))


class _Places:
    """What `iloc` tells: of each item's number whether it is in the file (0) or in `idat` (1), and its pieces."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def __iter__(self) -> Iterator[tuple[int, tuple[int, list[tuple[int, int]]]]]:
        version = self._number(1)
        self.at += 3
        sizes = self._number(2)
        self.of_offset, self.of_length, self.of_base, of_index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
        self.of_index = of_index if version else 0
        for _ in range(self._number(4 if version == 2 else 2)):
            number = self._number(4 if version == 2 else 2)
            yield number, self._places(self._number(2) & 15 if version else 0)

    def _places(self, method: int) -> tuple[int, list[tuple[int, int]]]:
        if method > 1 or self._number(2) != 0:
            raise ValueError("an item of this AVIF is in another place")
        base, count = self._number(self.of_base), self._number(2)
        return method, [self._extent(base) for _ in range(count)]

    def _extent(self, base: int) -> tuple[int, int]:
        self._number(self.of_index)
        start, length = base + self._number(self.of_offset), self._number(self.of_length)
        if length == 0:
            raise ValueError("an item of this AVIF has no length")
        return start, length

    def _number(self, size: int) -> int:
        if self.at + size > len(self.data):
            raise ValueError("this AVIF ends too early")
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at])


def _only(found: Iterable[Box]) -> Box:
    one = list(found)
    if len(one) != 1:
        raise ValueError("a part of this AVIF is missing, or there twice")
    return one[0]

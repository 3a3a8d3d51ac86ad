"""WordPress's export (WXR) read as a stream, so that its size costs no memory; nothing in it can make us read more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NoReturn
from xml.parsers import expat

from apps.chassis.languages import later
from apps.chassis.plainxml import DeclaresEntities, plain_parser

CHUNK_BYTES = 64 * 1024
LONGEST_TEXT = 4 * 1024 * 1024
MOST_CHILDREN = 50_000
DEEPEST = 12
SPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
}
WORDPRESS = re.compile(r"https?://wordpress\.org/export/1\.[0-2]/(excerpt/)?", re.ASCII)
# What is read as a whole; of the channel's other elements only the text.
WHOLE = frozenset({"item", "wp:author", "wp:category", "wp:tag", "wp:term"})
VERSIONS = frozenset({"1.0", "1.1", "1.2"})

UNFINISHED = frozenset({expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN})

NOT_XML = later("This is no well-formed XML: %(what)s in line %(line)s.")
FOREIGN = later("This is no export of WordPress: line %(line)s should be a part of one.")
DOCTYPE = later("Line %(line)s declares a document type or entities, which no export of WordPress has.")
TOO_LONG = later("What ends in line %(line)s is too long or too deeply nested.")
CUT_OFF = later("The file ends in line %(line)s, before the export does.")


class BadFile(ValueError):
    """The file cannot be taken; `text` says why, in English and with places for `what` and `line`."""

    def __init__(self, text: str, line: int, what: str = "") -> None:
        super().__init__(text % {"line": line, "what": what})
        self.text = text
        self.line = line
        self.what = what


@dataclass(slots=True)
class Element:
    """One element with what is in it; names are as WordPress writes them, `wp:post_id`."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def get(self, name: str) -> str:
        """The text of the first child of this name; empty without one."""
        return next((child.text for child in self.children if child.name == name), "")

    def all(self, name: str) -> Iterator["Element"]:
        """The children of this name."""
        return (child for child in self.children if child.name == name)


def elements(stream: BinaryIO) -> Iterator[Element]:
    """What the channel of an export holds, element by element; raises BadFile at what is none."""
    reader = _Reader()
    while chunk := stream.read(CHUNK_BYTES):
        reader.feed(chunk)
        yield from reader.taken()
    reader.close()
    yield from reader.taken()


class _Reader:
    """Collects the elements of a channel while the parser goes on."""

    def __init__(self) -> None:
        self.parser = plain_parser(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.depth = 0
        self.open: list[Element] = []
        self.ready: list[Element] = []
        self.size = 0
        self.is_ours = False

    def feed(self, chunk: bytes) -> None:
        """Read on."""
        try:
            self.parser.Parse(chunk, False)
        except DeclaresEntities:
            self._refuse(DOCTYPE)
        except expat.ExpatError as error:
            raise BadFile(NOT_XML, error.lineno, expat.ErrorString(error.code)) from error

    def close(self) -> None:
        """Make sure that the file has ended where it should."""
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise BadFile(CUT_OFF if what in UNFINISHED else NOT_XML, error.lineno, what) from error
        if not self.is_ours:
            self._refuse(FOREIGN)

    def taken(self) -> list[Element]:
        """What has become complete since the last call."""
        ready, self.ready = self.ready, []
        return ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if (self.depth == 1 and name != "rss") or (self.depth == 2 and name != "channel"):
            self._refuse(FOREIGN)
        if self.depth < 3:
            return
        element = Element(_short(name), attributes)
        if len(self.open) == DEEPEST:
            self._refuse(TOO_LONG)
        if self.open and self.open[0].name in WHOLE:
            self.open[-1].children.append(element)
            self._grow(LONGEST_TEXT // MOST_CHILDREN)
        self.open.append(element)

    def _data(self, text: str) -> None:
        if self.open:
            self._grow(len(text))
            self.open[-1].pieces.append(text)

    def _grow(self, size: int) -> None:
        self.size += size
        if self.size > LONGEST_TEXT:
            self._refuse(TOO_LONG)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if not self.open:
            return
        element = self.open.pop()
        if not self.open:
            self._complete(element)

    def _complete(self, element: Element) -> None:
        self.size = 0
        if element.name == "wp:wxr_version" and element.text.strip() in VERSIONS:
            self.is_ours = True
        if element.name == "item" and not self.is_ours:
            self._refuse(FOREIGN)
        self.ready.append(element)

    def _refuse(self, text: str) -> NoReturn:
        raise BadFile(text, self.parser.CurrentLineNumber)


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    found = WORDPRESS.fullmatch(space)
    prefix = ("excerpt" if found[1] else "wp") if found else SPACES.get(space, "")
    return f"{prefix}:{local}" if prefix else local if not space else name

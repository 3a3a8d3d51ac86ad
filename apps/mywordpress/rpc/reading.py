"""A call read from its bytes as they come: nothing in it can make us read, nest or remember more than is allowed."""

import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from xml.parsers import expat

from apps.chassis.identifiers import LARGEST
from apps.chassis.plainxml import DeclaresEntities, plain_parser
from apps.mywordpress.posts.columns import FIRST_YEAR, LAST_YEAR
from apps.mywordpress.posts.rendering import clean_text
from apps.mywordpress.rpc.faults import NO_CALL, NOT_WELL_FORMED, TOO_LARGE, WRONG_PARAMETERS, Fault

CHUNK_BYTES = 64 * 1024
# What anybody may send; more is read once its method takes files, and its password is known.
MOST_BYTES = 4 * 1024 * 1024
IN_MEMORY_BYTES = 512 * 1024
MOST_ELEMENTS = 30_000
DEEPEST = 64
LONGEST_TEXT_OF_BYTES = 1024 * 1024
NUMBER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
REAL = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?", re.ASCII)
MOMENT = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})[T ]([0-9]{2}):?([0-9]{2})(?::?([0-9]{2}))?(?:\.[0-9]{1,9})?"
    r"(Z|([+-])([0-9]{2}):?([0-9]{2}))?",
    re.ASCII,
)
NEVER = re.compile(r"0000-?00-?00.*", re.ASCII)


@dataclass(slots=True)
class Call:
    """What a client wants: a method by its name, and the values for it, not checked yet."""

    method: str
    params: list[Any]


class Bits:
    """Bytes that came as base64, in a file from a certain size on."""

    def __init__(self) -> None:
        self.file = cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY_BYTES))  # noqa: SIM115  # it lasts as the request does
        self._rest = ""

    def take(self, text: str) -> None:
        """Read on."""
        letters = self._rest + "".join(text.split())
        whole = len(letters) - len(letters) % 4
        self._rest = letters[whole:]
        try:
            self.file.write(binascii.a2b_base64(letters[:whole], strict_mode=True))
        except binascii.Error:
            raise Fault(WRONG_PARAMETERS, "What should be base64 is none.") from None

    def end(self) -> "Bits":
        """All of it was taken."""
        if self._rest:
            raise Fault(WRONG_PARAMETERS, "What should be base64 is cut off.")
        return self

    def text(self) -> str:
        """The bytes as words, which some clients send so."""
        self.file.seek(0)
        data = self.file.read(LONGEST_TEXT_OF_BYTES + 1)
        if len(data) > LONGEST_TEXT_OF_BYTES:
            raise Fault(WRONG_PARAMETERS, "This text is too long.")
        try:
            return clean_text(data.decode())
        except UnicodeDecodeError:
            raise Fault(WRONG_PARAMETERS, "What should be text in UTF-8 is none.") from None


Admit = Callable[[Call], None]


def read(stream: BinaryIO, admit: Admit, files: list[Bits]) -> Call:
    """The call in this stream; raises Fault. `admit` is asked, by what is known then, whether a long one is read on.

    The caller closes the `files` that are opened meanwhile.
    """
    reader, size, is_admitted = _Reader(files), 0, False
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > MOST_BYTES and not is_admitted:
            admit(reader.call())
            is_admitted = True
        reader.feed(chunk)
    reader.feed(b"", last=True)
    if not reader.is_whole:
        raise Fault(NO_CALL, "The request must be a methodCall.")
    return reader.call()


def too_large() -> Fault:
    """It is longer than anybody may send without good reason."""
    return Fault(TOO_LARGE, f"A call may have {MOST_BYTES // 1024**2} MB; only files of known users may have more.")


def _number(text: str) -> int:
    text = text.strip()
    if not NUMBER.fullmatch(text) or abs(int(text)) > LARGEST:
        raise Fault(WRONG_PARAMETERS, "An int must be a whole number of at most 64 bits.")
    return int(text)


def _real(text: str) -> float:
    if not REAL.fullmatch(text.strip()):
        raise Fault(WRONG_PARAMETERS, "A double must be a number.")
    return float(text)


def _boolean(text: str) -> bool:
    values = {"1": True, "0": False, "true": True, "false": False}
    if text.strip() not in values:
        raise Fault(WRONG_PARAMETERS, "A boolean must be 0 or 1.")
    return values[text.strip()]


def moment(text: str) -> datetime | None:
    """The moment of a date, naive if it names no zone; None for none, as drafts have it. Raises Fault."""
    text = text.strip()
    if not text or NEVER.fullmatch(text):
        return None
    found = MOMENT.fullmatch(text)
    wrong = Fault(WRONG_PARAMETERS, "A dateTime.iso8601 must look like 20261129T13:45:00.")
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise wrong
    try:
        read_as = datetime(*(int(part or 0) for part in found.groups()[:6]))  # type: ignore[arg-type]  # noqa: DTZ001
        return read_as.replace(tzinfo=_zone(found)) if found[7] else read_as
    except ValueError:
        raise wrong from None


def _zone(found: "re.Match[str]") -> timezone:
    if found[7] == "Z":
        return UTC
    offset = timedelta(hours=int(found[9]), minutes=int(found[10]))
    return timezone(-offset if found[8] == "-" else offset)


SCALARS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("int", "i1", "i2", "i4", "i8", "biginteger"), _number),
    **dict.fromkeys(("double", "float", "bigdecimal"), _real),
    "boolean": _boolean,
    "string": clean_text,
    "nil": lambda text: None,
    "dateTime.iso8601": moment,
    "base64": clean_text,
}
# What may stand within what, and how often; values have one of the scalars, or words alone.
WITHIN: dict[str, Sequence[str]] = {
    "": ("methodCall",),
    "methodCall": ("methodName", "params"),
    "params": ("param",),
    "param": ("value",),
    "value": (*SCALARS, "array", "struct"),
    "array": ("data",),
    "data": ("value",),
    "struct": ("member",),
    "member": ("name", "value"),
}
SEVERAL = frozenset({"params", "data", "struct"})


@dataclass(slots=True)
class _Open:
    """An element that has begun, and what is known of it so far."""

    tag: str
    items: list[Any] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    bits: Bits | None = None

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class _Reader:
    """Puts the values of a call together while the parser goes on."""

    def __init__(self, files: list[Bits]) -> None:
        self.files = files
        self.parser = plain_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.root = _Open("")
        self.open = [self.root]
        self.elements = 0
        self.method = ""
        self.params: list[Any] = []
        self.is_whole = False

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Read on; raises Fault."""
        try:
            self.parser.Parse(chunk, last)
        except DeclaresEntities:
            raise Fault(NOT_WELL_FORMED, "Document types and entities are not read.") from None
        except expat.ExpatError as error:
            what = f"{expat.ErrorString(error.code)} in line {error.lineno}"
            raise Fault(NOT_WELL_FORMED, f"Parse error, not well formed: {what}.") from None

    def call(self) -> Call:
        """What is known by now."""
        return Call(self.method, self.params)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        within = self.open[-1]
        self.elements += 1
        if self.elements > MOST_ELEMENTS or len(self.open) > DEEPEST:
            raise Fault(NO_CALL, "This call has too many values, or they are nested too deeply.")
        is_again = within.seen and (within.tag == "value" or tag in within.seen) and within.tag not in SEVERAL
        if is_again or tag not in WITHIN.get(within.tag, ()):
            raise Fault(NO_CALL, f"A {tag[:40]} cannot stand there in a methodCall.")
        if tag not in within.seen:
            within.seen.append(tag)
        opened = _Open(tag)
        if tag == "base64":
            opened.bits = Bits()
            self.files.append(opened.bits)
        if tag == "params":
            opened.items = self.params
        self.open.append(opened)

    def _data(self, text: str) -> None:
        opened = self.open[-1]
        if opened.bits is not None:
            opened.bits.take(text)
        elif opened.tag not in WITHIN or (opened.tag == "value" and not opened.seen):
            opened.pieces.append(text)

    def _end(self, name: str) -> None:
        done = self.open.pop()
        if done.tag == "methodName":
            self.method = done.text.strip()
        elif done.tag == "methodCall":
            self.is_whole = bool(self.method)
        elif done.tag != "params":
            self.open[-1].items.append(_value(done))


def _value(done: _Open) -> Any:
    """What an element means to the one around it."""
    if done.tag in SCALARS:
        return done.bits.end() if done.bits is not None else SCALARS[done.tag](done.text)
    if done.tag == "value":
        return done.items[0] if done.seen else clean_text(done.text)
    if done.tag == "name":
        return done.text
    if done.tag == "struct":
        return dict(done.items)
    if done.tag == "data":
        return done.items
    return _only(done)


def _only(done: _Open) -> Any:
    if done.tag == "array":
        return done.items[0] if done.items else []
    if done.tag == "member":
        if done.seen != ["name", "value"]:
            raise Fault(NO_CALL, "A member must have a name and a value.")
        return done.items[0], done.items[1]
    if not done.items:
        raise Fault(NO_CALL, "A param must have a value.")
    return done.items[0]

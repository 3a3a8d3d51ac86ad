"""XML of strangers as a stream of events, without what could make a small file large or reach beyond it."""

from typing import NoReturn
from xml.parsers import expat

# What the parser knows by itself; of the rest it can read what has one byte for each letter.
KNOWN_ENCODINGS = frozenset({"utf-8", "utf-16", "iso-8859-1", "us-ascii"})
LETTERS = bytes(range(256))


class DeclaresEntities(ValueError):
    """The document declares a type of its own, or entities."""


def plain_parser(namespace_separator: str | None = None) -> expat.XMLParserType:
    """A parser whose `Parse` raises DeclaresEntities at a document type, and ExpatError for all else that is wrong."""
    parser = expat.ParserCreate(namespace_separator=namespace_separator)
    parser.buffer_text = True
    # Entities could stand for gigabytes, or for files of this machine; without declarations there are none.
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.XmlDeclHandler = _check_encoding
    return parser


def _refuse(*declared: object) -> NoReturn:
    raise DeclaresEntities


def _check_encoding(version: str, encoding: str | None, standalone: int) -> None:
    # Python would tell of an encoding that it cannot use by errors of many kinds.
    if encoding is None or encoding.lower() in KNOWN_ENCODINGS or _is_single_byte(encoding):
        return
    error = expat.ExpatError("unknown encoding")
    error.code, error.lineno, error.offset = expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING], 1, 0
    raise error


def _is_single_byte(encoding: str) -> bool:
    try:
        return len(LETTERS.decode(encoding, "replace")) == len(LETTERS)
    except (LookupError, ValueError):
        return False

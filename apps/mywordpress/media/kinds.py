"""What the library takes: one table of types, each known by its bytes, and how large a file may be.

A name proves nothing: whatever it is called, a file is what its bytes say, or it is refused. Only plain text, which
has no mark of its own, is asked for its name as well.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO

from apps.chassis.pictures import IsDrawing, NotAPicture, is_drawing
from apps.mywordpress.media import documents, sounds

MEGABYTE = 1024 * 1024
START_BYTES = 4096


class Family(StrEnum):
    """What is done with a file: shown, heard, or kept to be fetched."""

    PICTURE = "image"
    SOUND = "audio"
    DOCUMENT = "document"


MOST_BYTES = {Family.PICTURE: 15 * MEGABYTE, Family.DOCUMENT: 20 * MEGABYTE, Family.SOUND: 40 * MEGABYTE}


class NotTaken(NotAPicture):
    """The bytes are nothing that the library takes; the text says why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file: how it is named and served, how it begins, and what proves that it is whole.

    A check is given the file and answers what is wrong with it, or nothing; pictures are proven by decoding them.
    """

    suffix: str
    mime_type: str
    family: Family
    begins: re.Pattern[bytes]
    flaw: Callable[[BinaryIO], str | None] | None = None
    # What tells files apart that begin alike.
    is_one: Callable[[BinaryIO], bool] | None = None


def _picture(suffix: str, mime_type: str, begins: bytes) -> Kind:
    return Kind(suffix, mime_type, Family.PICTURE, re.compile(begins, re.DOTALL))


def _sound(suffix: str, mime_type: str, begins: bytes, flaw: Callable[[BinaryIO], str | None]) -> Kind:
    return Kind(suffix, mime_type, Family.SOUND, re.compile(begins, re.DOTALL), flaw)


def _office(suffix: str, mime_type: str, member: str) -> Kind:
    begins = re.compile(rb"PK\x03\x04")
    is_one = documents.Office(mime_type, member).is_one
    return Kind(suffix, mime_type, Family.DOCUMENT, begins, documents.office_flaw, is_one)


_OPEN = "application/vnd.oasis.opendocument"
_OFFICE = "application/vnd.openxmlformats-officedocument"

KINDS = (
    _picture("jpg", "image/jpeg", rb"\xff\xd8\xff"),
    _picture("png", "image/png", rb"\x89PNG\r\n\x1a\n"),
    _picture("gif", "image/gif", rb"GIF8[79]a"),
    _picture("webp", "image/webp", rb"RIFF....WEBP"),
    _picture("avif", "image/avif", rb"....ftyp(?:avif|avis|mif1|msf1)"),
    Kind("pdf", "application/pdf", Family.DOCUMENT, re.compile(rb"%PDF-[12]\.\d"), documents.pdf_flaw),
    _office("odt", f"{_OPEN}.text", "mimetype"),
    _office("ods", f"{_OPEN}.spreadsheet", "mimetype"),
    _office("odp", f"{_OPEN}.presentation", "mimetype"),
    _office("docx", f"{_OFFICE}.wordprocessingml.document", "word/document.xml"),
    _office("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "xl/workbook.xml"),
    _office("pptx", f"{_OFFICE}.presentationml.presentation", "ppt/presentation.xml"),
    _sound("mp3", "audio/mpeg", rb"ID3[\x02-\x04]|\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd]", sounds.mp3_flaw),
    _sound("ogg", "audio/ogg", rb"OggS\x00\x02", sounds.ogg_flaw),
    _sound("m4a", "audio/mp4", rb"....ftyp(?:M4A |M4B |mp4[12]|isom|iso[2-6]|dash)", sounds.m4a_flaw),
    _sound("wav", "audio/wav", rb"RIFF....WAVE", sounds.wav_flaw),
    _sound("flac", "audio/flac", rb"fLaC\x00\x00\x00\x22", sounds.flac_flaw),
)
# These have no mark, so the name has to say what is meant.
TEXTS = {
    "txt": Kind("txt", "text/plain", Family.DOCUMENT, re.compile(b""), documents.text_flaw),
    "csv": Kind("csv", "text/csv", Family.DOCUMENT, re.compile(b""), documents.text_flaw),
}
BY_SUFFIX = {kind.suffix: kind for kind in (*KINDS, *TEXTS.values())}
BY_MIME_TYPE = {kind.mime_type: kind for kind in BY_SUFFIX.values()}

UNKNOWN = (
    "This is not a JPEG, PNG, GIF, WebP or AVIF picture, a PDF, plain text, CSV, OpenDocument or Office document, "
    "or MP3, OGG, M4A, WAV or FLAC audio, whatever its name says."
)
DRAWING = "SVG drawings are not taken, since they can carry scripts. Please save it as PNG first."


def recognised(file: BinaryIO, name: str) -> Kind:
    """What this file is, by its bytes, and whole as far as that can be told; raises NotTaken."""
    file.seek(0)
    start = file.read(START_BYTES)
    if not start:
        raise NotTaken("The file is empty.")
    kind = _found(file, start, name)
    file.seek(0)
    flaw = kind.flaw(file) if kind.flaw else None
    if flaw:
        raise NotTaken(flaw)
    file.seek(0)
    return kind


def _found(file: BinaryIO, start: bytes, name: str) -> Kind:
    alike = [kind for kind in KINDS if kind.begins.match(start)]
    for kind in alike:
        if kind.is_one is None or kind.is_one(file):
            return kind
    named = TEXTS.get(PurePath(name).suffix.lower().lstrip("."))
    if named and not alike and not documents.is_markup(start):
        return named
    if is_drawing(start):
        raise IsDrawing(DRAWING)
    raise NotTaken(UNKNOWN)

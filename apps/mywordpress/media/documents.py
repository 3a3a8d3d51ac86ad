"""Documents as bytes: whether they are what they seem. Each check says what is wrong, or nothing."""

import codecs
import re
import struct
import zipfile
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

CHUNK_BYTES = 64 * 1024
PDF_END_BYTES = 2048
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.IGNORECASE)
# What no text holds but a few that part lines.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")

# An end record without a comment, and how many members may be listed in how many bytes.
ZIP_END, ZIP_END_BYTES, ZIP_COMMENT_BYTES = b"PK\x05\x06", 22, 1024
ZIP64_MARK = b"PK\x06\x07"
MOST_MEMBERS, MOST_LIST_BYTES = 5_000, 1024 * 1024
MACROS = re.compile(r"(?:.*/)?vba(?:Project|Data)[^/]*|(?:Basic|Scripts)/.+", re.IGNORECASE)

DAMAGED_PDF = "This PDF is damaged or incomplete: its end is missing."
NOT_PLAIN = "This is no plain text in UTF-8, whatever its name says."
DAMAGED_OFFICE = "This document is damaged or incomplete; what it holds could not be listed."
WITH_MACROS = "This document holds macros, which can run on a reader's machine. Please save it without them."


def is_markup(start: bytes) -> bool:
    """Whether a browser could take a file that begins so for a page or a drawing."""
    return MARKUP.search(start[:1024]) is not None


def pdf_flaw(file: BinaryIO) -> str | None:
    """A PDF ends by saying so; what is hung behind that could be another kind of file."""
    size = file.seek(0, 2)
    file.seek(max(0, size - PDF_END_BYTES))
    return None if b"%%EOF" in file.read() else DAMAGED_PDF


def text_flaw(file: BinaryIO) -> str | None:
    """Read bit by bit, so that a long one takes no memory."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        for part in iter(partial(file.read, CHUNK_BYTES), b""):
            if NOT_TEXT.search(decoder.decode(part)):
                return NOT_PLAIN
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return NOT_PLAIN
    return None


@dataclass(frozen=True, slots=True)
class Office:
    """A document in a ZIP, which is known by one of its members."""

    mime_type: str
    member: str

    def is_one(self, file: BinaryIO) -> bool:
        """Whether the file holds that member; `mimetype` stands first and says the type itself."""
        try:
            archive = _opened(file)
            first, names = archive.infolist()[0], set(archive.namelist())
            if self.member != "mimetype":
                return "[Content_Types].xml" in names and self.member in names
            is_short = first.filename == self.member and first.file_size == len(self.mime_type)
            return is_short and archive.read(first) == self.mime_type.encode()
        except (zipfile.BadZipFile, struct.error, ValueError, LookupError, OSError, NotImplementedError, RuntimeError):
            return False


def office_flaw(file: BinaryIO) -> str | None:
    """Whether it begins where the ZIP does, and holds no macros. Nothing in it is unpacked."""
    try:
        members = _opened(file).infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError):
        return DAMAGED_OFFICE
    if min(member.header_offset for member in members) != 0:
        return DAMAGED_OFFICE
    has_macros = any(MACROS.fullmatch(member.filename) for member in members)
    return WITH_MACROS if has_macros else None


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    """The archive, whose list of members is short enough to be read; raises ValueError."""
    size = file.seek(0, 2)
    file.seek(max(0, size - ZIP_END_BYTES - ZIP_COMMENT_BYTES))
    tail = file.read()
    at = tail.rfind(ZIP_END)
    if at < 0 or ZIP64_MARK in tail[:at]:
        raise ValueError("no list of members, or one that is meant for more than a document")
    count, list_bytes = struct.unpack_from("<HI", tail, at + 10)
    if not count or count > MOST_MEMBERS or list_bytes > MOST_LIST_BYTES:
        raise ValueError("more members than a document has")
    return zipfile.ZipFile(file)

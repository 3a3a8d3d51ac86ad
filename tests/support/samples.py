"""Documents and sound for tests: the least that is whole, without anything to read or to hear in it."""

import io
import struct
import wave
import zipfile

MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def txt() -> bytes:
    return "Grüße aus Zürich, 안녕.\n".encode()


def csv() -> bytes:
    return b"name,price\nJacket,120\n"


def zipped(**members: bytes) -> bytes:
    """A ZIP of these, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            # Of no time, so that it is the same whenever it is made.
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def odt() -> bytes:
    return zipped(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<office/>"})


def docx() -> bytes:
    return zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})


def xlsx() -> bytes:
    return zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def mp3(frames: int = 3) -> bytes:
    """Frames of silence behind a tag."""
    tag = b"TIT2\x00\x00\x00\x06\x00\x00\x00Title"
    return b"ID3\x03\x00\x00" + bytes((0, 0, 0, len(tag))) + tag + MP3_FRAME * frames


def ogg(codec: bytes = b"OpusHead") -> bytes:
    first = b"OggS\x00\x02" + bytes(20) + bytes((1, 19)) + codec.ljust(19, b"\x01")
    return first + b"OggS\x00\x04" + bytes(20) + bytes((1, 8)) + b"OpusTags"


def m4a(handler: bytes = b"soun") -> bytes:
    media = box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13)))
    return box(b"ftyp", b"M4A \x00\x00\x02\x00") + box(b"moov", box(b"trak", media)) + box(b"mdat", bytes(9))


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(200))
    return out.getvalue()


def flac() -> bytes:
    return b"fLaC\x00\x00\x00\x22" + bytes(34) + b"\x84\x00\x00\x04" + bytes(4) + b"\xff\xf8\xc9\x18" + bytes(9)

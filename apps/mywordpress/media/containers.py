"""Picture files without what they tell about their maker: place, time, camera, names, thumbnails.

Each function keeps a short list of parts that browsers need and leaves out all others, so no unknown part slips
through, and the compressed picture itself stays as it is, byte for byte. Raises ValueError for a broken file.
"""

import re
import struct
from collections.abc import Iterator

from apps.mywordpress.media import avif

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = frozenset(
    (
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"acTL",
        b"fcTL",
        b"fdAT",
    )
)
WEBP_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
WEBP_EXIF_AND_XMP = 0b00001100
JPEG_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
SCAN, END, APP0, APP2, APP14, APP15, COMMENT = 0xDA, 0xD9, 0xE0, 0xE2, 0xEE, 0xEF, 0xFE


def without_metadata(data: bytes, kind: str) -> bytes:
    """The same picture of `kind` (JPEG, PNG, GIF, WEBP or AVIF) with nothing but what is needed to show it."""
    try:
        return b"".join(PARTS[kind](data))
    except (struct.error, IndexError, KeyError) as error:
        raise ValueError(f"this {kind} ends too early") from error


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while (marker := data[at + 1]) != END:
        if data[at : at + 2] == b"\xff\xff":
            at += 1
            continue
        if data[at] != 0xFF:
            raise ValueError("a marker is missing in this JPEG")
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if marker == SCAN:
            found = JPEG_NEXT_MARKER.search(data, end)
            if not found:
                raise ValueError("this JPEG has no end")
            end = found.start()
        if _is_needed(marker, data[at + 4 : at + 16]):
            yield data[at:end]
        at = end
    # What follows the end is dropped: phones hide a whole video there, with the place where it was taken.
    yield b"\xff\xd9"


def _is_needed(marker: int, start: bytes) -> bool:
    if marker == APP0:
        return start.startswith(b"JFIF\0")
    if marker == APP2:
        return start.startswith(b"ICC_PROFILE\0")
    return marker == APP14 or (marker != COMMENT and not APP0 <= marker <= APP15)


def _png(data: bytes) -> Iterator[bytes]:
    yield PNG_SIGNATURE
    at, name = len(PNG_SIGNATURE), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("this PNG ends too early")
        if name in PNG_CHUNKS:
            yield data[at:end]
        at = end


def _webp(data: bytes) -> Iterator[bytes]:
    kept = b"".join(_webp_chunks(data, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])))
    yield b"RIFF" + struct.pack("<I", 4 + len(kept)) + b"WEBP"
    yield kept


def _webp_chunks(data: bytes, size: int) -> Iterator[bytes]:
    at = 12
    while at + 8 <= size:
        name, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + (length & 1)
        if name == b"VP8X":
            yield data[at : at + 8] + bytes([data[at + 8] & ~WEBP_EXIF_AND_XMP]) + data[at + 9 : end]
        elif name in WEBP_CHUNKS:
            yield data[at:end]
        at = end


def _gif(data: bytes) -> Iterator[bytes]:
    at = 13 + _gif_colours(data[10])
    yield data[:at]
    while (block := data[at]) != 0x3B:
        start = at
        if block == 0x2C:
            at = _gif_end(data, at + 10 + _gif_colours(data[at + 9]) + 1)
            yield data[start:at]
        elif block == 0x21:
            at = _gif_end(data, at + 2)
            # 0xF9 says how long a frame stays; of the applications only the one that counts repetitions is kept.
            if data[start + 1] == 0xF9 or data[start + 3 : start + 14] == b"NETSCAPE2.0":
                yield data[start:at]
        else:
            raise ValueError("an unknown block is in this GIF")
    yield b"\x3b"


def _gif_colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _gif_end(data: bytes, at: int) -> int:
    while length := data[at]:
        at += 1 + length
    return at + 1


def _avif(data: bytes) -> Iterator[bytes]:
    yield avif.without_metadata(data)


PARTS = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp, "GIF": _gif, "AVIF": _avif}

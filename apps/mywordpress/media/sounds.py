"""Sound as bytes: whether it is what it seems. Each check says what is wrong, or nothing; none decodes anything."""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

DAMAGED = "This audio file is damaged, incomplete, or of another type than it seems."
FILM = "This file holds moving pictures. Only sound is taken."

OGG_SOUND = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
OGG_FILM = (b"\x80theora", b"BBCD\x00")

# By version of MPEG (2.5, none, 2, 1) and layer (none, III, II, I).
BIT_RATES = {
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
}
LOW_BIT_RATES = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
SAMPLE_RATES = (44100, 48000, 32000)
FRAMES_IN_A_ROW = 2
# Encoders leave a gap between the tag and the first frame.
GAP_BYTES = 64 * 1024
MOST_BOXES = 2_000


def mp3_flaw(file: BinaryIO) -> str | None:
    """Behind a tag, if there is one, frames must follow each other where each says that it ends."""
    head = file.read(10)
    at = 0
    if head.startswith(b"ID3"):
        if len(head) < 10 or any(byte & 0x80 for byte in head[6:10]):
            return DAMAGED
        at = 10 + sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(at)
    start = file.read(GAP_BYTES)
    padding = len(start) - len(start.lstrip(b"\0"))
    return None if _frames(file, at + padding) else DAMAGED


def _frames(file: BinaryIO, at: int) -> bool:
    for _ in range(FRAMES_IN_A_ROW):
        file.seek(at)
        length = _frame_bytes(file.read(4))
        if not length:
            return False
        at += length
    # The last of them may be all there is, but it must be there.
    return at <= file.seek(0, 2)


def _frame_bytes(head: bytes) -> int:
    """How long the frame is that begins so; 0 if none does. Layer I is for nobody."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer, rate, sampled = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer not in (1, 2) or rate in (0, 15) or sampled == 3:
        return 0
    kilobits = BIT_RATES.get((version, layer), LOW_BIT_RATES)[rate - 1]
    hertz = SAMPLE_RATES[sampled] >> {3: 0, 2: 1, 0: 2}[version]
    samples = 576 if layer == 1 and version != 3 else 1152
    return samples * kilobits * 125 // hertz + (head[2] >> 1 & 1)


def ogg_flaw(file: BinaryIO) -> str | None:
    """The first page of each stream says what is in it; those pages stand together at the start."""
    codecs = list(islice(_ogg_streams(file), 8))
    if any(codec.startswith(OGG_FILM) for codec in codecs):
        return FILM
    return None if any(codec.startswith(OGG_SOUND) for codec in codecs) else DAMAGED


def _ogg_streams(file: BinaryIO) -> Iterator[bytes]:
    while True:
        head = file.read(27)
        if len(head) < 27 or not head.startswith(b"OggS\0") or not head[5] & 2:
            return
        yield file.read(sum(file.read(head[26])))


def m4a_flaw(file: BinaryIO) -> str | None:
    """The boxes fill the file, and of its tracks none is to be seen."""
    size = file.seek(0, 2)
    try:
        top = {name: (body, end) for name, body, end in _boxes(file, 0, size)}
        tracks = [span for name, *span in _boxes(file, *top[b"moov"]) if name == b"trak"]
        handlers = [_handler(file, *track) for track in tracks]
    except (ValueError, KeyError, struct.error):
        return DAMAGED
    if b"vide" in handlers:
        return FILM
    return None if b"soun" in handlers and b"mdat" in top else DAMAGED


def _handler(file: BinaryIO, start: int, end: int) -> bytes:
    media = next((span for name, *span in _boxes(file, start, end) if name == b"mdia"), [0, 0])
    for name, body, _ in _boxes(file, *media):
        if name == b"hdlr":
            file.seek(body + 8)
            return file.read(4)
    return b""


def _boxes(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes from `at` to `end`, which they must fill: name, where the content begins and ends."""
    for _ in range(MOST_BOXES):
        if at == end:
            return
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        body = at + 8
        if size == 1:
            size, body = struct.unpack(">Q", file.read(8))[0], body + 8
        until = end if size == 0 else at + size
        if not body <= until <= end:
            raise ValueError("a box is longer than what holds it")
        yield name, body, until
        at = until
    raise ValueError("too many boxes")


def wav_flaw(file: BinaryIO) -> str | None:
    """Its size is as it says, but for a byte that fills up, and it has samples."""
    size = file.seek(0, 2)
    file.seek(4)
    (told,) = struct.unpack("<I", file.read(4))
    file.seek(12)
    names, at = [], 12
    for _ in range(MOST_BOXES):
        head = file.read(8)
        if len(head) < 8:
            break
        name, length = struct.unpack("<4sI", head)
        names.append(name)
        at += 8 + length + (length & 1)
        file.seek(at)
    is_whole = told + 8 <= size + 1 and size <= told + 9 and at <= size + 1
    return None if is_whole and {b"fmt ", b"data"} <= set(names) else DAMAGED


def flac_flaw(file: BinaryIO) -> str | None:
    """Blocks follow each other up to the last one, behind which a frame begins."""
    file.seek(4)
    for _ in range(MOST_BOXES):
        head = file.read(4)
        if len(head) < 4:
            return DAMAGED
        file.seek(int.from_bytes(head[1:]), 1)
        if head[0] & 0x80:
            break
    frame = file.read(2)
    return None if len(frame) == 2 and frame[0] == 0xFF and frame[1] & 0xFC == 0xF8 else DAMAGED

"""Pictures as bytes: which are decoded, and how what is kept of them is written. Knows no database and no request."""

import io
import struct
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
# What every browser has shown for years.
USUAL = ("JPEG", "PNG", "GIF", "WEBP")
MOST_PIXELS = 40_000_000
# Decoding these takes more memory than the picture itself: 16 and 9 bytes for each pixel.
MOST_PIXELS_OF = {"WEBP": 16_000_000, "AVIF": 24_000_000}
ORIENTATION = 0x0112
LARGEST_PROFILE = 64 * 1024

# A decoded picture may take 250 MB. One at a time keeps a process within its memory however many are sent at once.
_one_at_a_time = threading.Lock()


class NotAPicture(Exception):
    """The bytes are none of the pictures that are taken here; the text says what they are instead."""


class IsDrawing(NotAPicture):
    """It is SVG, which can carry scripts."""


class IsDamaged(NotAPicture):
    """It begins as a picture and cannot be read to its end."""


class TooManyPixels(Exception):
    """Decoded, the picture would be larger than the limit; it was not decoded."""

    def __init__(self, width: int, height: int, most: int = MOST_PIXELS) -> None:
        super().__init__(
            f"This picture has {width * height / 1e6:.0f} megapixels ({width} by {height}). "
            f"At most {most / 1e6:.0f} are taken; please make it smaller first."
        )
        self.width = width
        self.height = height
        self.most = most


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture that was written anew and is yet to be stored."""

    data: bytes
    suffix: str
    width: int
    height: int


@contextmanager
def readable(data: bytes, kinds: Collection[str] = USUAL) -> Iterator["Image.Image"]:
    """The picture in these bytes, whose type is read from them alone, to be decoded within the `with`.

    Raises NotAPicture for anything but a complete picture of one of these kinds, and TooManyPixels before decoding.
    """
    if not data:
        raise NotAPicture("The file is empty.")
    image = _opened(data, kinds)
    most = MOST_PIXELS_OF.get(kind_of(image), MOST_PIXELS)
    if image.width * image.height > most:
        raise TooManyPixels(image.width, image.height, most)
    try:
        with _one_at_a_time, image:
            yield image
    except (NotAPicture, TooManyPixels):
        raise
    except Exception as error:
        # Pillow's decoders fail on hostile bytes with almost any exception, so all of them mean the same here.
        raise IsDamaged("This picture is damaged or incomplete; it could not be read to its end.") from error


def _opened(data: bytes, kinds: Collection[str]) -> "Image.Image":
    from PIL import Image

    # Our own limit is checked before anything is decoded, and a warning would tell nobody.
    Image.MAX_IMAGE_PIXELS = None
    try:
        return Image.open(io.BytesIO(data), formats=tuple(kinds))
    except Exception as error:
        raise _explanation(data) from error


def _explanation(data: bytes) -> NotAPicture:
    if is_drawing(data):
        return IsDrawing("SVG drawings are not taken, since they can carry scripts. Please save it as PNG first.")
    return NotAPicture("This is not a JPEG, PNG, GIF or WebP picture, whatever its name says.")


def is_drawing(data: bytes) -> bool:
    """Whether this begins as SVG does, whatever stands before."""
    start = data[:1024].lstrip().lower()
    return start.startswith((b"<svg", b"<?xml")) or b"<svg" in start


def kind_of(image: "Image.Image") -> str:
    """One of SUFFIXES."""
    # Pillow names a JPEG that holds a second picture MPO; only the first is kept.
    return "JPEG" if image.format == "MPO" else str(image.format)


def orientation(image: "Image.Image") -> int:
    """How the camera was held, as EXIF counts it; 1 is upright, and so is what it does not tell."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return 1


def plain(image: "Image.Image", kind: str) -> "Image.Image":
    """The picture in colours that a file of this kind can have."""
    if kind == "JPEG":
        return image if image.mode in ("L", "RGB") else image.convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def profile_of(image: "Image.Image") -> bytes | None:
    """What its colours mean, unless that is of print or of an odd size."""
    profile = image.info.get("icc_profile")
    is_fitting = (
        image.mode in ("L", "RGB", "RGBA", "P") and isinstance(profile, bytes) and len(profile) <= LARGEST_PROFILE
    )
    return profile if is_fitting else None


def encoded(image: "Image.Image", kind: str, profile: bytes | None, options: dict[str, Any]) -> Encoded:
    """The picture as a file without any metadata but its colour profile."""
    out = io.BytesIO()
    clean = image.copy()
    clean.info = {name: value for name, value in image.info.items() if name == "transparency"}
    clean.save(out, format=kind, icc_profile=profile, exif=b"", **options)
    return Encoded(out.getvalue(), SUFFIXES[kind], image.width, image.height)

"""Pictures as bytes: what may come in, and the smaller ones made of it. Knows no database and no request."""

import io
import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apps.mywordpress.media.containers import without_metadata

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 40_000_000
RENDITION_WIDTHS = (1200, 600, 300)
SUFFIXES = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
ORIENTATION = 0x0112
LARGEST_PROFILE = 64 * 1024

# A decoded picture may take 160 MB. One at a time keeps a process within its memory however many are sent at once.
_one_at_a_time = threading.Lock()


class NotAPicture(Exception):
    """The bytes are none of the pictures that are taken here; the text says what they are instead."""


class TooManyPixels(Exception):
    """Decoded, the picture would be larger than the limit; it was not decoded."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(
            f"This picture has {width * height / 1e6:.0f} megapixels ({width} by {height}). "
            f"At most {MOST_PIXELS / 1e6:.0f} are taken; please make it smaller first."
        )


@dataclass(frozen=True, slots=True)
class Accepted:
    """A picture that may be stored: upright, complete, and without metadata."""

    data: bytes
    suffix: str
    width: int
    height: int
    animated: bool


@dataclass(frozen=True, slots=True)
class Smaller:
    """A rendition that is yet to be stored."""

    data: bytes
    suffix: str
    width: int
    height: int


def accept(data: bytes) -> Accepted:
    """Check and clean an upload; its type is read from the bytes alone.

    Raises NotAPicture for anything but a complete JPEG, PNG, GIF or WebP, and TooManyPixels before decoding.
    """
    if not data:
        raise NotAPicture("The file is empty.")
    image = _opened(data)
    if image.width * image.height > MOST_PIXELS:
        raise TooManyPixels(image.width, image.height)
    try:
        with _one_at_a_time, image:
            return _cleaned(data, image)
    except Exception as error:
        # Pillow's decoders fail on hostile bytes with almost any exception, so all of them mean the same here.
        raise NotAPicture("This picture is damaged or incomplete; it could not be read to its end.") from error


def _opened(data: bytes) -> "Image.Image":
    from PIL import Image

    # Our own limit is checked before anything is decoded, and a warning would tell nobody.
    Image.MAX_IMAGE_PIXELS = None
    try:
        return Image.open(io.BytesIO(data), formats=tuple(SUFFIXES))
    except Exception as error:
        raise NotAPicture(_explanation(data)) from error


def _explanation(data: bytes) -> str:
    start = data[:1024].lstrip().lower()
    if start.startswith((b"<svg", b"<?xml")) or b"<svg" in start:
        return "SVG drawings are not taken, since they can carry scripts. Please save it as PNG first."
    return "This is not a JPEG, PNG, GIF or WebP picture, whatever its name says."


def _cleaned(data: bytes, image: "Image.Image") -> Accepted:
    kind, width, height = _kind(image), image.width, image.height
    animated = kind != "JPEG" and bool(getattr(image, "is_animated", False))
    if not animated and _orientation(image) not in (0, 1):
        upright = _upright(image, kind)
        return Accepted(upright.data, upright.suffix, upright.width, upright.height, animated=False)
    # Decoding proves that the file is complete; a JPEG is decoded at an eighth, which reads all of it just as well.
    image.draft(image.mode, (width // 8 or 1, height // 8 or 1))
    image.load()
    return Accepted(without_metadata(data, kind), SUFFIXES[kind], width, height, animated)


def _kind(image: "Image.Image") -> str:
    # Pillow names a JPEG that holds a second picture MPO; only the first is kept.
    return "JPEG" if image.format == "MPO" else str(image.format)


def _orientation(image: "Image.Image") -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return 1


def _upright(image: "Image.Image", kind: str) -> Smaller:
    from PIL import ImageOps, JpegImagePlugin

    options: dict[str, Any] = {}
    if kind == "JPEG" and image.mode in ("L", "RGB"):
        # The tables it was made with keep its quality, which a fixed number would lower or waste.
        options = {"qtables": getattr(image, "quantization", None), "subsampling": JpegImagePlugin.get_sampling(image)}
    elif kind == "WEBP":
        options = {"quality": 90}
    turned = ImageOps.exif_transpose(image)
    return _encoded(turned, kind, _profile(image), options)


def renditions(data: bytes) -> Iterator[Smaller]:
    """The picture in each width that is less than its own, the largest first; NotAPicture if it cannot be decoded."""
    with _one_at_a_time, _opened(data) as image:
        shape = image.height / image.width
        fitting = [(width, round(width * shape) or 1) for width in RENDITION_WIDTHS if width < image.width]
        if fitting:
            yield from _chain(image, fitting)


def _chain(image: "Image.Image", sizes: Sequence[tuple[int, int]]) -> Iterator[Smaller]:
    from PIL import Image

    kind = "JPEG" if _kind(image) == "JPEG" else "WEBP"
    profile = _profile(image)
    try:
        # A JPEG is decoded no larger than the first rendition needs, and each one is made of the one before.
        image.draft(None, sizes[0])
        image.load()
    except Exception as error:
        raise NotAPicture("cannot be decoded") from error
    current = _plain(image, kind)
    for size in sizes:
        current = current.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        yield _encoded(current, kind, profile, {"quality": 82, "method": 4, "optimize": True})


def _plain(image: "Image.Image", kind: str) -> "Image.Image":
    if kind == "JPEG":
        return image if image.mode in ("L", "RGB") else image.convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _profile(image: "Image.Image") -> bytes | None:
    profile = image.info.get("icc_profile")
    is_fitting = (
        image.mode in ("L", "RGB", "RGBA", "P") and isinstance(profile, bytes) and len(profile) <= LARGEST_PROFILE
    )
    return profile if is_fitting else None


def _encoded(image: "Image.Image", kind: str, profile: bytes | None, options: dict[str, Any]) -> Smaller:
    out = io.BytesIO()
    clean = image.copy()
    clean.info = {name: value for name, value in image.info.items() if name == "transparency"}
    clean.save(out, format=kind, icc_profile=profile, exif=b"", **options)
    return Smaller(out.getvalue(), SUFFIXES[kind], image.width, image.height)

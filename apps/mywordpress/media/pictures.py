"""Pictures of the blog as bytes: what may come in, and the smaller ones made of it."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apps.chassis.pictures import (
    ORIENTATION,
    SUFFIXES,
    Encoded,
    IsDamaged,
    TooManyPixels,
    encoded,
    kind_of,
    orientation,
    plain,
    profile_of,
    readable,
)
from apps.mywordpress.media.containers import without_metadata

if TYPE_CHECKING:
    from PIL import Image

RENDITION_WIDTHS = (1200, 600, 300)
# As EXIF counts, all from here on lie on their side.
LYING = 5
# All frames together, since each is compressed anew.
MOST_ANIMATED_PIXELS = 16_000_000


@dataclass(frozen=True, slots=True)
class Accepted:
    """A picture that may be stored: upright, complete, and without metadata."""

    data: bytes
    suffix: str
    width: int
    height: int
    animated: bool


def accept(data: bytes) -> Accepted:
    """Check and clean an upload; its type is read from the bytes alone.

    Raises NotAPicture for anything but a complete JPEG, PNG, GIF, WebP or AVIF, and TooManyPixels before decoding.
    """
    if data[4:8] == b"ftyp":
        return _accept_avif(data)
    with readable(data) as image:
        return _cleaned(data, image)


def _accept_avif(data: bytes) -> Accepted:
    """Without its metadata if its parts are known, else written anew; how it is to be turned stays a note in it."""
    try:
        clean = without_metadata(data, "AVIF")
        with readable(clean, ("AVIF",)) as image:
            image.load()
            return _noted(clean, image)
    except (ValueError, IsDamaged):
        with readable(data, ("AVIF",)) as image:
            return _noted(_written_anew(image), image)


def _noted(data: bytes, image: "Image.Image") -> Accepted:
    width, height = image.size if orientation(image) < LYING else image.size[::-1]
    return Accepted(data, "avif", width, height, bool(getattr(image, "is_animated", False)))


def _written_anew(image: "Image.Image") -> bytes:
    from PIL import Image

    frames = getattr(image, "n_frames", 1)
    if frames * image.width * image.height > MOST_ANIMATED_PIXELS:
        raise TooManyPixels(image.width, image.height * frames, MOST_ANIMATED_PIXELS)
    out, exif, durations = io.BytesIO(), Image.Exif(), []
    exif[ORIENTATION] = orientation(image)
    for frame in range(frames):
        image.seek(frame)
        image.load()
        durations.append(image.info["duration"])
    image.seek(0)
    told: dict[str, Any] = {"duration": durations, "icc_profile": profile_of(image), "exif": exif, "xmp": None}
    image.save(out, "AVIF", save_all=frames > 1, quality=85, speed=8, **told)
    return out.getvalue()


def _cleaned(data: bytes, image: "Image.Image") -> Accepted:
    kind, width, height = kind_of(image), image.width, image.height
    animated = kind != "JPEG" and bool(getattr(image, "is_animated", False))
    if not animated and orientation(image) not in (0, 1):
        upright = _upright(image, kind)
        return Accepted(upright.data, upright.suffix, upright.width, upright.height, animated=False)
    # Decoding proves that the file is complete; a JPEG is decoded at an eighth, which reads all of it just as well.
    image.draft(image.mode, (width // 8 or 1, height // 8 or 1))
    image.load()
    return Accepted(without_metadata(data, kind), SUFFIXES[kind], width, height, animated)


def _upright(image: "Image.Image", kind: str) -> Encoded:
    from PIL import ImageOps, JpegImagePlugin

    options: dict[str, Any] = {}
    if kind == "JPEG" and image.mode in ("L", "RGB"):
        # The tables it was made with keep its quality, which a fixed number would lower or waste.
        options = {"qtables": getattr(image, "quantization", None), "subsampling": JpegImagePlugin.get_sampling(image)}
    elif kind == "WEBP":
        options = {"quality": 90}
    turned = ImageOps.exif_transpose(image)
    return encoded(turned, kind, profile_of(image), options)


def renditions(data: bytes) -> Iterator[Encoded]:
    """The picture in each width that is less than its own, the largest first; NotAPicture if it cannot be decoded."""
    with readable(data, SUFFIXES) as image:
        across, down = image.size if orientation(image) < LYING else image.size[::-1]
        fitting = [(width, round(width * down / across) or 1) for width in RENDITION_WIDTHS if width < across]
        if fitting:
            yield from _chain(image, fitting)


def _chain(image: "Image.Image", sizes: Sequence[tuple[int, int]]) -> Iterator[Encoded]:
    from PIL import Image, ImageOps

    kind = "JPEG" if kind_of(image) == "JPEG" else "WEBP"
    profile = profile_of(image)
    # A JPEG is decoded no larger than the first rendition needs, and each one is made of the one before.
    image.draft(None, sizes[0])
    image.load()
    # Of what is stored, only an AVIF may still have to be turned.
    current = ImageOps.exif_transpose(plain(image, kind)) if kind_of(image) == "AVIF" else plain(image, kind)
    for size in sizes:
        current = current.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        yield encoded(current, kind, profile, {"quality": 82, "method": 4, "optimize": True})

"""An upload as the shop keeps it: upright, small, WebP, and silent about who made it where."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from apps.chassis.pictures import Encoded, encoded, orientation, plain, profile_of, readable

if TYPE_CHECKING:
    from PIL import Image

KIND = "image/webp"
LARGEST = (900, 1200)
ENOUGH_BYTES = 200 * 1024
# Share of the size, and quality. The last of them is small enough for anything, be it noise in every channel.
STEPS = ((1.0, 82), (1.0, 65), (1.0, 45), (0.7, 45), (0.4, 25))
# As EXIF counts, all from here on lie on their side.
LYING = 5


def shrunk(data: bytes) -> Encoded:
    """The picture within 900 by 1200, its first one if it moves; raises NotAPicture or TooManyPixels."""
    with readable(data) as image:
        # A profile of grey tones would be wrong for the colours that it is written in.
        profile = profile_of(image) if image.mode != "L" else None
        small = _upright(image)
        return _first_small(_written(small, profile, share, quality) for share, quality in STEPS)


def _upright(image: "Image.Image") -> "Image.Image":
    from PIL import Image, ImageOps

    box = LARGEST[::-1] if orientation(image) >= LYING else LARGEST
    # A JPEG is decoded no larger than is needed.
    image.draft(None, box)
    image.load()
    small = plain(image, "WEBP")
    small.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return ImageOps.exif_transpose(small)


def _written(image: "Image.Image", profile: bytes | None, share: float, quality: int) -> Encoded:
    size = (round(image.width * share) or 1, round(image.height * share) or 1)
    scaled = image if share == 1 else image.resize(size, reducing_gap=2.0)
    return encoded(scaled, "WEBP", profile, {"quality": quality, "alpha_quality": quality, "method": 4})


def _first_small(tries: Iterable[Encoded]) -> Encoded:
    for made in tries:
        if len(made.data) <= ENOUGH_BYTES:
            break
    return made

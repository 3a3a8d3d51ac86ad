"""Pictures for tests, each made of nothing but a few bytes of noise or colour."""

import io
from typing import Any

from PIL import Image

SECRET = b"47.3769 N, 8.5417 E"


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (1500, 1000), seed: int = 0, **options: Any) -> bytes:
    """A picture with some structure; another seed gives other bytes."""
    image = Image.linear_gradient("L").resize(size)
    image.paste(seed % 256, (0, 0, size[0] // 3, size[1] // 3))
    image.paste(seed // 256 % 256, (0, 0, size[0] // 9, size[1] // 9))
    return encoded(image.convert("RGB"), kind, **options)


def located(kind: str, orientation: int = 1) -> bytes:
    """A picture 80 wide and 60 high that tells in its EXIF, XMP or comment where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    image = Image.new("RGB", (80, 60), "green")
    image.paste("red", (0, 0, 40, 30))
    options: dict[str, Any] = {"exif": exif.tobytes()}
    if kind == "JPEG":
        options |= {"comment": SECRET, "quality": 95}
    if kind == "WEBP":
        options |= {"xmp": SECRET, "lossless": True}
    if kind == "AVIF":
        options |= {"xmp": SECRET, "quality": 95}
    return encoded(image, kind, **options)


def animation(kind: str) -> bytes:
    """Four frames."""
    frames = [Image.new("RGB", (40, 30), (60 * i, 0, 0)) for i in range(4)]
    options: dict[str, Any] = {"GIF": {"comment": SECRET}, "AVIF": {"xmp": SECRET}}.get(kind, {})
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=80, loop=0, **options)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def bomb() -> bytes:
    """A few kilobytes that would be 400 megapixels."""
    return encoded(Image.new("1", (20_000, 20_000)), "PNG")

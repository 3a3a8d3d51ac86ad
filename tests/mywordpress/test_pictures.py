"""Pictures as bytes: what comes in, what is taken off it, what is made of it."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from apps.chassis.pictures import MOST_PIXELS, NotAPicture, TooManyPixels
from apps.mywordpress.media.pictures import accept, renditions
from tests.support.drawings import SECRET, animation, bomb, encoded, located, opened, picture

KINDS = ["JPEG", "PNG", "WEBP"]


@pytest.mark.parametrize("kind", [*KINDS, "AVIF"])
def test_nothing_tells_where_a_picture_was_taken(kind: str) -> None:
    data = located(kind)
    assert SECRET in data
    accepted = accept(data + b"trailing " + SECRET)
    assert SECRET not in accepted.data
    assert not opened(accepted.data).getexif()


@pytest.mark.parametrize("kind", [*KINDS, "AVIF"])
def test_taking_metadata_off_leaves_every_pixel_as_it_was(kind: str) -> None:
    data = located(kind)
    before, after = opened(data).convert("RGB"), opened(accept(data).data).convert("RGB")
    assert ImageChops.difference(before, after).getbbox() is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_turned_upright(kind: str) -> None:
    accepted = accept(located(kind, orientation=6))
    image = opened(accepted.data).convert("RGB")
    assert (accepted.width, accepted.height) == image.size == (60, 80)
    assert SECRET not in accepted.data
    corner = image.getpixel((55, 5))
    assert isinstance(corner, tuple)
    assert corner[0] > 200 > 60 > corner[1]


def test_an_avif_stays_as_it_is_with_a_note_how_to_turn_it() -> None:
    data = located("AVIF", orientation=6)
    accepted = accept(data)
    assert (accepted.width, accepted.height) == (60, 80)
    assert SECRET not in accepted.data
    assert dict(opened(accepted.data).getexif()) == {0x0112: 6}
    assert opened(accepted.data).tobytes() == opened(data).tobytes()


def test_what_is_made_of_a_turned_avif_is_upright() -> None:
    image = Image.new("RGB", (800, 700), "green")
    image.paste("red", (0, 0, 400, 350))
    exif = Image.Exif()
    exif[0x0112] = 6
    made = [opened(one.data) for one in renditions(accept(encoded(image, "AVIF", exif=exif.tobytes())).data)]
    assert [one.size for one in made] == [(600, 686), (300, 343)]
    corner = made[1].getpixel((290, 10))
    assert isinstance(corner, tuple)
    assert corner[0] > 200 > 60 > corner[1]


def test_an_avif_of_unknown_parts_is_written_anew() -> None:
    moved = located("AVIF") + struct.pack(">I", 16) + b"meta" + SECRET[:8]
    accepted = accept(moved)
    assert (accepted.width, accepted.height, accepted.suffix) == (80, 60, "avif")
    assert SECRET[:8] not in accepted.data


@given(st.binary(min_size=1, max_size=40), st.integers(0, 1500))
def test_a_damaged_avif_is_refused_or_shown_and_breaks_nothing(noise: bytes, at: int) -> None:
    data = bytearray(located("AVIF"))
    data[at : at + len(noise)] = noise
    with suppress(NotAPicture, TooManyPixels):
        assert accept(bytes(data)).suffix == "avif"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_keeps_moving(kind: str) -> None:
    accepted = accept(animation(kind))
    assert accepted.animated
    assert getattr(opened(accepted.data), "n_frames", 1) == 4
    assert SECRET not in accepted.data


def test_a_progressive_picture_is_kept_whole() -> None:
    data = picture("JPEG", progressive=True)
    assert opened(accept(data).data).tobytes() == opened(data).tobytes()


def test_a_colour_profile_is_kept() -> None:
    data = picture("JPEG", icc_profile=b"a profile")
    assert opened(accept(data).data).info["icc_profile"] == b"a profile"


@pytest.mark.parametrize("size", [(1, 1), (7, 7), (3000, 1), (1, 3000)])
def test_a_picture_may_be_as_thin_as_a_line(size: tuple[int, int]) -> None:
    accepted = accept(picture("JPEG", size))
    assert (accepted.width, accepted.height) == size


def test_the_type_comes_from_the_bytes() -> None:
    assert [accept(picture(kind, (9, 9))).suffix for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")] == [
        "jpg",
        "png",
        "gif",
        "webp",
        "avif",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello", "not a JPEG, PNG, GIF or WebP"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\n <svg onload='alert(1)'>", "SVG"),
        (b"GIF89a<script>alert(1)</script>", "not a JPEG|damaged"),
        (b"%PDF-1.7", "not a JPEG"),
        (encoded(Image.new("RGB", (9, 9)), "BMP"), "not a JPEG"),
        (encoded(Image.new("RGB", (9, 9)), "TIFF"), "not a JPEG"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(NotAPicture, match=reason):
        accept(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_picture_is_refused(kind: str, share: float) -> None:
    data = picture(kind)
    with pytest.raises(NotAPicture):
        accept(data[: int(len(data) * share)])


def test_half_an_animation_is_refused() -> None:
    with pytest.raises(NotAPicture):
        accept(animation("GIF")[:-40])


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    data = bomb()
    assert len(data) < 100_000
    with pytest.raises(TooManyPixels, match="400 megapixels"):
        accept(data)


@pytest.mark.parametrize(("kind", "size"), [("WEBP", (5000, 4000)), ("AVIF", (6000, 5000))])
def test_what_takes_more_memory_may_have_fewer_pixels(kind: str, size: tuple[int, int]) -> None:
    with pytest.raises(TooManyPixels, match=r"At most (16|24) are taken"):
        accept(encoded(Image.new("L", size), kind, quality=1, **({"speed": 10} if kind == "AVIF" else {"method": 0})))


def test_a_long_animation_is_refused_where_it_would_be_compressed_anew() -> None:
    frames = [Image.new("L", (1500, 1500), shade) for shade in range(8)]
    with pytest.raises(TooManyPixels, match="At most 16"):
        accept(encoded(frames[0], "AVIF", save_all=True, append_images=frames[1:], speed=10))


def test_the_limit_itself_is_allowed() -> None:
    assert accept(encoded(Image.new("1", (8000, MOST_PIXELS // 8000)), "PNG")).width == 8000


@pytest.mark.parametrize(
    ("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "webp"), ("WEBP", "webp"), ("GIF", "webp"), ("AVIF", "webp")]
)
def test_renditions_are_smaller_and_keep_the_shape(kind: str, suffix: str) -> None:
    made = list(renditions(picture(kind)))
    assert [(one.width, one.height, one.suffix) for one in made] == [(w, w * 2 // 3, suffix) for w in (1200, 600, 300)]
    assert [opened(one.data).size for one in made] == [(one.width, one.height) for one in made]


def test_nothing_is_made_larger() -> None:
    assert [one.width for one in renditions(picture("JPEG", (700, 20)))] == [600, 300]
    assert list(renditions(picture("PNG", (300, 300)))) == []


def test_transparency_stays() -> None:
    data = encoded(Image.new("RGBA", (1300, 700), (10, 200, 30, 60)), "PNG")
    assert accept(data).suffix == "png"
    pixel = opened(next(iter(renditions(data))).data).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 60


def test_a_palette_with_a_transparent_colour_stays_transparent() -> None:
    image = Image.new("P", (700, 400), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    data = encoded(image, "PNG", transparency=0)
    assert opened(next(iter(renditions(data))).data).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_print_colours_become_screen_colours() -> None:
    made = next(iter(renditions(accept(encoded(Image.new("CMYK", (700, 500)), "JPEG")).data)))
    assert opened(made.data).mode == "RGB"

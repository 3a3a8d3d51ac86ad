"""What the library takes, by its bytes; and what only seems to be something of that."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from apps.chassis.pictures import NotAPicture
from apps.mywordpress.media.kinds import recognised
from tests.support import samples
from tests.support.drawings import picture

PAGE = b"<!doctype html><script>alert(1)</script>"
DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def kind(data: bytes, name: str = "x.jpg") -> str:
    return recognised(io.BytesIO(data), name).suffix


@pytest.mark.parametrize(
    "make",
    [samples.pdf, samples.odt, samples.docx, samples.xlsx, samples.mp3, samples.ogg, samples.m4a, samples.wav,
     samples.flac],
)  # fmt: skip
def test_a_file_is_what_its_bytes_say_whatever_it_is_called(make: Callable[[], bytes]) -> None:
    assert kind(make(), "page.html") == make.__name__


@pytest.mark.parametrize("make", [samples.txt, samples.csv])
def test_text_is_what_its_name_says_too(make: Callable[[], bytes]) -> None:
    assert kind(make(), f"NOTES.{make.__name__.upper()}") == make.__name__
    with pytest.raises(NotAPicture, match="whatever its name says"):
        kind(make(), "notes.html")


@pytest.mark.parametrize(
    "suffix", ["jpg", "png", "gif", "webp", "avif", "pdf", "mp3", "ogg", "m4a", "wav", "docx", "txt", "csv"]
)
@pytest.mark.parametrize("content", [PAGE, DRAWING, b"\xef\xbb\xbf  " + PAGE, b"<?xml version='1.0'?>" + DRAWING])
def test_pages_and_drawings_are_refused_under_every_name(suffix: str, content: bytes) -> None:
    with pytest.raises(NotAPicture):
        kind(content, f"holiday.{suffix}")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4\n" + PAGE,
        samples.pdf() + samples.zipped(**{"run.class": bytes(4000)}),
        PAGE + samples.pdf(),
        b"ID3\x03\x00\x00\x00\x00\x00\x00" + PAGE,
        b"\xff\xfb\x90\x00" + PAGE,
        samples.mp3(1)[:-20],
        b"OggS\x00\x02" + PAGE,
        b"RIFF\x24\x00\x00\x00WAVE" + PAGE,
        samples.wav()[:-50],
        samples.wav() + bytes(500),
        b"fLaC\x00\x00\x00\x22" + PAGE,
        samples.box(b"ftyp", b"M4A \x00\x00\x02\x00") + PAGE,
        samples.m4a()[:-4],
        samples.ogg(b"\x80theora"),
        samples.m4a(b"vide"),
        b"MZ" + samples.docx(),
        PAGE + samples.docx(),
        samples.zipped(**{"run.class": b"x"}),
        samples.zipped(mimetype=b"text/html"),
        samples.zipped(**{"[Content_Types].xml": b"x", "word/document.xml": b"x", "word/vbaProject.bin": b"x"}),
        samples.docx()[:-30],
        b"{\\rtf1}",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"text with \x00 in it",
        b"#!/bin/sh\n",
        b"\x89PNG",
    ],
)  # fmt: skip
def test_what_is_two_things_or_half_of_one_is_refused(data: bytes) -> None:
    for name in ("x.pdf", "x.mp3", "x.docx"):
        with pytest.raises(NotAPicture):
            kind(data, name)


@pytest.mark.parametrize("text", [b"caf\xe9", b"a\x1b[2Jb", "\ufeffx".encode("utf-16"), b"PK\x03\x04 and more"])
def test_text_is_utf_8_and_nothing_else(text: bytes) -> None:
    with pytest.raises(NotAPicture):
        kind(text, "x.txt")


def test_a_document_that_lists_more_than_memory_is_not_even_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(samples.docx())
    struct.pack_into("<H", data, data.rfind(b"PK\x05\x06") + 10, 60_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(NotAPicture):
        kind(bytes(data))


def test_a_picture_is_known_by_its_start_and_proven_later() -> None:
    assert [kind(picture(name, (9, 9)), "x.pdf") for name in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")] == [
        "jpg", "png", "gif", "webp", "avif",
    ]  # fmt: skip

"""The stored files over HTTP, as what they are and nothing else."""

import re
from collections.abc import Callable

import pytest

from apps.mywordpress.media.kinds import BY_SUFFIX
from tests.mywordpress.conftest import Journal
from tests.mywordpress.test_media import uploaded
from tests.support import samples
from tests.support.drawings import opened, picture


def test_an_upload_is_served_for_ever_as_what_it_is(journal: Journal) -> None:
    answer = journal.visitor().get(uploaded(journal.author(), picture("PNG"), "photo.jpg.exe"))
    assert answer.status_code == 200
    assert opened(answer.data).size == (1500, 1000)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert {"immutable", "max-age=31536000"} <= set(re.split(", ?", answer.headers["Cache-Control"]))
    assert "Set-Cookie" not in answer.headers


def test_a_picture_is_not_sent_twice(journal: Journal) -> None:
    url = uploaded(journal.author())
    tag = journal.visitor().get(url).headers["ETag"]
    assert journal.visitor().get(url, **{"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("make", [samples.pdf, samples.csv, samples.docx])
def test_a_document_is_saved_and_never_shown(journal: Journal, make: Callable[[], bytes]) -> None:
    name = f"paper.{make.__name__}"
    answer = journal.visitor().get(uploaded(journal.author(), make(), name))
    assert (answer.status_code, answer.data) == (200, make())
    assert answer.headers["Content-Type"].partition(";")[0] == BY_SUFFIX[make.__name__].mime_type
    assert answer.headers["Content-Disposition"] == "attachment"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_sound_is_sent_in_the_parts_that_a_player_asks_for(journal: Journal) -> None:
    url = uploaded(journal.author(), samples.mp3(), "song.mp3")
    whole = journal.visitor().get(url)
    assert (whole.data, whole.headers["Accept-Ranges"]) == (samples.mp3(), "bytes")
    part = journal.visitor().get(url, Range="bytes=100-199")
    assert (part.status_code, part.data) == (206, samples.mp3()[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(samples.mp3())}"
    assert "immutable" in part.headers["Cache-Control"]
    assert journal.visitor().get(url, Range="bytes=9999999-").status_code == 416


@pytest.mark.parametrize(
    "key",
    [
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "ab/cd/../../../database.sqlite3",
        "ab/cd/" + "0" * 64 + ".jpg",
        "ab/cd/abcd" + "0" * 60 + ".html",
        "ab/cd/abcd" + "0" * 60 + ".jpg%00.png",
        ".incoming/lock",
    ],
)
def test_only_pictures_are_served(journal: Journal, key: str) -> None:
    uploaded(journal.author())
    assert journal.visitor().get(f"/media/{key}").status_code == 404

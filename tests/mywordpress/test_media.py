"""Uploads: what is taken and refused, what is made of it, and what is swept."""

import re
import shutil
from pathlib import Path

import pytest

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.media.kinds import MOST_BYTES, Family
from apps.mywordpress.media.models import Attachment, Rendition
from apps.mywordpress.media.uploads import FORM_BYTES, MOST_AT_ONCE_BYTES
from apps.mywordpress.posts.models import Post
from tests.mywordpress.conftest import Journal, Visitor, file, notice, over_both
from tests.mywordpress.people import join
from tests.support import samples
from tests.support.drawings import SECRET, animation, bomb, located, opened, picture

JSON = "application/json"


def uploaded(visitor: Visitor, data: bytes | None = None, name: str = "holiday.jpg") -> str:
    """The address of a picture that was just uploaded."""
    answer = visitor.post("/media", accept=JSON, file=file(data, name))
    assert answer.status_code == 201, answer.text
    url: str = answer.get_json()["url"]
    return url


def files(journal: Journal) -> list[Path]:
    root = journal.app.storage.root
    return [path for path in root.rglob("*") if path.is_file() and path.name != "lock"]


def test_what_is_served_does_not_tell_where_it_was_taken(journal: Journal) -> None:
    assert SECRET not in journal.visitor().get(uploaded(journal.author(), located("JPEG"))).data


def test_an_animation_keeps_moving_and_gets_no_renditions(journal: Journal) -> None:
    url = uploaded(journal.author(), animation("GIF"))
    journal.work("make_renditions", picture_id=1)
    assert getattr(opened(journal.visitor().get(url).data), "n_frames", 1) == 4
    with journal.writing() as db:
        assert db.query(Rendition).count() == 0
        assert db.get_one(Attachment, 1).renditions_made_at is not None


def test_what_is_no_picture_waits_for_no_renditions(journal: Journal) -> None:
    uploaded(journal.author(), samples.wav(), "sound.wav")
    with journal.writing() as db:
        assert Attachment.without_renditions(db, limit=9) == []


def test_several_files_of_one_form_are_taken_and_the_others_named(journal: Journal) -> None:
    ann = journal.author()
    page = ann.post("/media", file=[file(), file(b"nothing", "notes.doc"), file(samples.pdf(), "paper.pdf")])
    assert (page.status_code, "notes.doc: This is not a JPEG" in notice(page)) == (200, True)
    assert len(files(journal)) == 2
    with journal.writing() as db:
        assert [one.title for one in db.query(Attachment)] == ["holiday", "paper"]


def test_whoever_may_not_upload_is_refused_before_anything_is_stored(journal: Journal) -> None:
    connie = join(journal, "Connie", Role.CONTRIBUTOR)
    for answer in (connie.post("/media", file=file()), connie.get("/media"), connie.get("/media/picker")):
        assert answer.status_code == 403
    assert files(journal) == []


def test_the_same_picture_twice_is_one(journal: Journal) -> None:
    ann = journal.author()
    assert uploaded(ann) == uploaded(ann)
    with journal.writing() as db:
        assert db.query(Attachment).count() == 1


@pytest.mark.parametrize(
    ("data", "name", "status", "reason"),
    [
        (b"#!/bin/sh", "run.jpg", 415, "not a JPEG"),
        (b"<html><script>alert(1)</script>", "page.png", 415, "not a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg", 415, "SVG"),
        (picture()[:900], "half.jpg", 415, "damaged"),
        (b"", "empty.png", 415, "empty"),
        (bomb(), "bomb.png", 422, "400 megapixels"),
        (b"\xff\xd8\xff" + bytes(MOST_BYTES[Family.PICTURE]), "large.jpg", 413, "15 MB"),
    ],
)
def test_what_is_refused_is_named_to_people_and_programs(
    journal: Journal, data: bytes, name: str, status: int, reason: str
) -> None:
    ann = journal.author()
    page = ann.post("/media", file=file(data, name))
    assert (page.status_code, reason in notice(page)) == (status, True)
    answer = ann.post("/media", accept=JSON, file=file(data, name))
    assert answer.status_code == status
    assert reason in answer.get_json()["error"]["detail"]
    assert files(journal) == []


def test_an_upload_without_a_file_is_refused(journal: Journal) -> None:
    answer = journal.author().post("/media")
    assert (answer.status_code, "choose a file" in notice(answer)) == (422, True)


def test_what_says_it_is_too_large_is_refused_unread(journal: Journal) -> None:
    environ = {"CONTENT_LENGTH": str(MOST_AT_ONCE_BYTES + FORM_BYTES + 1), "wsgi.input": Unreadable()}
    for path in ("/media", "/posts"):
        answer = journal.visitor().client.post(path, environ_overrides=environ)
        assert answer.status_code == 413
        assert "15 MB" in answer.text


class Unreadable:
    """A body that fails whoever touches it."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")

    readline = readinto = read


def test_a_form_elsewhere_may_not_be_large(journal: Journal) -> None:
    answer = journal.visitor().post("/sign-in", email="a@example.com", password="p" * 2_000_000)
    assert answer.status_code == 413


def test_a_guest_may_not_upload(journal: Journal) -> None:
    assert journal.visitor().post("/media", file=file()).status_code == 401
    assert files(journal) == []


def test_an_upload_from_a_foreign_page_is_refused(journal: Journal) -> None:
    client = journal.author().client
    answer = client.post("/media", data={"file": file()}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert files(journal) == []


@over_both
def test_posts_show_renditions_as_soon_as_they_are_made(journal: Journal) -> None:
    ann, guest = journal.author(), journal.visitor()
    answer = ann.post("/posts", title="With picture", body="Words.", publish="1", file=file())
    path = answer.location or ""
    assert "srcset" not in guest.get(path).text
    journal.work("make_renditions", picture_id=1)
    journal.work("show_renditions", picture_id=1)
    page, home = guest.get(path).text, guest.get("/").text
    found = re.search(r'<figure><img src="([^"]+)" [^>]*srcset="([^"]+)"', page)
    assert found is not None
    widths = [part.split() for part in found.group(2).split(", ")]
    assert [width for _, width in widths] == ["300w", "600w", "1200w", "1500w"]
    assert [opened(guest.get(url).data).width for url, _ in widths] == [300, 600, 1200, 1500]
    assert found.group(1) == widths[2][0]
    assert found.group(2) in home


def test_rendering_again_is_no_new_version(journal: Journal) -> None:
    ann = journal.author()
    ann.post("/posts", title="Being written", body="Words.", file=file())
    journal.work("make_renditions", picture_id=1)
    journal.work("show_renditions", picture_id=1)
    with journal.writing() as db:
        post = db.get_one(Post, 1)
        assert "srcset" in post.html
        body = post.body
    assert ann.post("/posts/1", title="Being written", body=body, version="1").status_code == 303


@over_both
def test_renditions_are_made_once(journal: Journal) -> None:
    uploaded(journal.author())
    for _ in range(2):
        journal.work("make_renditions", picture_id=1)
    with journal.writing() as db:
        assert db.query(Rendition).count() == 3
        assert not Attachment.show_renditions(db, 1, [])
    journal.work("make_renditions", picture_id=77)


def test_a_lost_message_is_healed(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = journal.author()
    ann.post("/posts", title="With picture", body="", file=file())
    sent: list[tuple[str, dict[str, int]]] = []
    monkeypatch.setattr("apps.mywordpress.media.jobs.enqueue", lambda job, **arguments: sent.append((job, arguments)))
    journal.tick("/every/minute")
    assert sent == []
    with journal.writing() as db:
        one = db.get_one(Attachment, 1)
        one.created_at = one.created_at.replace(year=2020)
    journal.tick("/every/minute")
    assert sent == [("make_renditions", {"picture_id": 1})]
    journal.work("make_renditions", picture_id=1)
    # The message that tells the posts is lost as well: the next tick finds them by itself.
    journal.tick("/every/minute")
    with journal.writing() as db:
        assert "srcset" in db.get_one(Post, 1).html


def test_a_file_that_can_no_longer_be_decoded_is_shown_as_it_is(journal: Journal) -> None:
    uploaded(journal.author())
    with journal.writing() as db:
        key = db.get_one(Attachment, 1).key
    journal.app.storage.path(key).write_bytes(b"damaged")
    journal.work("make_renditions", picture_id=1)
    with journal.writing() as db:
        assert db.get_one(Attachment, 1).renditions_made_at is not None
        assert db.query(Rendition).count() == 0


def test_files_that_no_row_names_are_swept_after_a_day(journal: Journal) -> None:
    import io
    import os

    uploaded(journal.author())
    journal.work("make_renditions", picture_id=1)
    orphan = journal.app.storage.put(io.BytesIO(b"orphan"), "jpg", 100)
    for path in files(journal):
        os.utime(path, (0, 0))
    assert len(files(journal)) == 5
    journal.tick("/every/day")
    assert len(files(journal)) == 4
    assert not journal.app.storage.exists(orphan.key)


class TestWithoutStorage:
    @pytest.fixture
    def environ(self) -> dict[str, str]:
        return {"STORAGE_REQUIRE_MOUNT": "1"}

    def test_uploads_are_refused_and_reading_goes_on(self, journal: Journal) -> None:
        post, ann = journal.post("Still here"), journal.author()
        answer = ann.post("/media", accept=JSON, file=file())
        assert answer.status_code == 503
        assert "storage does not answer" in answer.get_json()["error"]["detail"]
        typed = ann.post("/posts", title="A title", body="Words I typed.", file=file())
        assert (typed.status_code, "Words I typed." in typed.text) == (503, True)
        assert ann.post("/posts", title="A title", body="Words without a picture.").status_code == 303
        assert journal.visitor().get(post.path).status_code == 200
        assert files(journal) == []


def test_a_folder_that_goes_away_refuses_uploads(journal: Journal) -> None:
    ann = journal.author()
    url = uploaded(ann)
    shutil.rmtree(journal.app.storage.root)
    assert ann.post("/media", accept=JSON, file=file(picture(seed=5))).status_code == 503
    assert journal.visitor().get(url).status_code in (404, 503)
    assert journal.visitor().get("/").status_code == 200

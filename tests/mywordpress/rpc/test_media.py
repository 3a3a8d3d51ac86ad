"""Files that programs send, list and delete."""

import xmlrpc.client
from typing import Any

import pytest

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.media.models import Attachment
from tests.mywordpress.conftest import Journal, over_both
from tests.mywordpress.rpc.conftest import Program, Programs
from tests.mywordpress.rpc.test_system import multicall
from tests.support.drawings import picture


def photo(name: str = "tide.jpg", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "image/jpeg", "bits": xmlrpc.client.Binary(picture()), **more}


@over_both
def test_a_picture_is_sent_shown_and_deleted(journal: Journal, ann: Program) -> None:
    told = ann.wp("uploadFile", photo())
    assert (told["id"], told["file"], told["type"]) == (told["attachment_id"], "tide.jpg", "image/jpeg")
    assert told["url"].startswith("http://localhost/media/")
    assert journal.visitor().get(told["url"].removeprefix("http://localhost")).status_code == 200
    item = ann.wp("getMediaItem", told["id"])
    assert (item["title"], item["parent"], item["link"]) == ("tide", "0", told["url"])
    assert item["metadata"]["width"] > 0
    assert item["metadata"]["sizes"]["thumbnail"]["mime-type"] == "image/jpeg"
    assert ann.wp("deleteFile", told["id"]) is True
    assert ann.wp_fault("getMediaItem", told["id"]) == 404


def test_metaweblogs_method_does_the_same(journal: Journal, ann: Program) -> None:
    post = ann.wp("newPost", {"post_title": "With a picture"})
    told = ann.call("metaWeblog.newMediaObject", 1, ann.name, ann.password, photo(post_id=post))
    assert told["parent"] == post


def test_the_library_is_narrowed_down(journal: Journal, ann: Program) -> None:
    post = ann.wp("newPost", {"post_title": "With a picture"})
    ann.wp("uploadFile", photo(post_id=post))
    ann.wp("uploadFile", {"name": "notes.txt", "type": "text/plain", "bits": xmlrpc.client.Binary(b"Some notes.\n")})

    def titles(**filter: object) -> list[str]:
        return [one["title"] for one in ann.wp("getMediaLibrary", filter)]

    assert titles() == ["notes", "tide"]
    assert titles(parent_id=post) == ["tide"]
    assert titles(parent_id=0) == ["notes"]
    assert titles(mime_type="image/jpeg") == titles(mime_type="image") == ["tide"]
    assert titles(number=1, offset=1) == ["tide"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"name": "x.jpg", "bits": xmlrpc.client.Binary(b"<script>alert(1)</script>")}, 500),
        ({"name": "x.jpg", "bits": xmlrpc.client.Binary(b"")}, 500),
        ({"name": "x.jpg", "bits": xmlrpc.client.Binary(picture()[:500])}, 500),
        ({"name": "x.jpg", "bits": 7}, -32602),
        ({"name": "x.jpg"}, -32602),
        ({"name": {"a": "struct"}, "bits": xmlrpc.client.Binary(picture())}, -32602),
        ("no struct", -32602),
        (photo(post_id=99), 404),
        (photo(post_id="many"), -32602),
    ],
)
def test_what_is_no_file_is_not_taken(journal: Journal, ann: Program, data: Any, code: int) -> None:
    assert ann.wp_fault("uploadFile", data) == code
    assert ann.wp("getMediaLibrary") == []


def test_whose_files_they_are(journal: Journal, program: Programs, ann: Program) -> None:
    sue, bo = program("sue", Role.CONTRIBUTOR), program("bo")
    told = ann.wp("uploadFile", photo())
    assert sue.wp_fault("uploadFile", photo()) == 401
    assert sue.wp_fault("getMediaLibrary") == 401
    assert sue.wp_fault("getMediaItem", told["id"]) == 401
    assert bo.wp_fault("deleteFile", told["id"]) == 401
    post = ann.wp("newPost", {"post_title": "Hers"})
    assert bo.wp_fault("uploadFile", photo("another.jpg", post_id=post)) == 401


def test_a_file_that_a_text_shows_stays(journal: Journal, ann: Program) -> None:
    told = ann.wp("uploadFile", photo())
    path = told["url"].removeprefix("http://localhost")
    ann.wp("newPost", {"post_title": "Shown", "post_content": f'<img src="{path}" alt="">', "post_status": "publish"})
    assert ann.wp_fault("deleteFile", told["id"]) == 401
    ann.wp("editPost", 1, {"post_content": "Nothing.", "post_thumbnail": told["id"]})
    assert ann.wp("deleteFile", told["id"]) is True
    assert ann.wp("getPost", 1)["post_thumbnail"] == []


def test_files_among_several_calls_stand_for_themselves(journal: Journal, ann: Program) -> None:
    login = (1, ann.name, ann.password)
    answers = multicall(
        ann,
        ("wp.newPost", *login, {"post_title": "Before"}),
        ("wp.uploadFile", *login, photo()),
        ("wp.uploadFile", *login, {"name": "x.jpg", "bits": xmlrpc.client.Binary(b"none")}),
        ("wp.newPost", *login, {"post_title": "After"}),
    )
    assert [answers[0], answers[3]] == [["1"], ["2"]]
    assert answers[1][0]["file"] == "tide.jpg"
    assert answers[2]["faultCode"] == 500


def test_a_large_file_is_read_in_portions(journal: Journal, ann: Program) -> None:
    notes = b"A line of notes that says nothing at all.\n" * 200_000
    told = ann.wp("uploadFile", {"name": "long.txt", "bits": xmlrpc.client.Binary(notes)})
    with journal.writing() as db:
        kept = db.get_one(Attachment, int(told["id"]))
    assert kept.size == len(notes)


@pytest.mark.parametrize("environ", [{"STORAGE_REQUIRE_MOUNT": "1"}])
def test_without_a_place_for_files_none_is_taken(ann: Program) -> None:
    assert ann.wp_fault("uploadFile", photo()) == 500
    assert ann.wp("getMediaLibrary") == []

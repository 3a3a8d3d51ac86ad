"""The library by the API."""

import hashlib
from typing import Any

import pytest

from apps.mywordpress.accounts.roles import Role
from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.conftest import Journal, file
from tests.support.drawings import picture

NAMED = {"Content-Type": "image/jpeg", "Content-Disposition": 'attachment; filename="sea.jpg"'}


def upload(program: Program, data: bytes | None = None, path: str = "/media", **headers: str) -> Any:
    sent = picture() if data is None else data
    return program.ask("POST", path, data=sent, headers={**NAMED, **headers})


def test_a_picture_is_sent_as_it_is(journal: Journal, ann: Program, stranger: Program) -> None:
    answer = upload(ann, picture("JPEG", (800, 600)))
    assert answer.status_code == 201, answer.text
    made = answer.json
    assert answer.headers["Location"] == f"http://localhost/wp-json/wp/v2/media/{made['id']}"
    assert (made["media_type"], made["mime_type"], made["title"]["raw"]) == ("image", "image/jpeg", "sea")
    assert (made["slug"], made["status"], made["type"], made["author"]) == ("sea", "inherit", "attachment", 1)
    shown = journal.visitor().get(made["source_url"].removeprefix("http://localhost"))
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    details = made["media_details"]
    assert (details["width"], details["height"]) == (800, 600)
    assert set(details["sizes"]) == {"thumbnail", "full"}
    journal.work("make_renditions", picture_id=made["id"])
    sizes = stranger.shown(f"/media/{made['id']}")["media_details"]["sizes"]
    assert {name: one["width"] for name, one in sizes.items()} == {
        "thumbnail": 300,
        "medium": 300,
        "medium_large": 600,
        "full": 800,
    }
    assert set(sizes["medium"]) == {"file", "width", "height", "filesize", "mime_type", "source_url"}


def test_a_picture_is_sent_by_a_form_with_what_is_told_about_it(journal: Journal, ann: Program) -> None:
    post = journal.post()
    sent = {
        "file": file(),
        "title": "Sea",
        "caption": "The sea",
        "alt_text": "Waves",
        "description": "D",
        "post": post.id,
    }
    answer = ann.ask("POST", "/media", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 201, answer.text
    made = answer.json
    assert (made["title"]["raw"], made["alt_text"], made["post"]) == ("Sea", "Waves", post.id)
    assert made["caption"] == {"raw": "The sea", "rendered": "<p>The sea</p>\n"}
    changed = ann.put(f"/media/{made['id']}", alt_text="Other", post=0).json
    assert (changed["alt_text"], changed["post"], changed["title"]["raw"]) == ("Other", None, "Sea")


def test_a_picture_is_featured_and_embedded(ann: Program, stranger: Program) -> None:
    media = upload(ann).json["id"]
    post = ann.made("/posts", title="T", status="publish", featured_media=media)
    shown = stranger.shown(f"/posts/{post['id']}?_embed")
    assert shown["featured_media"] == media
    assert shown["_embedded"]["wp:featuredmedia"][0]["source_url"].startswith("http://localhost/media/")
    assert ann.put(f"/posts/{post['id']}", featured_media=0).json["featured_media"] == 0


def test_a_picture_is_deleted_for_good(ann: Program) -> None:
    made = upload(ann).json
    path = f"/media/{made['id']}"
    post = ann.made("/posts", title="T", status="publish", featured_media=made["id"])
    assert code(ann.delete(path)) == (501, "rest_trash_not_supported")
    assert ann.delete(f"{path}?force=true").json["previous"]["id"] == made["id"]
    assert code(ann.get(path)) == (404, "rest_post_invalid_id")
    assert ann.shown(f"/posts/{post['id']}")["featured_media"] == 0


def test_what_a_text_shows_stays(journal: Journal, ann: Program) -> None:
    made = upload(ann).json
    where = made["source_url"].removeprefix("http://localhost")
    journal.post("T", f"![x]({where})")
    assert code(ann.delete(f"/media/{made['id']}?force=true")) == (409, "rest_cannot_delete")


@pytest.mark.parametrize(
    ("data", "headers", "status", "reason"),
    [
        (b"", {}, 400, "rest_upload_no_data"),
        (None, {"Content-Disposition": ""}, 400, "rest_upload_no_content_disposition"),
        (None, {"Content-Disposition": "attachment"}, 400, "rest_upload_invalid_disposition"),
        (None, {"Content-MD5": "0" * 32}, 412, "rest_upload_hash_mismatch"),
        (b"<?php", {}, 415, "rest_upload_sideload_error"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, {}, 415, "rest_upload_sideload_error"),
    ],
)
def test_what_is_no_upload_is_told(ann: Program, data: Any, headers: Any, status: int, reason: str) -> None:
    assert code(upload(ann, data, **headers)) == (status, reason)


def test_what_is_whole_has_its_sum(ann: Program) -> None:
    data = picture()
    told = hashlib.md5(data, usedforsecurity=False).hexdigest()
    named = "attachment; filename*=UTF-8''%EB%B0%94%EB%8B%A4.jpg"
    made = upload(ann, data, **{"Content-MD5": told, "Content-Disposition": named})
    assert made.json["title"]["raw"] == "바다"


def test_what_is_too_large_is_refused_before_it_is_read(ann: Program) -> None:
    claimed = {"CONTENT_LENGTH": str(80 * 1024 * 1024)}
    answer = ann.ask("POST", "/media", data=b"x", headers=NAMED, environ_overrides=claimed)
    assert code(answer) == (413, "rest_upload_file_too_big")


def test_nothing_is_stored_for_who_may_not(journal: Journal, programs: Any, stranger: Program) -> None:
    contributor = programs(Role.CONTRIBUTOR)
    assert code(upload(contributor)) == (403, "rest_cannot_create")
    assert code(upload(stranger)) == (401, "rest_cannot_create")
    assert stranger.shown("/media") == []


def test_files_belong_to_who_sent_them(journal: Journal, ann: Program, programs: Any, stranger: Program) -> None:
    made, author, editor = upload(ann).json, programs(Role.AUTHOR), programs(Role.EDITOR)
    path = f"/media/{made['id']}"
    assert code(author.put(path, title="x")) == (403, "rest_cannot_edit")
    assert code(author.delete(f"{path}?force=true")) == (403, "rest_cannot_delete")
    assert code(author.get(f"{path}?context=edit")) == (403, "rest_forbidden_context")
    assert editor.put(path, title="x").status_code == 200
    assert code(stranger.get("/media?context=edit")) == (401, "rest_forbidden_context")
    theirs = journal.post()
    assert code(upload(author, path=f"/media?post={theirs.id}")) == (403, "rest_cannot_edit")


def test_what_was_added_to_a_hidden_post_is_hidden_with_it(
    journal: Journal, ann: Program, programs: Any, stranger: Program
) -> None:
    post = ann.made("/posts", title="Not yet", content="x")["id"]
    made = upload(ann, path=f"/media?post={post}").json["id"]
    people = stranger, programs(Role.AUTHOR), ann, programs(Role.EDITOR)
    assert [[one["id"] for one in who.shown("/media")] for who in people] == [[], [], [made], [made]]
    assert [who.get(f"/media/{made}").status_code for who in people] == [401, 403, 200, 200]
    ann.put(f"/posts/{post}", status="publish")
    assert stranger.shown(f"/media/{made}")["post"] == post


def test_lists_are_narrowed_down(journal: Journal, ann: Program, ada: Program) -> None:
    post = journal.post()
    one = upload(ann, picture("JPEG", (40, 30)), path=f"/media?post={post.id}&title=One").json["id"]
    two = upload(ada, picture("JPEG", (50, 30)), path="/media?title=Two&alt_text=Gull").json["id"]
    asked = {
        "": [two, one],
        "order=asc": [one, two],
        "author=1": [one],
        "author_exclude=1": [two],
        f"parent={post.id}": [one],
        "parent=0": [two],
        "parent_exclude=0": [one],
        "search=gull": [two],
        "slug=sea": [one],
        f"include={one},{two}&orderby=include": [one, two],
        f"exclude={two}": [one],
        "media_type=image": [two, one],
        "media_type=audio": [],
        "mime_type=image/jpeg&orderby=id": [two, one],
        "mime_type=image/png": [],
        "orderby=title&order=asc": [one, two],
        "after=2001-01-01T00:00:00&orderby=author&order=asc": [one, two],
        "before=2001-01-01T00:00:00": [],
        "status=trash": [],
        "per_page=1&page=2": [one],
    }
    assert {query: [item["id"] for item in ada.shown(f"/media?{query}")] for query in asked} == asked
    assert code(ada.get("/media?page=9")) == (400, "rest_post_invalid_page_number")

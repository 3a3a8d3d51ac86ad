"""While somebody writes: autosaves, previews, who else is there, and what was before."""

import json
from datetime import timedelta

import pytest

from apps.chassis.columns import now
from apps.mywordpress.posts.history import Autosave, EditLock, Revision
from tests.mywordpress.conftest import Journal, notice, over_both
from tests.mywordpress.saving import JSON, form, stored


@over_both
def test_what_was_not_saved_is_kept_and_offered_at_reopening(journal: Journal) -> None:
    post, ann = journal.post(), journal.author()
    for words in ("First words.", "More words <3."):
        answer = ann.post(f"/posts/{post.id}/autosave", accept=JSON, title="New title", body=words, version="1")
        assert answer.json == {"version": 1}
    assert stored(journal).body == "Some words."
    assert "You wrote more than is saved here" in notice(ann.get("/posts/1/edit"))
    assert "More words" not in journal.author("ada@example.com").get("/posts/1/edit?autosave=1").text
    assert "More words &lt;3." in ann.get("/posts/1/edit?autosave=1").text
    ann.post("/posts/1", **form(body="More words <3."))
    with journal.writing() as db:
        assert db.query(Autosave).count() == 0


def test_an_autosave_upon_an_older_version_is_a_conflict_to_be_solved(journal: Journal) -> None:
    post, ann, ada = journal.post(), journal.author(), journal.author("ada@example.com")
    ann.post(f"/posts/{post.id}/autosave", accept=JSON, title="T", body="Mine.", version="1")
    ada.post(f"/posts/{post.id}", title="T", body="Hers.", version="1")
    assert ann.post(f"/posts/{post.id}/autosave", accept=JSON, title="T", body="Mine!", version="1").json == {
        "version": 2
    }
    page = ann.get("/posts/1/edit?autosave=1").text
    assert 'name="version" type="hidden" value="1"' in page
    answer = ann.post("/posts/1", **form(body="Mine!", tags="kept", sticky="y"))
    assert answer.status_code == 409
    assert '<input type="hidden" name="tags" value="kept">' in answer.text
    assert '<input type="hidden" name="sticky" value="y">' in answer.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"body": "x" * 200_001}, 422),
        ({"title": "x" * 501}, 422),
        ({"version": "7"}, 422),
        ({"version": ""}, 422),
        ({}, 200),
    ],
)
def test_an_autosave_is_no_larger_than_a_post(journal: Journal, fields: dict[str, str], status: int) -> None:
    post = journal.post()
    sent = {"title": "", "body": "x", "version": "1"} | fields
    assert journal.author().post(f"/posts/{post.id}/autosave", accept=JSON, **sent).status_code == status
    assert journal.author("bo@example.com").post(f"/posts/{post.id}/autosave", **sent).status_code == 403


def test_an_autosave_that_is_forgotten_is_gone(journal: Journal) -> None:
    post, ann = journal.post(), journal.author()
    ann.post(f"/posts/{post.id}/autosave", accept=JSON, title="T", body="x", version="1")
    ann.post(f"/posts/{post.id}/autosave/deletion")
    assert "You wrote more" not in ann.get("/posts/1/edit").text


@over_both
def test_two_who_have_one_post_open_are_both_told(journal: Journal) -> None:
    post, ann, ada = journal.post(), journal.author(), journal.author("ada@example.com")
    ann.post(f"/posts/{post.id}/presence", accept=JSON)
    assert "Ann has this open too" in notice(ada.get("/posts/1/edit"))
    assert ada.post(f"/posts/{post.id}/presence", accept=JSON).json["others"] == ["Ann"]  # type: ignore[index]
    told = ann.post(f"/posts/{post.id}/presence", accept=JSON).json
    assert told is not None
    assert told["told"].startswith("Ada has this open too")
    with journal.writing() as db:
        for lock in db.query(EditLock):
            lock.seen_at = now() - timedelta(minutes=2)
    assert "has this open" not in notice(ada.get("/posts/1/edit"))
    with journal.writing() as db:
        for lock in db.query(EditLock):
            lock.seen_at = now() - timedelta(days=2)
    journal.tick("/every/day")
    with journal.writing() as db:
        assert db.query(EditLock).count() == 0


def test_a_script_makes_a_draft_and_goes_on_with_it(journal: Journal) -> None:
    ann = journal.author()
    answer = ann.post("/posts", accept=JSON, title="T", body="x", settings="1", kind="post")
    assert (answer.status_code, answer.json) == (
        201,
        {"id": 1, "version": 1, "url": "/posts/1", "edit": "/posts/1/edit"},
    )
    refused = ann.post("/posts", accept=JSON, title="", body="x")
    assert (refused.status_code, "needs a title" in json.dumps(refused.json)) == (422, True)


def test_a_preview_for_the_script_is_the_html_that_readers_would_get(journal: Journal) -> None:
    ann = journal.author()
    body = "*So*\n\n<!--more-->\n\n<script>x</script>\n\n<!--nextpage-->\n\nEnd"
    answer = ann.post("/posts/preview", accept=JSON, title="", body=body)
    assert answer.json is not None
    assert answer.json["html"] == "<p><em>So</em></p>\n<!--more-->\n<!--nextpage--><p>End</p>\n"
    written = ann.post("/posts/preview", accept=JSON, body="<b>x</b>", format="html").json
    assert written is not None
    assert written["html"].strip() == "<p><b>x</b></p>"
    assert ann.post("/posts/preview", accept=JSON, body="[" * 6_000).status_code == 422


@over_both
def test_revisions_are_compared_and_brought_back(journal: Journal) -> None:
    post, ann = journal.post("A title", "One line.\n\nThe old word stays."), journal.author()
    ann.post(f"/posts/{post.id}", title="A title", body="One line.\n\nThe new word stays.\n\nAnd more.", version="1")
    page = ann.get(f"/posts/{post.id}/revisions").text
    for shown in ("<del>", "old", "<ins>", "new", "And more.", "taken out:", "put in:"):
        assert shown in page
    with journal.writing() as db:
        first = db.query(Revision).order_by(Revision.version).first()
        assert first is not None
        first_id = first.id
    stale = ann.post(f"/posts/{post.id}/revisions/{first_id}/restoration", version="1")
    assert (stale.status_code, stored(journal).version) == (409, 2)
    answer = ann.post(f"/posts/{post.id}/revisions/{first_id}/restoration", version="2")
    assert answer.location == "/posts/1/edit?done=restored"
    assert (stored(journal).body, stored(journal).version) == ("One line.\n\nThe old word stays.", 3)
    assert journal.author("bo@example.com").get(f"/posts/{post.id}/revisions").status_code == 403


def test_a_revision_of_another_post_is_none_of_this_one(journal: Journal) -> None:
    one, other = journal.post("One"), journal.post("Other")
    ann = journal.author()
    assert ann.post(f"/posts/{one.id}/revisions/{other.id}/restoration", version="1").status_code == 404
    assert ann.get(f"/posts/{one.id}/revisions?before={other.id}&after=x").status_code == 200

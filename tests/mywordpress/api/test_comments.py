"""Comments by the API."""

from typing import Any

import pytest

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.conftest import Journal, over_both


@over_both
def test_a_thread_is_written_and_read(journal: Journal, ann: Program, ada: Program, stranger: Program) -> None:
    post = journal.post()
    first = ann.made("/comments", post=post.id, content="First & *plain*")
    answer = ada.made("/comments", post=post.id, content="An answer", parent=first["id"])
    assert (first["status"], first["author_name"], first["type"]) == ("approved", "Ann", "comment")
    assert "author_email" not in first
    assert answer["author_email"] == "ada@example.com"
    shown = stranger.shown(f"/comments?post={post.id}&order=asc&orderby=id")
    assert [one["id"] for one in shown] == [first["id"], answer["id"]]
    assert shown[0]["content"] == {"rendered": "<p>First &amp; *plain*</p>"}
    assert shown[0]["link"] == f"http://localhost{post.path}#comment-{first['id']}"
    assert set(shown[0]["author_avatar_urls"]) == {"24", "48", "96"}
    assert "children" in shown[0]["_links"]
    whole = stranger.shown(f"/comments/{answer['id']}?_embed")["_embedded"]
    assert whole["in-reply-to"][0]["id"] == first["id"]
    assert whole["up"][0]["id"] == post.id
    replies = stranger.shown(f"/posts/{post.id}?_embed=replies")["_embedded"]["replies"][0]
    assert {one["id"] for one in replies} == {first["id"], answer["id"]}
    assert [one["id"] for one in stranger.shown(f"/comments?parent={first['id']}")] == [answer["id"]]


def test_moderators_decide_what_is_shown(journal: Journal, ada: Program, programs: Any, stranger: Program) -> None:
    post, subscriber = journal.post(), programs(Role.SUBSCRIBER)
    held = subscriber.made("/comments", post=post.id, content="Please")
    path = f"/comments/{held['id']}"
    assert held["status"] == "hold"
    assert code(stranger.get(path)) == (401, "rest_cannot_read")
    assert stranger.shown("/comments") == []
    assert code(subscriber.put(path, status="approve")) == (403, "rest_cannot_edit")
    assert [one["id"] for one in ada.shown("/comments?status=hold")] == [held["id"]]
    assert ada.put(path, status="approved").json["status"] == "approved"
    assert [one["id"] for one in stranger.shown("/comments")] == [held["id"]]
    assert ada.put(path, status="spam", content="Other words").json["status"] == "spam"
    assert ada.shown(f"{path}?context=edit")["content"]["raw"] == "Other words"
    assert code(ada.put(path, status="nothing")) == (400, "rest_invalid_param")
    assert ada.delete(path).json["status"] == "trash"
    assert code(ada.delete(path)) == (410, "rest_already_trashed")
    assert ada.delete(f"{path}?force=true").json["deleted"] is True
    assert code(ada.get(path)) == (404, "rest_comment_invalid_id")


def test_an_author_moderates_their_own_posts(journal: Journal, ann: Program, programs: Any) -> None:
    held = programs(Role.SUBSCRIBER).made("/comments", post=journal.post().id, content="Please")
    assert [one["id"] for one in ann.shown("/comments?status=hold")] == [held["id"]]
    assert ann.put(f"/comments/{held['id']}", status="approved").json["status"] == "approved"
    assert code(ann.get("/comments?context=edit")) == (403, "rest_forbidden_context")


def test_who_may_not_say_something(journal: Journal, ann: Program, stranger: Program) -> None:
    post, draft = journal.post(), journal.post(published=False)
    assert code(stranger.post("/comments", post=post.id, content="x")) == (401, "rest_comment_login_required")
    assert code(ann.post("/comments", content="x")) == (403, "rest_comment_invalid_post_id")
    assert code(ann.post("/comments", post=999, content="x")) == (403, "rest_comment_invalid_post_id")
    assert code(ann.post("/comments", post=draft.id, content="x")) == (403, "rest_comment_draft_post")
    assert code(ann.post("/comments", post=post.id, content=" ")) == (400, "rest_comment_content_invalid")
    assert code(ann.post("/comments", post=post.id, content="x", author=3)) == (403, "rest_comment_invalid_author")
    assert code(ann.post("/comments", post=post.id, content="x", status="hold")) == (403, "rest_comment_invalid_status")
    for_ip = ann.post("/comments", post=post.id, content="x", author_ip="192.0.2.1")
    assert code(for_ip) == (403, "rest_comment_invalid_author_ip")
    assert code(ann.post("/comments", post=post.id, content="x", type="ping")) == (400, "rest_invalid_comment_type")
    assert code(ann.post("/comments", post=post.id, content="x", id=7)) == (400, "rest_comment_exists")
    assert code(ann.post("/comments", post=post.id, content="x", parent=99)) == (400, "rest_invalid_param")
    assert code(ann.post("/comments", post=post.id, content="x" * 5001)) == (400, "rest_invalid_param")
    ann.delete(f"/posts/{post.id}")
    assert code(ann.post("/comments", post=post.id, content="x")) == (403, "rest_comment_trash_post")


def test_a_closed_post_takes_none(journal: Journal, ann: Program, programs: Any) -> None:
    made = ann.made("/posts", title="T", status="publish", comment_status="closed")
    subscriber = programs(Role.SUBSCRIBER)
    assert code(subscriber.post("/comments", post=made["id"], content="x")) == (403, "rest_comment_closed")


def test_the_same_twice_is_told(journal: Journal, ann: Program) -> None:
    post = journal.post()
    ann.made("/comments", post=post.id, content="x")
    assert code(ann.post("/comments", post=post.id, content="x")) == (409, "comment_duplicate")


def test_a_moderator_writes_for_others(journal: Journal, ada: Program) -> None:
    sent = {"author_name": "Guest", "author_email": "guest@example.com", "author_url": "https://guest.example"}
    made = ada.made("/comments", post=journal.post().id, content="x", author=0, **sent, status="approved")
    assert (made["author"], made["author_name"], made["author_email"]) == (0, "Guest", "guest@example.com")
    changed = ada.put(f"/comments/{made['id']}", author_name="Other").json
    assert (changed["author_name"], changed["author_url"]) == ("Other", "https://guest.example")
    path = f"/comments/{made['id']}"
    assert code(ada.put(path, author_url="javascript:x")) == (400, "rest_invalid_param")
    assert code(ada.put(path, post=99)) == (400, "rest_invalid_param")
    assert code(ada.put(path, type="ping")) == (404, "rest_comment_invalid_type")
    assert code(ada.put(path, content="")) == (400, "rest_comment_content_invalid")


@pytest.mark.parametrize("query", ["author=1", "author_email=ann@example.com", "status=hold", "type=pingback"])
def test_strangers_do_not_look_for_people(stranger: Program, query: str) -> None:
    assert code(stranger.get(f"/comments?{query}")) == (401, "rest_forbidden_param")


def test_lists_are_narrowed_down(journal: Journal, ada: Program, ann: Program) -> None:
    post, other = journal.post(), journal.post("Other")
    one = ann.made("/comments", post=post.id, content="One")["id"]
    two = ada.made("/comments", post=other.id, content="Two")["id"]
    asked = {
        "": [two, one],
        "order=asc": [one, two],
        f"post={post.id}": [one],
        "author=1": [one],
        "author_exclude=1": [two],
        "author_email=ADA@example.com": [two],
        "search=two": [two],
        f"include={one},{two}&orderby=include": [one, two],
        f"exclude={two}": [one],
        "before=2001-01-01T00:00:00": [],
        "after=2001-01-01T00:00:00&orderby=id": [two, one],
        "parent_exclude=0": [],
        "status=all": [two, one],
        "status=spam": [],
        "per_page=1&page=2": [one],
    }
    assert {query: [item["id"] for item in ada.shown(f"/comments?{query}")] for query in asked} == asked


def test_what_is_said_behind_a_password_stays_there(journal: Journal, ann: Program, stranger: Program) -> None:
    made = ann.made("/posts", title="T", content="x", status="publish", password="open")
    said = ann.made("/comments", post=made["id"], content="Secret")["id"]
    assert stranger.shown("/comments") == []
    assert code(stranger.get(f"/comments/{said}")) == (401, "rest_cannot_read_post")
    assert code(stranger.get(f"/comments?post={made['id']}")) == (401, "rest_cannot_read_post")
    assert stranger.shown(f"/comments/{said}?password=open")["id"] == said
    assert [one["id"] for one in stranger.shown(f"/comments?post={made['id']}&password=open")] == [said]
    assert "Secret" not in stranger.get(f"/posts/{made['id']}?_embed").text


@pytest.mark.usefixtures("one_window")
def test_whoever_says_too_much_is_slowed_down(journal: Journal, ann: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.api.commentwrites.MOST_SAID", 1)
    post = journal.post()
    ann.made("/comments", post=post.id, content="one")
    assert code(ann.post("/comments", post=post.id, content="two")) == (429, "rest_too_many_requests")


def test_the_owners_rules_hold(journal: Journal, programs: Any) -> None:
    with journal.writing() as db:
        Options(blocked_words="casino").store(db)
    made = programs(Role.SUBSCRIBER).made("/comments", post=journal.post().id, content="Casino!")
    assert made["status"] == "spam"

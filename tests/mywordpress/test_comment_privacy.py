"""What is kept of commenters, told and forgotten."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from apps.chassis.columns import now
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.letters.models import Letter
from tests.mywordpress.conftest import Journal, over_both
from tests.mywordpress.people import join, mails, owed
from tests.mywordpress.test_comments import GUEST, approve, comments

ROBIN = {"email": "ROBIN@example.com"}


def test_an_administrator_exports_what_came_with_an_address(journal: Journal) -> None:
    post, ada = journal.post(), journal.author("ada@example.com")
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"email": "kim@example.com", "text": "Other."})
    answer = ada.post("/comments/privacy/export", **ROBIN)
    assert "no-store" in answer.headers["Cache-Control"]
    said = json.loads(answer.text)["comments"]
    assert [(one["text"], one["network_address"]) for one in said] == [("Well said.", "127.0.0.1")]
    assert ada.post("/comments/privacy/export", email="nobody").status_code == 422


@over_both
def test_an_administrator_has_somebody_forgotten(journal: Journal) -> None:
    post, ada = journal.post(), journal.author("ada@example.com")
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST, url="https://robin.example", wants_replies="y")
    approve(ada)
    journal.author().post(f"/posts/{post.id}/comments", text="Thanks.", parent="1")
    assert ada.post("/comments/privacy/erasure", **ROBIN).location == "/comments/privacy?done=erased&count=1"
    page = journal.visitor().get(post.path).text
    assert "Well said." in page
    assert "Robin" not in page
    kept = json.dumps([{name: str(value) for name, value in vars(one).items()} for one in comments(journal)])
    kept += json.dumps([letter.recipient for letter in owed(journal)])
    assert "robin" not in kept.lower()
    for letter in owed(journal, "reply"):
        journal.work("send_letter", letter_id=letter.id)
    assert mails(journal) == []


@pytest.mark.parametrize("role", [Role.SUBSCRIBER, Role.AUTHOR, Role.EDITOR])
def test_nobody_else_asks_what_is_kept(journal: Journal, role: Role) -> None:
    visitor = join(journal, "Eve", role)
    assert visitor.get("/comments/privacy").status_code == 403
    for verb in ("export", "erasure"):
        assert visitor.post(f"/comments/privacy/{verb}", **ROBIN).status_code == 403
        assert journal.visitor().post(f"/comments/privacy/{verb}", **ROBIN).status_code == 401


@over_both
def test_after_a_month_nobody_knows_from_where_a_comment_came(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.mywordpress.comments.privacy.AT_ONCE", 1)
    post = journal.post()
    for text in ("One.", "Two.", "Three."):
        journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"text": text})
    with journal.writing() as db:
        db.execute(update(Comment).where(Comment.id < 3).values(created_at=now() - timedelta(days=31)))
    journal.tick("/every/day")
    assert [comment.address for comment in comments(journal)] == ["", "", "127.0.0.1"]
    assert {comment.user_agent for comment in comments(journal)[:2]} == {""}


def test_letters_about_comments_are_forgotten_after_a_while(journal: Journal) -> None:
    post = journal.post()
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    with journal.writing() as db:
        db.execute(update(Letter).values(created_at=now() - timedelta(days=91)))
    journal.tick("/every/day")
    assert owed(journal) == []

"""The queue of moderators."""

import pytest

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.models import Comment
from tests.mywordpress.conftest import Journal, notice, over_both
from tests.mywordpress.people import join
from tests.mywordpress.test_comments import GUEST, approve, comments


@pytest.fixture
def waiting(journal: Journal) -> Journal:
    """A journal with a post of Ann's on which three comments wait."""
    post = journal.post()
    for text in ("The first word.", "The second word.", "The third word."):
        journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"text": text})
    return journal


def statuses(journal: Journal) -> list[str]:
    return [comment.status for comment in comments(journal)]


@over_both
def test_several_are_decided_at_once(waiting: Journal) -> None:
    ada = waiting.author("ada@example.com")
    answer = ada.post("/comments/moderation", id=["1", "3"], do="approve", **{"back-status": "hold", "back-q": "word"})
    assert answer.location == "/comments?status=hold&q=word&done=approve&count=2"
    assert statuses(waiting) == ["approved", "hold", "approved"]
    assert "2 comments are approved." in notice(ada.get(answer.location))


def test_one_is_decided_by_the_button_beside_it(waiting: Journal) -> None:
    ann = waiting.author()
    for verb, status in (("spam", "spam"), ("restore", "hold"), ("trash", "trash"), ("approve", "approved")):
        ann.post("/comments/moderation", one=f"{verb}:2", id=["1", "3"], do="delete")
        assert statuses(waiting) == ["hold", status, "hold"]
    ann.post("/comments/moderation", one="delete:2")
    assert statuses(waiting) == ["hold", "hold"]


def test_what_cannot_be_done_is_said(waiting: Journal) -> None:
    ann = waiting.author()
    for form in ({"do": "praise", "id": "1"}, {"one": "approve:x"}, {"one": "approve:99999999999999999999"}, {}):
        assert ann.post("/comments/moderation", **form).status_code == 422
    assert ann.post("/comments/emptying", status="approved").status_code == 422
    assert statuses(waiting) == ["hold"] * 3


def test_another_author_may_not_moderate(waiting: Journal) -> None:
    bo, ada = waiting.author("bo@example.com"), waiting.author("ada@example.com")
    assert "The first word." not in bo.get("/comments").text
    bo.post("/comments/moderation", one="approve:1")
    assert [bo.get("/comments/1/edit").status_code, bo.post("/comments/1", text="Mine").status_code] == [403, 403]
    assert bo.post("/comments/1/replies", text="Mine").status_code == 403
    assert "The first word." in ada.get("/comments").text
    assert waiting.visitor().post("/comments/moderation", one="approve:1").status_code == 401
    assert statuses(waiting) == ["hold"] * 3


@pytest.mark.parametrize(("role", "sees"), [(Role.EDITOR, True), (Role.CONTRIBUTOR, False)])
def test_editors_moderate_everything_and_contributors_nothing(waiting: Journal, role: Role, sees: bool) -> None:
    visitor = join(waiting, "Eve", role)
    assert ("The first word." in visitor.get("/comments").text) is sees
    visitor.post("/comments/moderation", one="approve:1")
    assert (statuses(waiting)[0] == "approved") is sees


def test_the_queue_is_narrowed_down(waiting: Journal) -> None:
    ann = waiting.author()
    approve(ann, 1)
    ann.post("/comments/moderation", one="spam:2")
    shown = {status: ann.get(f"/comments?status={status}").text for status in ("hold", "approved", "spam", "all")}
    found = {status: [n for n in ("first", "second", "third") if f"The {n}" in page] for status, page in shown.items()}
    assert found == {"hold": ["third"], "approved": ["first"], "spam": ["second"], "all": ["first", "third"]}
    assert "The third" in ann.get("/comments?q=THIRD").text
    assert "The third" not in ann.get("/comments?q=nothing").text
    assert "The third" in ann.get("/comments?post=1").text
    assert "The third" not in ann.get("/comments?post=2").text
    assert "The third" not in ann.get("/comments?kind=mentions").text
    assert ann.get("/comments?status=odd&post=x&before=y&kind=z").status_code == 200


@over_both
def test_comments_come_in_pages(waiting: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.comments.desk.PER_PAGE", 2)
    ann = waiting.author()
    newest, oldest = ann.get("/comments").text, ann.get("/comments?before=2").text
    assert ["The first" in page for page in (newest, oldest)] == [False, True]
    assert "before=2" in newest


def test_a_comment_is_edited(waiting: Journal) -> None:
    ann = waiting.author()
    assert "The first word." in ann.get("/comments/1/edit").text
    form = {"name": "Robin R.", "email": "", "url": "https://robin.example", "text": "Better <b>words</b>."}
    assert ann.post("/comments/1", **form).location == "/comments/1/edit?done=saved"
    stored = comments(waiting)[0]
    assert (stored.name, stored.email, stored.status) == ("Robin R.", "", "hold")
    assert stored.html == "<p>Better &lt;b&gt;words&lt;/b&gt;.</p>"
    assert ann.post("/comments/1", **form | {"text": ""}).status_code == 422
    assert ann.post("/comments/1", **form | {"email": "nobody"}).status_code == 422
    assert ann.post("/comments/99", **form).status_code == 404


def test_html_of_wordpress_stays_html_when_it_is_edited(waiting: Journal) -> None:
    with waiting.writing() as db:
        db.get_one(Comment, 1).html = "<p>From <b>WordPress</b></p>"
    form = {"name": "Robin", "text": '<em>New</em> <script>alert(1)</script><a href="javascript:x">y</a>'}
    waiting.author().post("/comments/1", **form)
    html = comments(waiting)[0].html
    assert "<em>New</em>" in html
    assert "script" not in html


def test_a_comment_is_answered_and_thereby_approved(waiting: Journal) -> None:
    ann = waiting.author()
    assert ann.post("/comments/1/replies", text="Thank you.").location == "/comments?done=reply&count=1"
    answer = comments(waiting)[-1]
    assert (answer.parent_id, answer.name, answer.status) == (1, "Ann", "approved")
    assert statuses(waiting)[0] == "approved"
    assert ann.post("/comments/1/replies", text="").status_code == 422


def test_what_answers_a_deleted_comment_answers_what_that_has_answered(waiting: Journal) -> None:
    ann = waiting.author()
    ann.post("/comments/1/replies", text="Below the first.")
    ann.post("/comments/4/replies", text="Below that.")
    ann.post("/comments/moderation", one="delete:4")
    assert [comment.parent_id for comment in comments(waiting)] == [None, None, None, 1]


def test_all_spam_is_deleted_at_once(waiting: Journal) -> None:
    ann = waiting.author()
    ann.post("/comments/moderation", id=["1", "2"], do="spam")
    waiting.author("bo@example.com").post("/comments/emptying", status="spam")
    assert len(comments(waiting)) == 3
    assert ann.post("/comments/emptying", status="spam").location == "/comments?done=delete&count=2"
    assert statuses(waiting) == ["hold"]


def test_a_comment_that_is_taken_back_is_gone_for_readers_at_once(waiting: Journal) -> None:
    ann, guest = waiting.author(), waiting.visitor()
    approve(ann)
    path = (guest.get("/comments/1").location or "").partition("#")[0]
    assert "The first word." in guest.get(path).text
    ann.post("/comments/moderation", one="trash:1")
    assert "The first word." not in guest.get(path).text

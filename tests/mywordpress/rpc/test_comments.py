"""Comments by programs: read, left, moderated and deleted."""

from typing import Any

import pytest

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.models import Comment, State
from apps.mywordpress.comments.rules import APPROVED, Said
from apps.mywordpress.posts.models import Post
from apps.mywordpress.rpc import comments
from tests.mywordpress.conftest import Journal, over_both
from tests.mywordpress.rpc.conftest import Program, Programs


def leave(journal: Journal, text: str, status: str = APPROVED, post_id: int = 1) -> int:
    said = Said(text, "Reader", "reader@example.com", "https://example.com/", "192.0.2.7")
    with journal.writing() as db:
        return Comment.leave(db, db.get_one(Post, post_id), said, status=status)[0].id


def comment(journal: Journal, comment_id: int) -> Comment | None:
    with journal.writing() as db:
        found: Comment | None = db.get(Comment, comment_id)
        return found


@over_both
def test_a_comment_is_left_answered_and_read(journal: Journal, ann: Program, program: Programs) -> None:
    post = journal.post()
    bo = program("bo")
    first = bo.wp("newComment", post.id, {"content": "Well said."})
    answer = ann.wp("newComment", f"http://localhost{post.path}", {"content": "Thanks.", "comment_parent": first})
    told = ann.wp("getComment", answer)
    assert (told["comment_id"], told["parent"], told["post_id"]) == (str(answer), str(first), "1")
    assert (told["author"], told["status"], told["content"]) == ("Ann", "approve", "Thanks.")
    assert told["link"] == f"http://localhost{post.path}#comment-{answer}"
    assert "Thanks." in journal.visitor().get(post.path).text


def test_what_cannot_be_said_is_refused(journal: Journal, ann: Program, program: Programs) -> None:
    journal.post()
    sue = program("sue", Role.SUBSCRIBER)
    draft = journal.post("Draft", published=False).id
    locked = ann.wp("newPost", {"post_title": "Locked", "post_status": "publish", "post_password": "secret"})
    closed = ann.wp("newPost", {"post_title": "Closed", "post_status": "publish", "comment_status": "closed"})
    sue.wp("newComment", 1, {"content": "Once."})
    refused: list[tuple[Any, dict[str, Any], int]] = [
        (99, {"content": "x"}, 404),
        (draft, {"content": "x"}, 404),
        (locked, {"content": "x"}, 404),
        ("/no/such/address/", {"content": "x"}, 404),
        ({"no": "number"}, {"content": "x"}, 404),
        (closed, {"content": "x"}, 403),
        (1, {"content": " "}, 403),
        (1, {"content": "x" * 5001}, -32602),
        (1, {"content": "x", "comment_parent": 99}, 404),
        (1, {"content": "Once."}, 409),
    ]
    for where, content, code in refused:
        assert (where, sue.wp_fault("newComment", where, content)) == (where, code)


def test_moderators_see_all_and_others_what_is_shown(journal: Journal, ada: Program, program: Programs) -> None:
    journal.post()
    for text, status in (("Shown.", APPROVED), ("Waiting.", State.HOLD), ("Bad.", State.SPAM)):
        leave(journal, text, status)

    def texts(asking: Program, **filter: object) -> list[str]:
        return [one["content"] for one in asking.wp("getComments", filter)]

    bo = program("bo")
    assert texts(ada) == ["Waiting.", "Shown."]
    assert texts(ada, status="spam") == ["Bad."]
    assert texts(ada, number=1, offset=1) == ["Shown."]
    assert texts(ada, post_id=99) == []
    assert texts(ada, post_type="page") == []
    assert texts(bo, status="approve") == ["Shown."]
    assert bo.wp_fault("getComments", {}) == 401
    assert ada.wp_fault("getComments", {"post_type": "planet"}) == 404
    [told] = bo.wp("getComments", {"status": "approve"})
    assert (told["author_email"], told["author_ip"]) == ("", "")
    assert ada.wp("getComments", {"status": "approve"})[0]["author_email"] == "reader@example.com"


def test_comments_are_counted_by_status(journal: Journal, ann: Program, program: Programs) -> None:
    journal.post()
    for text, status in (("a", APPROVED), ("b", APPROVED), ("c", State.HOLD), ("d", State.SPAM), ("e", State.TRASH)):
        leave(journal, text, status)
    counts = {"approved": 2, "awaiting_moderation": 1, "spam": 1, "total_comments": 4}
    assert ann.wp("getCommentCount", 1) == counts
    assert ann.wp_fault("getCommentCount", 99) == 404
    assert program("bo").wp_fault("getCommentCount", 1) == 403


def test_a_moderator_changes_and_approves(journal: Journal, ada: Program) -> None:
    path = journal.post().path
    held = leave(journal, "Waiting.", State.HOLD)
    assert ada.wp("editComment", held, {"content": "Mended.", "author": "Reader R.", "status": "approve"}) is True
    assert "Mended." in journal.visitor().get(path).text
    told = ada.wp("getComment", held)
    assert (told["author"], told["author_email"], told["status"]) == ("Reader R.", "reader@example.com", "approve")
    assert ada.wp_fault("editComment", held, {"status": "famous"}) == 401
    assert ada.wp_fault("editComment", held, {"author_url": "javascript:alert(1)"}) == -32602
    assert ada.wp_fault("editComment", held, {"author_email": "nobody"}) == -32602
    assert ada.wp_fault("editComment", held, {"content": ""}) == 403
    assert ada.wp_fault("editComment", 99, {"content": "x"}) == 404


def test_a_comment_goes_into_the_trash_and_then_for_good(journal: Journal, ada: Program) -> None:
    journal.post()
    one = leave(journal, "Shown.")
    assert ada.wp("deleteComment", one) is True
    kept = comment(journal, one)
    assert kept is not None
    assert kept.status == State.TRASH
    assert ada.wp("deleteComment", one) is True
    assert comment(journal, one) is None
    assert ada.wp_fault("deleteComment", one) == 404


def test_who_may_decide_about_comments(journal: Journal, ann: Program, program: Programs) -> None:
    journal.post()
    one = leave(journal, "Shown.")
    bo, sue = program("bo"), program("sue", Role.CONTRIBUTOR)
    for method, more in (("getComment", ()), ("editComment", ({"content": "x"},)), ("deleteComment", ())):
        assert bo.wp_fault(method, one, *more) == 403
    assert ann.wp("getComment", one)["content"] == "Shown."
    assert ann.wp("getCommentStatusList") == {"hold": "Unapproved", "approve": "Approved", "spam": "Spam"}
    assert sue.wp_fault("getCommentStatusList") == 403


@pytest.mark.usefixtures("one_window")
def test_nobody_comments_without_end(journal: Journal, program: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments, "MOST_SAID", 2)
    journal.post()
    bo = program("bo")
    for text in ("One.", "Two."):
        bo.wp("newComment", 1, {"content": text})
    assert bo.wp_fault("newComment", 1, {"content": "Three."}) == 429

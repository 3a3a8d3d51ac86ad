"""Who hears of comments by mail, and who does not."""

import pytest

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Content, Post
from tests.mywordpress.conftest import Journal, user
from tests.mywordpress.people import delivered, join, mails, owed
from tests.mywordpress.test_comments import GUEST, approve
from tests.support.mails import content, link


def told(journal: Journal, kind: str) -> list[str]:
    return sorted(letter.recipient for letter in owed(journal, kind))


def ask_for_replies(journal: Journal, post: Post) -> None:
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST, wants_replies="y")
    approve(journal.author())


def test_author_and_moderators_hear_of_what_waits(journal: Journal) -> None:
    post = journal.post("On “tides”")
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    assert told(journal, "comment-waiting") == ["ada@example.com", "ann@example.com"]
    mail = delivered(journal, "comment-waiting")
    assert "waits for you" in mail["Subject"]
    assert "Well said." in content(mail)
    assert link(mail).startswith("/comments/1/edit")
    assert journal.author().get(link(mail)).status_code == 200


def test_nobody_is_told_twice_and_nobody_of_what_they_did_themselves(journal: Journal) -> None:
    post, ann = journal.post(), journal.author()
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    for verb in ("approve", "hold", "approve"):
        ann.post("/comments/moderation", one=f"{verb}:1")
    ann.post(f"/posts/{post.id}/comments", text="My own word.")
    assert told(journal, "comment") == []
    assert len(owed(journal, "comment-waiting")) == 2


def test_the_author_hears_of_what_is_shown_at_once(journal: Journal) -> None:
    post = journal.post()
    journal.author("bo@example.com").post(f"/posts/{post.id}/comments", text="From a colleague.")
    assert (told(journal, "comment"), owed(journal, "comment-waiting")) == (["ann@example.com"], [])
    mail = delivered(journal, "comment")
    assert journal.visitor().get(link(mail).partition("?")[0]).location == f"{post.path}#comment-1"


def test_an_author_who_may_not_moderate_hears_once_it_is_approved(journal: Journal) -> None:
    join(journal, "Cat", Role.CONTRIBUTOR)
    with journal.writing() as db:
        post = Post.draft(db, user(db, "cat"), Content.of("By a contributor", "Words."))
        post.publish(db)
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    assert told(journal, "comment-waiting") == ["ada@example.com"]
    for _ in range(2):
        approve(journal.author("ada@example.com"))
    assert told(journal, "comment") == ["cat@example.com"]


def test_spam_is_told_to_nobody(journal: Journal) -> None:
    post = journal.post()
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST, spent="0.1")
    assert owed(journal) == []


def test_the_owner_may_want_no_mail(journal: Journal) -> None:
    post = journal.post()
    with journal.writing() as db:
        Options(mail_comments=False, mail_moderation=False).store(db)
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    journal.author("bo@example.com").post(f"/posts/{post.id}/comments", text="From a colleague.")
    assert owed(journal) == []


def test_a_letter_that_has_become_moot_is_not_sent(journal: Journal) -> None:
    post = journal.post()
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    approve(journal.author())
    for letter in owed(journal, "comment-waiting"):
        journal.work("send_letter", letter_id=letter.id)
    assert mails(journal) == []


def test_whoever_asked_hears_of_an_answer_once_it_is_shown(journal: Journal) -> None:
    post = journal.post()
    ask_for_replies(journal, post)
    other = {"name": "Kim", "email": "kim@example.com", "text": "I disagree.", "parent": "1"}
    journal.visitor().post(f"/posts/{post.id}/comments", **other)
    assert told(journal, "reply") == []
    approve(journal.author(), 2)
    mail = delivered(journal, "reply")
    assert (mail["To"], "Kim has answered you" in mail["Subject"]) == ("robin@example.com", True)
    assert "kim@example.com" not in content(mail)


@pytest.mark.parametrize("more", [{}, {"wants_replies": "y", "email": "ann@example.com"}])
def test_nobody_hears_of_answers_who_did_not_ask_or_answers_themselves(journal: Journal, more: dict[str, str]) -> None:
    post = journal.post()
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | more)
    approve(journal.author())
    journal.author().post(f"/posts/{post.id}/comments", text="Thanks.", parent="1")
    assert told(journal, "reply") == []


def test_a_link_ends_mail_about_answers(journal: Journal) -> None:
    post, ann = journal.post(), journal.author()
    ask_for_replies(journal, post)
    ann.post(f"/posts/{post.id}/comments", text="Thanks.", parent="1")
    ann.post(f"/posts/{post.id}/comments", text="And again.", parent="1")
    mail, guest = delivered(journal, "reply"), journal.visitor()
    leave = str(mail["List-Unsubscribe"]).strip("<>").partition("localhost")[2]
    assert "robin@example.com" in guest.get(leave).text
    with journal.writing() as db:
        assert db.get_one(Comment, 1).wants_replies
    token = leave.partition("token=")[2].partition("&")[0]
    assert guest.post("/comments/replies/deletion", token=token).status_code == 200
    with journal.writing() as db:
        assert not db.get_one(Comment, 1).wants_replies
    # What was owed before is moot now.
    journal.work("send_letter", letter_id=owed(journal, "reply")[0].id)
    assert len(mails(journal)) == 1


def test_a_link_that_is_not_ours_ends_nothing(journal: Journal) -> None:
    for token in ("", "robin@example.com", "a.b.c", "é" * 50):
        assert journal.visitor().get(f"/comments/replies?token={token}").status_code == 404
        assert journal.visitor().post("/comments/replies/deletion", token=token).status_code == 404


def test_a_guest_hears_of_answers_in_the_language_of_the_page_that_they_wrote_on(journal: Journal) -> None:
    post, ann = journal.post("On “tides”"), journal.author()
    journal.visitor().post(f"/posts/{post.id}/comments?lang=ko", **GUEST, wants_replies="y")
    approve(ann)
    ann.post(f"/posts/{post.id}/comments", text="Thank you.", parent="1")
    mail = delivered(journal, "reply")
    assert "답" in mail["Subject"]
    assert "has answered" not in mail["Subject"]

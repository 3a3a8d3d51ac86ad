"""What readers say, and who decides that it is shown."""

import pytest

from apps.mywordpress.comments.models import Comment, html_of
from tests.mywordpress.conftest import Journal, notice, over_both

GUEST = {"name": "Robin", "email": "robin@example.com", "text": "Well said."}


def comments(journal: Journal) -> list[Comment]:
    with journal.writing() as db:
        return list(db.query(Comment))


@over_both
def test_a_guests_comment_is_held_until_the_author_approves_it(journal: Journal) -> None:
    post, guest, ann = journal.post(), journal.visitor(), journal.author()
    answer = guest.post(f"/posts/{post.id}/comments", **GUEST)
    assert answer.location == f"{post.path}?done=held#comments"
    assert "once the author has approved it" in notice(guest.get(f"{post.path}?done=held"))
    assert "Well said." not in guest.get(post.path).text
    assert "Well said." in ann.get("/comments").text
    assert ann.post("/comments/1/approval").status_code == 303
    assert "Well said." in guest.get(post.path).text
    assert "Well said." in ann.get("/comments?state=shown").text
    assert "Well said." not in ann.get("/comments").text


def test_the_address_of_a_guest_is_shown_to_authors_alone(journal: Journal) -> None:
    post, guest, ann = journal.post(), journal.visitor(), journal.author()
    guest.post(f"/posts/{post.id}/comments", **GUEST)
    ann.post("/comments/1/approval")
    assert "robin@example.com" not in guest.get(post.path).text
    assert "robin@example.com" in ann.get("/comments?state=shown").text


def test_a_signed_in_users_comment_appears_at_once(journal: Journal) -> None:
    post, bo = journal.post(), journal.author("bo@example.com")
    assert "Say something" in journal.visitor().get(post.path).text
    answer = bo.post(f"/posts/{post.id}/comments", text="From a colleague.")
    assert answer.location == f"{post.path}#comment-1"
    page = journal.visitor().get(post.path).text
    assert "From a colleague." in page
    assert "<b>Bo</b>" in page


@over_both
def test_the_same_words_twice_are_one_comment(journal: Journal) -> None:
    post = journal.post()
    for _ in range(2):
        journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    assert len(comments(journal)) == 1


def test_nobody_finds_out_whose_comment_it_is_by_saying_it_again(journal: Journal) -> None:
    post, guest = journal.post(), journal.visitor()
    guest.post(f"/posts/{post.id}/comments", **GUEST)
    journal.author().post("/comments/1/approval")
    for email in ("robin@example.com", "somebody@example.com"):
        answer = guest.post(f"/posts/{post.id}/comments", **{**GUEST, "email": email})
        assert answer.location == f"{post.path}?done=held#comments"


def test_a_robot_is_answered_like_everybody_and_not_heard(journal: Journal) -> None:
    post = journal.post()
    answer = journal.visitor().post(f"/posts/{post.id}/comments", **GUEST, website="https://spam.example")
    assert answer.location == f"{post.path}?done=held#comments"
    assert comments(journal) == []


def test_a_flood_is_stopped(journal: Journal) -> None:
    post, guest = journal.post(), journal.visitor()
    answers = [guest.post(f"/posts/{post.id}/comments", **GUEST | {"text": f"{i}"}) for i in range(7)]
    assert [answer.status_code for answer in answers] == [303] * 6 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"text": ""}, "write something"),
        ({"text": "t" * 5_001}, "5000"),
        ({"name": ""}, "enter a name"),
        ({"email": "nobody"}, "does not look like"),
        ({"email": ""}, "It is not shown"),
    ],
)
def test_a_malformed_comment_comes_back_with_what_was_typed(
    journal: Journal, wrong: dict[str, str], reason: str
) -> None:
    post = journal.post()
    form = GUEST | wrong
    answer = journal.visitor().post(f"/posts/{post.id}/comments", **form)
    assert (answer.status_code, reason in notice(answer)) == (422, True)
    assert form["text"][:10] in answer.text
    assert comments(journal) == []


def test_there_is_nothing_to_say_about_a_draft(journal: Journal) -> None:
    post = journal.post(published=False)
    assert journal.visitor().post(f"/posts/{post.id}/comments", **GUEST).status_code == 404
    assert journal.visitor().post("/posts/99/comments", **GUEST).status_code == 404


def test_another_author_may_not_moderate(journal: Journal) -> None:
    post = journal.post()
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    bo, ada = journal.author("bo@example.com"), journal.author("ada@example.com")
    assert "Well said." not in bo.get("/comments").text
    assert [bo.post(f"/comments/1/{verb}").status_code for verb in ("approval", "deletion")] == [403, 403]
    assert "Well said." in ada.get("/comments").text
    assert journal.visitor().post("/comments/1/approval").status_code == 401
    assert [comment.approved for comment in comments(journal)] == [False]


def test_a_deleted_comment_is_gone_for_readers_at_once(journal: Journal) -> None:
    post, ann, guest = journal.post(), journal.author(), journal.visitor()
    ann.post(f"/posts/{post.id}/comments", text="Regretted.")
    assert "Regretted." in guest.get(post.path).text
    assert ann.post("/comments/1/deletion").status_code == 303
    assert "Regretted." not in guest.get(post.path).text
    assert ann.post("/comments/1/deletion").status_code == 404


@over_both
def test_comments_come_in_pages(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.comments.views.PER_PAGE", 2)
    post, ann = journal.post(), journal.author()
    for words in ("first", "second", "third"):
        ann.post(f"/posts/{post.id}/comments", text=f"The {words} word")
    newest, oldest = ann.get("/comments?state=shown").text, ann.get("/comments?state=shown&before=2").text
    assert ["The first" in page for page in (newest, oldest)] == [False, True]
    assert "state=shown&amp;before=2" in newest


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\ntwo\n\n\nthree", "<p>One<br>two</p><p>three</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        (
            "See https://example.com/a?b=1&c=2.",
            '<p>See <a href="https://example.com/a?b=1&amp;c=2" rel="nofollow ugc noopener">'
            "https://example.com/a?b=1&amp;c=2</a>.</p>",
        ),
        ("javascript:alert(1) //evil.example", "<p>javascript:alert(1) //evil.example</p>"),
        ('https://x.example/"onmouseover="alert(1)', None),
        ("", ""),
    ],
)
def test_plain_text_becomes_paragraphs_and_links(text: str, html: str | None) -> None:
    found = html_of(text)
    assert html is None or found == html
    assert 'onmouseover="' not in found

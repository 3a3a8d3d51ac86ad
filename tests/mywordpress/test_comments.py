"""What readers say: who may, what comes of it, and what they see of it."""

import threading

import pytest

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.models import Comment, html_of
from apps.mywordpress.comments.rules import Said
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from tests.mywordpress.conftest import Journal, Visitor, notice, over_both
from tests.mywordpress.people import join

GUEST = {"name": "Robin", "email": "robin@example.com", "text": "Well said."}


def comments(journal: Journal) -> list[Comment]:
    with journal.writing() as db:
        return list(db.query(Comment).order_by(Comment.id))


def decide(journal: Journal, **options: object) -> None:
    with journal.writing() as db:
        Options(**options).store(db)  # type: ignore[arg-type]


def approve(visitor: Visitor, number: int = 1) -> None:
    assert visitor.post("/comments/moderation", one=f"approve:{number}").status_code == 303


@over_both
def test_a_guests_comment_is_held_until_the_author_approves_it(journal: Journal) -> None:
    post, guest, ann = journal.post(), journal.visitor(), journal.author()
    answer = guest.post(f"/posts/{post.id}/comments", **GUEST)
    assert answer.location == f"{post.path}?done=held#comments"
    assert "once somebody has read and approved it" in notice(guest.get(f"{post.path}?done=held"))
    assert "Well said." not in guest.get(post.path).text
    assert "Well said." in ann.get("/comments").text
    approve(ann)
    assert "Well said." in guest.get(post.path).text
    assert "Well said." in ann.get("/comments?status=approved").text
    assert "Well said." not in ann.get("/comments").text


def test_the_address_of_a_guest_is_shown_to_authors_alone(journal: Journal) -> None:
    post, guest, ann = journal.post(), journal.visitor(), journal.author()
    guest.post(f"/posts/{post.id}/comments", **GUEST)
    approve(ann)
    assert "robin@example.com" not in guest.get(post.path).text
    assert "robin@example.com" in ann.get("/comments?status=approved").text


def test_a_comment_of_somebody_who_writes_here_appears_at_once(journal: Journal) -> None:
    post, bo = journal.post(), journal.author("bo@example.com")
    assert "Say something" in journal.visitor().get(post.path).text
    answer = bo.post(f"/posts/{post.id}/comments", text="From a colleague.")
    assert answer.location == f"{post.path}#comment-1"
    page = journal.visitor().get(post.path).text
    assert "From a colleague." in page
    assert ">Bo</b>" in page


def test_a_subscriber_is_trusted_once_something_of_theirs_was_approved(journal: Journal) -> None:
    post, sue, address = journal.post(), join(journal, "Sue"), "/posts/1/comments"
    assert sue.post(address, text="The first word.").location == f"{post.path}?done=held#comments"
    approve(journal.author())
    assert sue.post(address, text="The second word.").location == f"{post.path}#comment-2"


def test_a_known_guest_is_trusted_only_if_the_owner_says_so(journal: Journal) -> None:
    post = journal.post()
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    approve(journal.author())
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"text": "Again."})
    decide(journal, comments_trust_known=True)
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"text": "And again.", "email": "ROBIN@example.com"})
    assert [comment.approved for comment in comments(journal)] == [True, False, True]


def test_comments_may_need_no_approval(journal: Journal) -> None:
    post = journal.post()
    decide(journal, comments_need_approval=False, moderation_words="dull")
    for text in ("Fine.", "A dull thing.", "http://a.example http://b.example http://c.example"):
        journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"text": text})
    assert [comment.status for comment in comments(journal)] == ["approved", "hold", "hold"]
    assert "It appears once" not in journal.visitor().get(post.path).text


def test_blocked_words_make_spam_of_whatever_part_they_stand_in(journal: Journal) -> None:
    post = journal.post()
    decide(journal, blocked_words="casino\nrobin@example.com")
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"email": "x@example.com", "name": "The Casino"})
    assert [comment.status for comment in comments(journal)] == ["spam", "spam"]
    assert "Well said." in journal.author().get("/comments?status=spam").text


@over_both
def test_the_same_words_twice_are_one_comment(journal: Journal) -> None:
    post = journal.post()
    for _ in range(2):
        journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    assert len(comments(journal)) == 1


def test_nobody_finds_out_whose_comment_it_is_by_saying_it_again(journal: Journal) -> None:
    post, guest = journal.post(), journal.visitor()
    guest.post(f"/posts/{post.id}/comments", **GUEST)
    approve(journal.author())
    for email in ("robin@example.com", "somebody@example.com"):
        answer = guest.post(f"/posts/{post.id}/comments", **{**GUEST, "email": email})
        assert answer.location == f"{post.path}?done=held#comments"


def test_a_robot_is_answered_like_everybody_and_not_heard(journal: Journal) -> None:
    post = journal.post()
    answer = journal.visitor().post(f"/posts/{post.id}/comments", **GUEST, subject="Cheap watches")
    assert answer.location == f"{post.path}?done=held#comments"
    assert comments(journal) == []


def test_what_was_written_faster_than_anybody_could_is_spam(journal: Journal) -> None:
    post = journal.post()
    for spent in ("0.4", "12.5", "", "nonsense"):
        journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"text": f"In {spent}"}, spent=spent)
    assert [comment.status for comment in comments(journal)] == ["spam", "hold", "hold", "hold"]


@pytest.mark.usefixtures("one_window")
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
        ({"email": "nobody"}, "not an e-mail address"),
        ({"email": ""}, "It is not shown"),
        ({"url": "javascript:alert(1)"}, "not a web address"),
        ({"parent": "7"}, "not there any more"),
        ({"parent": "x"}, "no such comment"),
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


def test_there_is_nothing_to_say_about_what_is_in_the_trash(journal: Journal) -> None:
    post, ann = journal.post(), journal.author()
    ann.post(f"/posts/{post.id}/trash")
    assert ann.post(f"/posts/{post.id}/comments", text="Anybody here?").status_code == 404


def test_a_closed_post_takes_no_comments(journal: Journal) -> None:
    post = journal.post()
    with journal.writing() as db:
        db.get_one(Post, post.id).comments_open = False
    page = journal.visitor().get(post.path).text
    assert "Say something" not in page
    answer = journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    assert (answer.status_code, "no comments any more" in notice(answer)) == (403, True)
    assert comments(journal) == []


def test_a_post_closes_by_itself_after_some_days(journal: Journal) -> None:
    post = journal.post()
    decide(journal, comments_close_after_days=14)
    assert journal.visitor().post(f"/posts/{post.id}/comments", **GUEST).status_code == 303
    with journal.writing() as db:
        stored = db.get_one(Post, post.id)
        assert stored.published_at is not None
        stored.published_at = stored.published_at.replace(year=2020)
        path = stored.path
    assert "Say something" not in journal.visitor().get(path).text
    assert journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"text": "Late."}).status_code == 403


def test_a_post_behind_a_password_takes_comments_of_those_who_know_it(journal: Journal) -> None:
    post, guest = journal.post(), journal.visitor()
    with journal.writing() as db:
        db.get_one(Post, post.id).password = "tide"
    assert guest.post(f"/posts/{post.id}/comments", **GUEST).status_code == 403
    guest.post(f"/posts/{post.id}/opening", password="tide")
    assert guest.post(f"/posts/{post.id}/comments", **GUEST).status_code == 303


def test_an_answer_stands_below_what_it_answers(journal: Journal) -> None:
    post, ann = journal.post(), journal.author()
    ann.post(f"/posts/{post.id}/comments", text="The question.")
    guest = journal.visitor()
    asked = guest.get(f"{post.path}?reply=1").text
    assert "Answer to Ann" in asked
    assert 'name="parent" type="hidden" value="1"' in asked
    guest.post(f"/posts/{post.id}/comments", **GUEST, parent="1")
    approve(ann, 2)
    page = journal.visitor().get(post.path).text
    replies = page.partition('class="comments__replies"')[2]
    assert "Well said." in replies
    assert page.index("The question.") < page.index("Well said.")


def test_nothing_that_is_not_shown_can_be_answered(journal: Journal) -> None:
    post, other = journal.post(), journal.post("Another")
    journal.visitor().post(f"/posts/{post.id}/comments", **GUEST)
    assert "Answer to" not in journal.visitor().get(f"{post.path}?reply=1").text.partition("data-heading")[2][:200]
    journal.author().post(f"/posts/{other.id}/comments", text="Elsewhere.")
    for parent in ("1", "2"):
        answer = journal.visitor().post(f"/posts/{post.id}/comments", **GUEST | {"text": parent}, parent=parent)
        assert answer.status_code == 422


def test_a_comments_own_address_leads_to_the_page_where_it_stands(journal: Journal) -> None:
    post, ann = journal.post(), journal.author()
    decide(journal, comments_per_page=1)
    answers = [ann.post(f"/posts/{post.id}/comments", text=f"Number {number}.") for number in range(3)]
    assert answers[2].location == f"{post.path}?cpage=3#comment-3"
    guest = journal.visitor()
    assert guest.get("/comments/2").location == f"{post.path}?cpage=2#comment-2"
    assert "Number 1." in guest.get(f"{post.path}?cpage=2").text
    assert [guest.get(f"{post.path}?cpage={page}").status_code for page in ("0", "4", "x", "-1")] == [404] * 4
    ann.post("/comments/moderation", one="hold:2")
    assert guest.get("/comments/2").status_code == 404


def test_somebody_without_a_role_at_the_desk_comments_under_their_name(journal: Journal) -> None:
    post, cat = journal.post(), join(journal, "Cat", Role.CONTRIBUTOR)
    assert cat.post(f"/posts/{post.id}/comments", text="By a contributor.").location == f"{post.path}#comment-1"


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


@pytest.mark.parametrize("kind", ["mysql"])
def test_what_is_sent_twice_at_once_is_said_once(journal: Journal) -> None:
    post, both = journal.post(), threading.Barrier(2)

    def leave() -> None:
        with journal.writing() as db:
            stored = db.get_one(Post, post.id)
            both.wait(10)
            Comment.leave(db, stored, Said("Well said.", "Robin", "robin@example.com"))

    threads = [threading.Thread(target=leave) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(comments(journal)) == 1

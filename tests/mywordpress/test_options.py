"""What an administrator decides, and where it is seen."""

import threading

import pytest
from sqlalchemy import select

from apps.mywordpress.options.models import Option, Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Content, Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, Visitor, notice, over_both, user

SITE = {"title": "Ebb", "tagline": "Notes from the shore", "timezone": "Asia/Seoul", "default_category_id": "0"}
READING = {"front_page_id": "0", "posts_page_id": "0", "posts_per_page": "5", "posts_per_feed": "7"}
COMMENTS = {
    "comments_open": "y",
    "comments_close_after_days": "30",
    "most_comment_links": "1",
    "moderation_words": "casino",
    "blocked_words": "",
    "comments_per_page": "20",
}


@pytest.fixture
def owner(journal: Journal) -> Visitor:
    return journal.author("ada@example.com")


def now(journal: Journal) -> Options:
    with journal.writing() as db:
        return Options.read(db)


def page(journal: Journal, title: str, body: str = "Stays.") -> Post:
    with journal.writing() as db:
        made = Post.draft(db, user(db), Content.of(title, body), Kind.PAGE)
        made.publish(db)
    return made


@over_both
def test_readers_see_another_name_and_programs_another_clock(journal: Journal, owner: Visitor) -> None:
    assert owner.post("/options", **SITE).location == "/options?done=saved"
    home = journal.visitor().get("/").text
    assert "<title>Ebb</title>" in home
    assert "Notes from the shore" in home
    assert now(journal).timezone == "Asia/Seoul"
    assert 'value="Asia/Seoul"' in owner.get("/options").text


def test_a_page_stands_first_and_another_lists_the_posts(journal: Journal, owner: Visitor) -> None:
    first, news = page(journal, "Welcome", "Come in."), page(journal, "News")
    journal.post("The newest")
    form = READING | {"front_page_id": str(first.id), "posts_page_id": str(news.id)}
    assert owner.post("/options/reading", **form).status_code == 303
    guest = journal.visitor()
    assert "Come in." in guest.get("/").text
    assert "The newest" in guest.get("/news/").text
    assert f'selected value="{first.id}"' in owner.get("/options/reading").text
    assert owner.post("/options/reading", **READING).status_code == 303
    assert "The newest" in guest.get("/").text


def test_rules_of_comments_are_kept_and_shown(journal: Journal, owner: Visitor) -> None:
    assert owner.post("/options/comments", **COMMENTS).status_code == 303
    decided = now(journal)
    assert (decided.comments_close_after_days, decided.most_comment_links) == (30, 1)
    assert (decided.comments_need_approval, decided.mail_comments) == (False, False)
    assert ">\r\ncasino</textarea>" in owner.get("/options/comments").text


def test_a_category_for_what_has_no_other(journal: Journal, owner: Visitor) -> None:
    with journal.writing() as db:
        sea = Term.make(db, Taxonomy.CATEGORY, "Sea")
    owner.post("/options", **SITE | {"default_category_id": str(sea.id)})
    assert now(journal).default_category_id == sea.id


@pytest.mark.parametrize(
    ("part", "wrong", "said"),
    [
        ("", {"title": " "}, "A title is needed."),
        ("", {"timezone": "Mars/Olympus"}, "There is no such time zone."),
        ("", {"timezone": "../etc/passwd"}, "There is no such time zone."),
        ("", {"default_category_id": "99"}, "Not a valid choice."),
        ("/reading", {"posts_per_page": "0"}, "A number from 1 to 100, please."),
        ("/reading", {"posts_per_page": "many"}, "Not a valid integer value."),
        ("/reading", {"front_page_id": "99"}, "Not a valid choice."),
        ("/comments", {"most_comment_links": "-1"}, "A number from 0 to 100, please."),
        ("/comments", {"blocked_words": "x" * 20_001}, "longer than 20000"),
    ],
)
def test_what_cannot_be_is_told(owner: Visitor, journal: Journal, part: str, wrong: dict[str, str], said: str) -> None:
    right = {"": SITE, "/reading": READING, "/comments": COMMENTS}[part]
    answer = owner.post(f"/options{part}", **right | wrong)
    assert answer.status_code == 422
    assert said in notice(answer)
    assert now(journal) == Options()


def test_one_page_is_not_both(journal: Journal, owner: Visitor) -> None:
    one = str(page(journal, "One").id)
    answer = owner.post("/options/reading", **READING | {"front_page_id": one, "posts_page_id": one})
    assert "One page cannot be both." in notice(answer)


def test_a_part_leaves_the_others_as_they_are(journal: Journal, owner: Visitor) -> None:
    owner.post("/options", **SITE)
    owner.post("/options/reading", **READING)
    assert (now(journal).title, now(journal).posts_per_page) == ("Ebb", 5)


@pytest.mark.parametrize("kind", ["mysql"])
def test_two_who_decide_at_once_both_succeed(journal: Journal) -> None:
    together = threading.Barrier(2)
    failed: list[Exception] = []

    def decide(title: str) -> None:
        try:
            with journal.writing() as db:
                Options.read(db)
                together.wait(10)
                Options.decide(db, title=title)
        except Exception as error:
            failed.append(error)

    both = [threading.Thread(target=decide, args=(title,)) for title in ("One", "Two")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert failed == []
    with journal.writing() as db:
        assert len(db.scalars(select(Option)).all()) == 1


def test_only_administrators_decide(journal: Journal) -> None:
    author = journal.author()
    for path in ("/options", "/options/reading", "/options/comments"):
        assert author.get(path).status_code == 403
        assert author.post(path, **SITE).status_code == 403
        assert journal.visitor().get(path).status_code == 303
        assert journal.visitor().post(path, **SITE).status_code == 401
    assert "Options" not in author.get("/posts").text

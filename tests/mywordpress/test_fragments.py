"""Pieces of pages that are kept by what they are made of: the same for whoever gets the same, and for nobody else."""

from apps.mywordpress.freshness import changed
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal
from tests.mywordpress.test_archives import moment, write


def test_each_reader_has_a_list_in_their_own_language(journal: Journal) -> None:
    journal.post("Tides")
    journal.post("Harbours")
    reader = journal.visitor()
    english, korean, chosen = (
        reader.get(path, **{"Accept-Language": code}).text
        for path, code in (("/", "en"), ("/", "ko"), ("/?lang=ko", "en"))
    )
    assert ["<span>1 min</span>" in page for page in (english, korean, chosen)] == [True, False, False]
    teasers = [page.partition("teasers")[2].partition("</article>")[0] for page in (english, korean, chosen)]
    assert ["?lang=ko" in teaser for teaser in teasers] == [False, False, True]


def test_an_entry_is_shown_as_it_is_now(journal: Journal) -> None:
    with journal.writing() as db:
        for number in (1, 2):
            post = write(db, f"Post {number}", at=moment(2024, number))
    older = "/2024/01/"
    assert "Post 1" in journal.visitor().get(older).text
    with journal.writing() as db:
        first = db.get_one(type(post), 1)
        first.title, first.summary = "Other", "Other words."
        first.set_terms(db, Taxonomy.CATEGORY, [Term.make(db, Taxonomy.CATEGORY, "Weather").id])
        changed()
    page = journal.visitor().get(older).text
    assert "Post 1" not in page
    assert "Other words." in page
    assert "Weather" in page.partition("teaser")[2].partition("</article>")[0]


def test_what_stands_at_the_foot_is_for_who_reads_it(journal: Journal) -> None:
    journal.post("Tides")
    stranger, author = journal.visitor(), journal.author()
    assert [">Sign in</a>" in one.get("/").text for one in (stranger, author, stranger)] == [True, False, True]


def test_a_comment_is_answered_only_while_its_post_takes_comments(journal: Journal) -> None:
    post = journal.post("Tides")
    journal.author().post(f"/posts/{post.id}/comments", text="Said.")
    assert "data-reply" in journal.visitor().get(post.path).text
    with journal.writing() as db:
        db.get_one(type(post), post.id).comments_open = False
    page = journal.visitor().get(post.path).text
    assert "Said." in page
    assert "data-reply" not in page

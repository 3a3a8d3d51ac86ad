"""Search as readers use it: ranked, marked, in Korean too, and of what everybody may read alone."""

import re

import pytest
from sqlalchemy import delete

from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Content, Post
from apps.mywordpress.posts.words import PostWord
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, over_both, user
from tests.mywordpress.test_archives import write


def found(journal: Journal, query: str, **more: str) -> list[str]:
    """The titles that a search shows, in their order."""
    page = journal.visitor().client.get("/search", query_string={"q": query, **more}).text
    each = re.findall(r'found__title"><a href="[^"]*">(.*?)</a>', page)
    return [re.sub(r"</?mark>", "", title) for title in each]


@over_both
def test_posts_and_pages_are_found_best_first_by_all_words(journal: Journal) -> None:
    with journal.writing() as db:
        tag = Term.make(db, Taxonomy.TAG, "Ink")
        write(db, "Of paper", "Some ink dries.")
        write(db, "Of pens", terms=[tag])
        write(db, "Of ink")
        page = Post.draft(db, user(db), Content.of("About inkwells", "We."), Kind.PAGE)
        page.publish(db)
        Post.draft(db, user(db), Content.of("Ink of a draft", ""))
    assert found(journal, "ink") == ["Of ink", "About inkwells", "Of pens", "Of paper"]
    assert found(journal, "dry INK") == []
    assert found(journal, "ink drie") == ["Of paper"]


@over_both
@pytest.mark.parametrize("query", ["서울", "울특", "시에", "서울 밤", "밤"])
def test_any_two_letters_of_a_korean_word_find_it(journal: Journal, query: str) -> None:
    journal.post("밤", "서울특별시에서 보낸 밤")
    journal.post("부산", "부산에서 보낸 날")
    assert found(journal, query) == ["밤"]
    assert "<mark>" in journal.visitor().client.get("/search", query_string={"q": query}).text


def test_what_is_found_shows_the_words_that_were_asked_for_and_no_html(journal: Journal) -> None:
    journal.post("On <i>ink</i>", "Long " * 100 + "before the inkwell & <b>after</b> it.")
    page = journal.visitor().get("/search?q=inkwell").text
    assert "before the <mark>inkwell</mark> &amp; " in page
    page = journal.visitor().get("/search?q=%22%3E%3Cscript%3Eink").text
    assert "<script>ink" not in page
    assert 'name="robots" content="noindex' in page


def test_results_have_pages(journal: Journal) -> None:
    for number in range(3):
        journal.post(f"Ink {number}")
    with journal.writing() as db:
        Options(posts_per_page=2).store(db)
    assert len(found(journal, "ink")) == 2
    assert len(found(journal, "ink", page="2")) == 1
    assert 'href="/search?q=ink&amp;page=2" rel="next"' in journal.visitor().get("/search?q=ink").text
    assert 'href=""' not in journal.visitor().get("/search?q=ink&page=2").text
    for page in ("3", "x", "9" * 30):
        assert journal.visitor().get(f"/search?q=ink&page={page}").status_code == 404, page
    assert journal.visitor().get("/search?q=ink&page=-1").status_code == 200


@pytest.mark.parametrize("query", ["", " ", "%", "\x00", "zzz", "' OR 1=1 --", "ㄱ", "x" * 500])
def test_what_finds_nothing_is_no_error(journal: Journal, query: str) -> None:
    journal.post("Ink")
    answer = journal.visitor().client.get("/search", query_string={"q": query})
    assert answer.status_code == 200
    assert "found__title" not in answer.text


@over_both
def test_the_worker_indexes_what_search_does_not_know_as_it_is(journal: Journal) -> None:
    journal.post("Ink")
    with journal.writing() as db:
        term = Term.make(db, Taxonomy.CATEGORY, "Pens")
        write(db, "Quill", terms=[term])
        db.execute(delete(PostWord).where(PostWord.word == "ink"))
        number = term.id
    journal.author("ada@example.com").post(f"/terms/{number}", name="Feathers", parent_id="0", slug="", description="")
    assert (found(journal, "ink"), found(journal, "pens"), found(journal, "feathers")) == ([], ["Quill"], [])
    with journal.writing() as db:
        db.execute(delete(PostWord).where(PostWord.word == ""))
    journal.tick("/every/minute")
    assert (found(journal, "ink"), found(journal, "pens"), found(journal, "feathers")) == (["Ink"], [], ["Quill"])

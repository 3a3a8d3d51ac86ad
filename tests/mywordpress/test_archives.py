"""Lists of posts by date, category, tag, format and author, and the home page's own order."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Content, Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, over_both, user

TITLE = re.compile(r'(?:teaser|featured)__title"><a href="[^"]*">([^<]*)<')


def titles(journal: Journal, path: str) -> list[str]:
    answer = journal.visitor().get(path)
    assert answer.status_code == 200, path
    return TITLE.findall(answer.text)


def write(
    db: Session,
    title: str,
    body: str = "Words.",
    *,
    at: datetime | None = None,
    terms: Sequence[Term] = (),
    **more: Any,
) -> Post:
    """A published post of Ann's."""
    post = Post.draft(db, user(db), Content.of(title, body, **more))
    post.publish(db, at)
    for taxonomy in Taxonomy:
        post.set_terms(db, taxonomy, [term.id for term in terms if term.taxonomy == taxonomy])
    return post


def moment(year: int, month: int, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


@over_both
def test_sticky_posts_come_first_at_home_and_nowhere_else_and_none_twice(journal: Journal) -> None:
    with journal.writing() as db:
        Options(posts_per_page=2).store(db)
        write(db, "Old and sticky", at=moment(2020, 1), sticky=True)
        for number in range(3):
            write(db, f"Post {number}", at=moment(2024, 1 + number))
    assert [titles(journal, path) for path in ("/", "/page/2/")] == [["Old and sticky", "Post 2"], ["Post 1", "Post 0"]]
    assert titles(journal, "/2024/") == ["Post 2", "Post 1"]
    assert "Pinned" in journal.visitor().get("/").text


@over_both
def test_archives_of_dates_hold_what_was_published_within(journal: Journal) -> None:
    with journal.writing() as db:
        moments = {"a": moment(2023, 12, 31), "b": moment(2024, 1), "c": moment(2024, 12, 31), "d": moment(2025, 1)}
        for title, at in moments.items():
            write(db, title, at=at)
        draft = Post.draft(db, user(db), Content.of("draft", ""))
        draft.published_at = moment(2024, 1)
    assert titles(journal, "/2024/") == ["c", "b"]
    assert titles(journal, "/2024/12/") == ["c"]
    assert titles(journal, "/2024/06/") == []
    for path in ("/2024/13/", "/0000/", "/9999/", "/2024/1/"):
        assert journal.visitor().get(path).status_code == 404, path
    assert "December 2024" in journal.visitor().get("/2024/12/").text


@over_both
def test_a_category_holds_what_stands_below_it(journal: Journal) -> None:
    with journal.writing() as db:
        top = Term.make(db, Taxonomy.CATEGORY, "Making", description="What <hands> do.")
        leaf = Term.make(db, Taxonomy.CATEGORY, "Brot & Käse", parent=top)
        write(db, "Dough", terms=[leaf])
        write(db, "Both", terms=[leaf, top])
        write(db, "Neither")
    assert titles(journal, "/category/making/") == ["Both", "Dough"]
    assert titles(journal, "/category/making/brot-käse/") == ["Both", "Dough"]
    page = journal.visitor().get("/category/making/").text
    assert "What &lt;hands&gt; do." in page
    assert 'href="/category/making/brot-käse/">Brot &amp; Käse</a>' in page
    moved = journal.visitor().get("/category/brot-käse/")
    assert (moved.status_code, moved.location) == (301, "/category/making/brot-k%C3%A4se/")
    assert journal.visitor().get("/category/elsewhere/making/").status_code == 301
    assert journal.visitor().get("/category/none/").status_code == 404


@over_both
def test_tags_and_formats_have_their_posts(journal: Journal) -> None:
    with journal.writing() as db:
        tag = Term.make(db, Taxonomy.TAG, "서울 여행")
        quote = Term.make(db, Taxonomy.FORMAT, "Quote", slug="post-format-quote")
        write(db, "Said", terms=[tag, quote])
        write(db, "Plain")
    assert titles(journal, "/tag/서울-여행/") == titles(journal, "/type/quote/") == ["Said"]
    assert 'class="tag" href="/type/quote/">Quote</a>' in journal.visitor().get("/").text
    assert [journal.visitor().get(path).status_code for path in ("/tag/none/", "/type/none/")] == [404, 404]


@over_both
def test_an_author_is_shown_with_a_biography_and_only_who_has_published(journal: Journal) -> None:
    journal.post("Mine")
    with journal.writing() as db:
        user(db).biography = "Lives by the sea."
        path = f"/author/{user(db).nicename}/"
        others = [f"/author/{user(db, name).nicename}/" for name in ("bo", "ada")]
    assert titles(journal, path) == ["Mine"]
    page = journal.visitor().get(path).text
    assert "Lives by the sea." in page
    assert "ann@example.com" not in page
    assert [journal.visitor().get(other).status_code for other in (*others, "/author/nobody/")] == [404] * 3


def test_an_author_without_a_name_in_addresses_has_a_number(journal: Journal) -> None:
    journal.post("Mine")
    with journal.writing() as db:
        user(db).slug = None
        number = user(db).id
    assert titles(journal, f"/author/user-{number}/") == ["Mine"]
    assert journal.visitor().get(f"/author/user-{'9' * 30}/").status_code == 404


def test_lists_end_at_the_more_tag_and_say_how_to_go_on(journal: Journal) -> None:
    with journal.writing() as db:
        write(db, "Long", "Before.\n\n<!--more Read on-->\n\nAfter.")
        write(db, "Plain", "Here.\n\n<!--more-->\n\nThere.")
        write(db, "Told", "Body.\n\n<!--more-->\n\nRest.", excerpt="In short.")
    home = journal.visitor().get("/").text
    for shown in ("Before.", 'Read on<span class="visually-hidden"> Long', "Continue reading<span", "In short."):
        assert shown in home, shown
    for hidden in ("After.", "There.", "Body.", "Rest."):
        assert hidden not in home, hidden


def test_the_owner_decides_what_stands_first(journal: Journal) -> None:
    with journal.writing() as db:
        about = Post.draft(db, user(db), Content.of("About", "About us."), Kind.PAGE)
        blog = Post.draft(db, user(db), Content.of("News", ""), Kind.PAGE)
        about.publish(db)
        blog.publish(db)
        for number in range(3):
            write(db, f"Post {number}", at=moment(2024, 1 + number))
        Options(posts_per_page=2, front_page_id=about.id, posts_page_id=blog.id, title="Our <house>").store(db)
    home = journal.visitor().get("/").text
    assert "About us." in home
    assert '<link rel="canonical" href="http://localhost/">' in home
    assert "Our &lt;house&gt;" in home
    assert titles(journal, "/news/") == ["Post 2", "Post 1"]
    assert titles(journal, "/news/page/2/") == ["Post 0"]
    visitor = journal.visitor()
    assert visitor.get("/about/").location == "/"
    for path in ("/page/2/", "/news/page/3/", "/news/2/", "/about/page/2/"):
        assert visitor.get(path).status_code == 404, path


@pytest.mark.parametrize("path", ["/", "/2024/", "/tag/x/"])
def test_pages_of_lists_lead_to_each_other(journal: Journal, path: str) -> None:
    with journal.writing() as db:
        Options(posts_per_page=1).store(db)
        tag = Term.make(db, Taxonomy.TAG, "x")
        for number in range(3):
            write(db, f"Post {number}", at=moment(2024, 1 + number), terms=[tag])
    middle = journal.visitor().get(f"{path}page/2/").text
    assert f'class="pager__previous" href="{path}"' in middle
    assert f'class="pager__next" href="{path}page/3/"' in middle
    assert f'<link rel="canonical" href="http://localhost{path}page/2/">' in middle
    assert "pager__next" not in journal.visitor().get(f"{path}page/3/").text

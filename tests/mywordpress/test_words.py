"""What search finds a post by, on SQLite and MariaDB."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.words import INDEX, PostWord, index, text_of
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, over_both


def found(db: Session, text: str) -> list[int]:
    """Posts that have all words of the text, the best first."""
    meeting = INDEX.meeting(text)
    if meeting is None:
        return []
    each = meeting.subquery()
    return list(db.scalars(select(each.c.owner).order_by(each.c.weight.desc(), each.c.owner)))


@over_both
def test_a_post_is_found_by_what_it_says_now_in_any_script(journal: Journal) -> None:
    post_id = journal.post("서울의 봄", "Straße und café: 한국어를 배우자.").id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        index(db, post)
        for text in ("서울", "울의", "봄", "STRASSE", "cafe", "caf", "한국 strasse", "어를"):
            assert found(db, text) == [post_id], text
        for text in ("울서", "strass cafe", "", "%", "_", "\x00\U0010ffff"):
            assert found(db, text) == [], text
        post.title = "Winter"
        index(db, post)
        assert found(db, "서울") == []
        assert found(db, "winter") == [post_id]


@over_both
def test_the_title_says_more_than_a_term_and_that_more_than_the_text(journal: Journal) -> None:
    by_text, by_term, by_title = (
        journal.post(title, body).id for title, body in (("A", "Ink."), ("B", ""), ("Ink", ""))
    )
    with journal.writing() as db:
        term = Term(taxonomy=Taxonomy.TAG, name="Ink", slug="ink", description="")
        db.add(term)
        db.flush()
        db.add(PostTerm(post_id=by_term, term_id=term.id))
        for post_id in (by_text, by_term, by_title):
            index(db, db.get_one(Post, post_id))
        assert found(db, "ink") == [by_title, by_term, by_text]


def test_a_post_without_a_word_counts_as_indexed(journal: Journal) -> None:
    post_id = journal.post("…", "").id
    with journal.writing() as db:
        db.execute(delete(PostWord))
        waiting = select(Post.id).where(~INDEX.has(Post.id))
        assert list(db.scalars(waiting)) == [post_id]
        index(db, db.get_one(Post, post_id))
        assert list(db.scalars(waiting)) == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>wo</b>rd</p><ul><li>a</li><li>b</li></ul>", "One word a b"),
        ('<p>x &lt; y</p><img src="/media/a" alt="no"> <!--more-->', "x < y"),
    ],
)
def test_words_are_those_that_readers_see(html: str, text: str) -> None:
    assert text_of(html) == text

"""Comments in threads and pages."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.threads import DEEPEST, Branch, NoSuchPage, Talk, tops_of
from apps.mywordpress.options.models import Options
from tests.mywordpress.conftest import Journal, over_both

MORNING = datetime(2026, 3, 1, 9, tzinfo=UTC)


def fill(journal: Journal, parents: dict[int, int | None], **more: object) -> int:
    """A post with approved comments of these numbers, each answering another one; the post's number."""
    post = journal.post()
    with journal.writing() as db:
        for number in parents:
            at = MORNING + timedelta(minutes=number)
            words = {"name": f"N{number}", "email": "n@example.com", "text": "x", "html": "<p>x</p>", "approved": True}
            db.add(Comment(**{"id": number, "post_id": post.id, "created_at": at, **words, **more}))
        db.flush()
        for number, parent in parents.items():
            db.get_one(Comment, number).parent_id = parent
    return post.id


def talk(journal: Journal, post_id: int, page: int = 1, **options: object) -> Talk:
    with journal.writing() as db:
        return Talk.of(db, post_id, Options(**options), page)  # type: ignore[arg-type]


def drawn(branches: "list[Branch]") -> list[object]:
    """Threads as lists: a number, and the list of what answers it."""
    found: list[object] = []
    for branch in branches:
        found += [branch.comment.id, drawn(branch.replies)] if branch.replies else [branch.comment.id]
    return found


@over_both
def test_answers_stand_below_what_they_answer(journal: Journal) -> None:
    post = fill(journal, {1: None, 2: 1, 3: None, 4: 2, 5: 1})
    found = talk(journal, post)
    assert drawn(list(found.threads)) == [1, [2, [4], 5], 3]
    assert (found.count, found.page, found.pages) == (5, 1, 1)


def test_no_answer_stands_deeper_than_a_phone_is_wide(journal: Journal) -> None:
    post = fill(journal, {number: number - 1 or None for number in range(1, 9)})
    found = talk(journal, post)
    assert drawn(list(found.threads)) == [1, [2, [3, [4, [5, 6, 7, 8]]]]]
    assert DEEPEST == 5


def test_what_answers_something_that_is_not_shown_stands_by_itself(journal: Journal) -> None:
    post = fill(journal, {1: None, 2: 1, 3: 2})
    with journal.writing() as db:
        db.get_one(Comment, 1).become(db, "trash")
    assert drawn(list(talk(journal, post).threads)) == [2, [3]]


def test_comments_that_answer_one_another_in_a_circle_are_shown_once(journal: Journal) -> None:
    post = fill(journal, {1: 3, 2: 1, 3: 2, 4: 4, 5: None})
    found = talk(journal, post)
    assert found.count == 5
    shown = str(drawn(list(found.threads)))
    assert sorted(number for number in shown if number.isdecimal()) == ["1", "2", "3", "4", "5"]


@over_both
def test_pages_are_of_whole_threads_and_in_the_owners_order(journal: Journal) -> None:
    post = fill(journal, {1: None, 2: None, 3: 1, 4: None, 5: 4})
    pages = [drawn(list(talk(journal, post, page, comments_per_page=2).threads)) for page in (1, 2)]
    assert pages == [[1, [3], 2], [4, [5]]]
    turned = talk(journal, post, comments_per_page=2, comments_newest_first=True)
    assert (drawn(list(turned.threads)), turned.pages) == ([4, [5], 2], 2)
    for page in (0, 3):
        with pytest.raises(NoSuchPage):
            talk(journal, post, page, comments_per_page=2)
    with journal.writing() as db:
        options = Options(comments_per_page=2)
        assert [Talk.page_of(db, db.get_one(Comment, number), options) for number in (3, 5)] == [1, 2]
        options = Options(comments_per_page=2, comments_newest_first=True)
        assert [Talk.page_of(db, db.get_one(Comment, number), options) for number in (3, 5)] == [2, 1]


@over_both
def test_of_very_many_comments_only_those_of_the_page_are_read(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = fill(journal, {1: None, 2: None, 3: 1, 4: None, 5: 4})
    few = talk(journal, post, 2, comments_per_page=2)
    monkeypatch.setattr("apps.mywordpress.comments.threads.MOST_AT_ONCE", 3)
    many = talk(journal, post, 2, comments_per_page=2)
    assert drawn(list(many.threads)) == drawn(list(few.threads))
    assert (many.count, many.pages) == (few.count, few.pages)


def test_comments_are_read_by_one_query(journal: Journal) -> None:
    post, asked = fill(journal, {1: None, 2: 1}), []
    with journal.writing() as db:
        event.listen(db.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
        Talk.of(db, post, Options())
    assert len(asked) == 1


def test_mentions_by_other_sites_stand_apart(journal: Journal) -> None:
    post = fill(journal, {1: None})
    with journal.writing() as db:
        db.get_one(Comment, 1).kind = "pingback"
        db.get_one(Comment, 1).url = "https://elsewhere.example/"
    found = talk(journal, post)
    assert (found.count, [comment.id for comment in found.mentions]) == (0, [1])
    with journal.writing() as db:
        path = db.get_one(Comment, 1).post.path
    page = journal.visitor().get(path).text
    assert "Mentioned elsewhere" in page
    assert "No comments yet" in page
    assert 'data-reply="1"' not in page


def test_an_address_that_came_by_another_way_leads_nowhere_it_should_not(journal: Journal) -> None:
    fill(journal, {1: None, 2: None}, url="https://n.example/")
    with journal.writing() as db:
        db.get_one(Comment, 2).url = "javascript:alert(1)"
        path = db.get_one(Comment, 1).post.path
    page = journal.visitor().get(path).text
    assert page.count('href="https://n.example/"') == 1
    assert "javascript:" not in page


def test_threads_begin_at_what_answers_nothing() -> None:
    assert tops_of({1: None, 2: 1, 3: 2, 4: 99}) == {1: 1, 2: 1, 3: 1, 4: 4}
    assert tops_of({}) == {}
    deep = tops_of({number: number - 1 or None for number in range(1, 5_000)})
    assert set(deep.values()) == {1}

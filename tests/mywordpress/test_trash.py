"""What is in the trash goes for good after a month, and of two who delete one post the second is told so."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.models import State as Shown
from apps.mywordpress.comments.rules import Said
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.states import KEPT_IN_TRASH, PostGone
from tests.mywordpress.api.conftest import Program
from tests.mywordpress.conftest import Journal, over_both
from tests.mywordpress.people import join

DAY = timedelta(days=1)


def trashed(journal: Journal, title: str, since: timedelta | None) -> int:
    """A post that has been in the trash for so long; None is what an earlier release put there."""
    post_id = journal.post(title).id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        post.trash(db)
        post.trashed_at = None if since is None else now() - since
    return post_id


def left(journal: Journal, kind: type[Post] | type[Comment]) -> list[int]:
    with journal.writing() as db:
        return sorted(db.scalars(select(kind.id)))


@over_both
def test_posts_go_after_a_month_in_the_trash_and_no_others(journal: Journal) -> None:
    shown = journal.post("Shown").id
    gone, young = (trashed(journal, f"{days}", timedelta(days=days)) for days in (31, 29))
    unknown = trashed(journal, "Unknown", None)
    journal.tick("/every/day")
    assert left(journal, Post) == [shown, young, unknown]
    assert gone not in left(journal, Post)
    with journal.writing() as db:
        noted = db.get_one(Post, unknown)
        assert noted.trashed_at is not None
        assert now() - noted.trashed_at < DAY


def test_what_was_restored_begins_anew_when_it_comes_back(journal: Journal) -> None:
    post_id = trashed(journal, "Back", KEPT_IN_TRASH + DAY)
    with journal.writing() as db:
        db.get_one(Post, post_id).restore(db)
    journal.tick("/every/day")
    with journal.writing() as db:
        db.get_one(Post, post_id).trash(db)
    journal.tick("/every/day")
    assert left(journal, Post) == [post_id]


@over_both
def test_comments_go_after_a_month_in_the_trash_and_answers_stay(journal: Journal) -> None:
    post = journal.post()
    with journal.writing() as db:
        said = [Comment.leave(db, post, Said(f"Words {number}", "Bo", "bo@example.com"))[0] for number in range(4)]
        old, young, unknown, answer = said
        answer.parent_id = old.id
        for comment in (old, young, unknown):
            comment.become(db, Shown.TRASH)
        old.trashed_at, young.trashed_at, unknown.trashed_at = now() - 31 * DAY, now() - 29 * DAY, None
    journal.tick("/every/day")
    assert left(journal, Comment) == [young.id, unknown.id, answer.id]


@over_both
def test_a_comment_that_is_restored_is_in_the_trash_no_more(journal: Journal) -> None:
    post = journal.post()
    with journal.writing() as db:
        comment, _ = Comment.leave(db, post, Said("Words", "Bo", "bo@example.com"))
        comment.become(db, Shown.TRASH)
        comment.trashed_at = now() - 31 * DAY
        db.flush()
        comment.become(db, Shown.HOLD)
        assert comment.trashed_at is None


@over_both
def test_who_deletes_what_somebody_else_has_just_deleted_is_told(journal: Journal) -> None:
    post_id = journal.post().id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        delete_behind(db, post_id)
        for verb in (post.delete, post.trash, post.restore, post.publish, post.unpublish):
            with pytest.raises(PostGone):
                verb(db)


def test_pages_and_programs_answer_404_to_the_second_of_two(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    join(journal, "Eve", Role.EDITOR)
    first, second, third = (journal.post(f"Post {number}").id for number in range(3))
    meanwhile(monkeypatch)
    assert journal.author().post(f"/posts/{first}/deletion").status_code == 404
    answer = Program(journal, "eve").delete(f"/posts/{second}?force=true")
    assert (answer.status_code, answer.json["code"]) == (404, "rest_post_invalid_id")
    assert third in left(journal, Post)


def meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let somebody else be faster with each deletion."""
    verb = Post.delete

    def slower(post: Post, db: Session) -> Any:
        delete_behind(db, post.id)
        return verb(post, db)

    monkeypatch.setattr(Post, "delete", slower)


def delete_behind(db: Session, post_id: int) -> None:
    """Delete its row without this session's knowing."""
    db.execute(delete(Post).where(Post.id == post_id), execution_options={"synchronize_session": False})

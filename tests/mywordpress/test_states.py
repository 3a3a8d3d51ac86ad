"""Drafts, review, schedule, private posts and the trash, on SQLite and MariaDB."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.mywordpress.posts.columns import Kind, UnknownStatus
from apps.mywordpress.posts.content import Content, Origin
from apps.mywordpress.posts.history import OldSlug, Revision
from apps.mywordpress.posts.models import EditConflict, IdTaken, Post
from apps.mywordpress.posts.states import InTrash
from tests.mywordpress.conftest import Journal, over_both, user
from tests.support.waiting import wait_until

HOUR = timedelta(hours=1)


def status(post: Post) -> tuple[str, bool]:
    return post.status, post.published


@over_both
def test_a_post_goes_from_draft_by_review_to_its_readers_and_back(journal: Journal) -> None:
    post_id = journal.post(published=False).id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        seen = [status(post)]
        for verb in (post.submit, post.publish, post.make_private, post.publish, post.unpublish):
            verb(db)
            seen.append(status(post))
        assert seen == [
            ("draft", False),
            ("pending", False),
            ("publish", True),
            ("private", False),
            ("publish", True),
            ("draft", False),
        ]


@over_both
def test_a_date_to_come_schedules_and_a_past_one_publishes(journal: Journal) -> None:
    post_id = journal.post(published=False).id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        post.publish(db, now() + HOUR)
        assert (status(post), post.path != "") == (("future", False), True)
        post.date(db, now() - HOUR)
        assert status(post) == ("publish", True)
        assert (post.published_at or now()) < now()
        post.date(db, now() + HOUR)
        assert status(post) == ("future", False)
        post.publish(db)
        assert status(post) == ("publish", True)
        assert post.published_at <= now()


def test_what_was_scheduled_and_taken_back_has_no_date_any_more(journal: Journal) -> None:
    post_id = journal.post(published=False).id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        post.publish(db, now() + HOUR)
        post.unpublish(db)
        assert (post.published_at, post.path) == (None, "")


@over_both
@pytest.mark.parametrize("was", ["publish", "future", "private", "pending", "draft"])
def test_what_comes_out_of_the_trash_is_what_it_was(journal: Journal, was: str) -> None:
    post_id = journal.post("In two minds", published=False).id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        post.become(db, was, now() + HOUR if was == "future" else None)
        address = post.path
        post.trash(db)
        post.trash(db)
        assert (status(post), post.slug) == (("trash", False), "in-two-minds__trashed")
    # Meanwhile somebody else may take the address.
    other_id = journal.post("In two minds").id
    with journal.writing() as db:
        db.get_one(Post, other_id).delete(db)
        post = db.get_one(Post, post_id)
        post.restore(db)
        post.restore(db)
        assert (status(post), post.slug, post.path) == ((was, was == "publish"), "in-two-minds", address)
        assert db.query(OldSlug).count() == 0


@over_both
def test_an_address_that_was_taken_meanwhile_is_not_given_back(journal: Journal) -> None:
    post_id = journal.post("Mine").id
    with journal.writing() as db:
        db.get_one(Post, post_id).trash(db)
    assert journal.post("Mine").slug == "mine"
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        post.restore(db)
        assert post.slug == "mine-2"


def test_the_longest_slug_survives_the_trash(journal: Journal) -> None:
    posts = [journal.post("x" * 200).id for _ in range(2)]
    with journal.writing() as db:
        before = [db.get_one(Post, post_id).slug for post_id in posts]
        for post_id in posts:
            db.get_one(Post, post_id).trash(db)
        for post_id in posts:
            db.get_one(Post, post_id).restore(db)
        assert [db.get_one(Post, post_id).slug for post_id in posts] == before


def test_nothing_but_restoring_is_done_with_what_is_in_the_trash(journal: Journal) -> None:
    post_id = journal.post().id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        post.trash(db)
        for verb in (post.publish, post.submit, post.unpublish, post.make_private):
            with pytest.raises(InTrash):
                verb(db)
        with pytest.raises(InTrash):
            post.revise(db, post.content, post.version, user(db))
        post.become(db, "pending")
        assert (status(post), post.slug) == (("pending", False), "a-title")


def test_a_status_that_nobody_knows_changes_nothing(journal: Journal) -> None:
    post_id = journal.post().id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        with pytest.raises(UnknownStatus):
            post.become(db, "inherit")
        assert status(post) == ("publish", True)


@over_both
def test_what_is_due_is_published_and_nothing_else(journal: Journal) -> None:
    due = [journal.post(f"Due {number}", published=False).id for number in range(2)]
    later, draft = journal.post("Later", published=False).id, journal.post("Draft", published=False).id
    with journal.writing() as db:
        schedule(db, due, later)
        assert list(Post.publish_due(db, limit=50)) == due
        assert list(Post.publish_due(db, limit=50)) == []
        states = [status(db.get_one(Post, post_id)) for post_id in (*due, later, draft)]
        assert states == [("publish", True), ("publish", True), ("future", False), ("draft", False)]


@pytest.mark.parametrize("kind", ["mysql"])
def test_of_two_workers_that_find_the_same_posts_due_one_publishes_them(journal: Journal) -> None:
    *due, later = [journal.post(f"Due {number}", published=False).id for number in range(5)]
    with journal.writing() as db:
        schedule(db, due, later)
    second: list[int] = []

    def work() -> None:
        with journal.writing() as db:
            second.extend(Post.publish_due(db, limit=50))

    def is_waiting() -> bool:
        database = journal.app.database
        assert database is not None
        with database.reader(pinned=True)[0] as db:
            waits = "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'"
            return bool(db.execute(text(waits)).one()[1] != "0")

    with journal.writing() as db:
        publishing = Post.publish_due(db, limit=50)
        first = [next(publishing)]
        # The other worker reads the same list, since nothing is committed yet, and waits for the first row of it.
        worker = threading.Thread(target=work)
        worker.start()
        wait_until(is_waiting, 20)
        first += publishing
    worker.join()
    assert (first, second) == (due, [])


def schedule(db: Session, due: list[int], later: int) -> None:
    """Schedule all of them, of which some are due by now."""
    for post_id in (*due, later):
        db.get_one(Post, post_id).publish(db, now() + HOUR)
    for post_id in due:
        db.get_one(Post, post_id).published_at = now()
    db.flush()


@over_both
def test_each_save_that_changes_words_is_a_revision(journal: Journal) -> None:
    post_id = journal.post("A title", "One.").id
    with journal.writing() as db:
        post, bo = db.get_one(Post, post_id), user(db, "bo")
        post.revise(db, replace(post.content, body="Two."), 1, bo)
        post.revise(db, replace(post.content, sticky=True), 2, bo)
        post.revise(db, replace(post.content, body="Three."), 3, post.author)
        kept = db.query(Revision).order_by(Revision.version)
        assert [(one.version, one.body, one.author.name) for one in kept] == [
            (1, "One.", "Ann"),
            (2, "Two.", "Bo"),
            (4, "Three.", "Ann"),
        ]


def test_what_an_earlier_release_wrote_is_kept_when_it_is_changed_first(journal: Journal) -> None:
    post_id = journal.post("A title", "Before.").id
    with journal.writing() as db:
        db.query(Revision).delete()
        post = db.get_one(Post, post_id)
        post.revise(db, replace(post.content, body="After."), 1, user(db, "ada"))
        assert [one.body for one in db.query(Revision).order_by(Revision.version)] == ["Before.", "After."]


def leads_to(db: Session, slug: str) -> int | None:
    found = db.get(OldSlug, slug)
    return found.post_id if found else None


@over_both
def test_an_address_that_readers_knew_leads_on_to_the_post(journal: Journal) -> None:
    first, second = journal.post("First").id, journal.post("Second").id
    hidden = journal.post("Hidden", published=False).id
    with journal.writing() as db:
        for post_id, slug in ((first, "moved"), (hidden, "nobody-knew"), (second, "first"), (second, "third")):
            post = db.get_one(Post, post_id)
            post.revise(db, replace(post.content, slug=slug), post.version, user(db))
        assert [leads_to(db, slug) for slug in ("first", "second", "hidden", "moved")] == [second, second, None, None]


@over_both
def test_a_post_from_elsewhere_keeps_number_dates_address_and_status(journal: Journal) -> None:
    then = now() - 900 * HOUR
    with journal.writing() as db:
        origin = Origin(Kind.POST, "private", then, then + HOUR, guid="https://old.example/?p=700", post_id=700)
        post = Post.adopt(db, user(db), Content.of("Old", "Words", slug="as_it_was", password="secret"), origin)
        assert (post.id, post.slug, post.status, post.password) == (700, "as_it_was", "private", "secret")
        assert (post.created_at, post.published_at, post.updated_at) == (then, then, then + HOUR)
        with pytest.raises(IdTaken):
            Post.adopt(db, user(db), Content.of("Other", ""), origin)
        trashed = Origin(Kind.POST, "trash", then, then, trashed_from="publish")
        gone = Post.adopt(db, user(db), Content.of("Gone", "", slug="gone__trashed"), trashed)
        assert gone.slug == "gone__trashed"
        gone.restore(db)
        assert (gone.slug, status(gone)) == ("gone", ("publish", True))


def test_a_page_that_is_deleted_lets_those_below_move_up(journal: Journal) -> None:
    with journal.writing() as db:
        ann = user(db)
        top = Post.draft(db, ann, Content.of("Top", ""), Kind.PAGE)
        middle = Post.draft(db, ann, Content.of("Middle", "", parent_id=top.id), Kind.PAGE)
        low = Post.draft(db, ann, Content.of("Low", "", parent_id=middle.id), Kind.PAGE)
        low.publish(db)
        assert low.path == "/top/middle/low/"
        middle.delete(db)
        db.refresh(low)
        assert (low.parent_id, low.path) == (top.id, "/top/low/")


def test_a_refused_save_writes_no_history(journal: Journal) -> None:
    post_id = journal.post().id
    with journal.writing() as db:
        post = db.get_one(Post, post_id)
        with pytest.raises(EditConflict):
            post.revise(db, replace(post.content, body="x", slug="y"), 7, user(db))
    with journal.writing() as db:
        assert db.query(Revision).count() == 1

"""The development data: there to be read, and to be tried."""

import re

from apps.mywordpress.comments.models import Comment
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.models import Post
from apps.mywordpress.seed import DEMO_EMAIL, DEMO_PASSWORD, HERE, seed
from tests.mywordpress.conftest import Journal, user


def emptied(journal: Journal) -> None:
    with journal.writing() as db:
        for name in ("ann", "bo", "ada"):
            db.delete(user(db, name))


def test_there_is_something_to_read_and_somebody_to_be(journal: Journal) -> None:
    emptied(journal)
    with journal.writing() as db:
        seed(db, journal.app.storage)
    guest = journal.visitor()
    assert "The hour that happens twice" in guest.get("/").text
    with journal.writing() as db:
        assert [db.query(table).count() for table in (Post, Attachment, Comment)] == [14, 10, 11]
        paths = [post.path for post in db.query(Post)]
    assert [guest.get(path).status_code for path in paths] == [200] * 14
    assert guest.sign_in(DEMO_EMAIL, DEMO_PASSWORD).status_code == 303


def test_every_part_of_a_journal_is_there_to_be_seen(journal: Journal) -> None:
    emptied(journal)
    with journal.writing() as db:
        seed(db, journal.app.storage)
    guest = journal.visitor()
    home = guest.get("/").text
    for seen in ("Pinned", ">Colophon<", 'href="/category/time/tides/"', 'lang="ko"'):
        assert seen in home
    assert "June Hartley repairs clocks" in guest.get("/2026/11/a-visible-mend/").text
    assert (
        'class="gallery gallery-columns-3"' in guest.get("/2026/10/seven-drawings-and-what-went-wrong-with-them/").text
    )
    assert '<ol class="comments__replies">' in guest.get("/2026/11/a-visible-mend/").text
    assert "<mark>서울</mark>" in guest.get("/search?q=서울").text
    assert guest.get("/about/colophon/").status_code == 200
    for path in set(re.findall(r'href="(/[^"?#]*)"', home)):
        assert guest.get(path).status_code in (200, 303), path


def test_a_journal_that_somebody_uses_is_left_alone(journal: Journal) -> None:
    with journal.writing() as db:
        seed(db, journal.app.storage)
        assert db.query(Post).count() == 0


def test_the_pictures_are_small() -> None:
    assert all(path.stat().st_size < 61_440 for path in (HERE / "pictures").iterdir())

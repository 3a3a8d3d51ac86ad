"""The development data: there to be read, and to be tried."""

from apps.mywordpress.comments.models import Comment
from apps.mywordpress.media.models import Picture
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
        assert [db.query(table).count() for table in (Post, Picture, Comment)] == [7, 7, 5]
        paths = [post.path for post in db.query(Post)]
    assert [guest.get(path).status_code for path in paths] == [200] * 7
    assert guest.sign_in(DEMO_EMAIL, DEMO_PASSWORD).status_code == 303


def test_a_journal_that_somebody_uses_is_left_alone(journal: Journal) -> None:
    with journal.writing() as db:
        seed(db, journal.app.storage)
        assert db.query(Post).count() == 0


def test_the_pictures_are_small() -> None:
    assert all(path.stat().st_size < 61_440 for path in (HERE / "pictures").iterdir())

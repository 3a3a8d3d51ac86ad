"""What the migrations make is what the models expect, and what the previous release wrote is still read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, select

from apps.chassis.app import open_database
from apps.chassis.database import Database
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.mywordpress import SITE
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.posts.models import Post
from tests.support.schemas import difference, empty, first_release

MORNING = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "mariadb"])
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    return empty(SITE, request, tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = open_database(SITE, settings)
    assert database is not None
    yield database
    database.dispose()


@pytest.fixture
def written(settings: Settings, database: Database) -> Database:
    """The database of the first release, with a post, a draft, and two comments of which one is held."""
    first_release(SITE, settings, database, fill)
    return database


def fill(connection: Connection) -> None:
    known = MetaData()
    known.reflect(connection)
    person = {"email": "ann@example.com", "name": "Ann", "password_hash": "", "role": "author"}
    moments = {"sessions_valid_from": MORNING, "created_at": MORNING}
    connection.execute(known.tables["users"].insert(), {"id": 1, **person, **moments})
    for number, published in ((1, True), (2, False)):
        text = {
            "title": "A title",
            "slug": f"a-title-{number}",
            "excerpt": "",
            "body": "Words.",
            "html": "<p>Words.</p>",
        }
        facts = {"summary": "Words.", "minutes": 1, "version": 1, "published": published, "author_id": 1}
        times = {"published_at": MORNING if published else None, "created_at": MORNING, "updated_at": MORNING}
        connection.execute(known.tables["posts"].insert(), {"id": number, **text, **facts, **times})
    for number, approved in ((1, True), (2, False)):
        said = {"name": "Bo", "email": "bo@example.com", "text": "Yes.", "html": "<p>Yes.</p>", "created_at": MORNING}
        connection.execute(
            known.tables["comments"].insert(), {"post_id": 1, "approved": approved, "id": number, **said}
        )


def test_migrating_makes_the_tables_of_the_models(settings: Settings, database: Database) -> None:
    migrate(SITE, settings)
    with database.writer() as session:
        assert difference(SITE, session.connection()) == []


def test_what_the_first_release_wrote_is_as_it_was(settings: Settings, written: Database) -> None:
    migrate(SITE, settings)
    with written.reader()[0] as session:
        posts = session.scalars(select(Post).order_by(Post.id)).all()
        assert [(post.kind, post.status, post.format) for post in posts] == [
            ("post", "publish", "markdown"),
            ("post", "draft", "markdown"),
        ]
        comments = session.scalars(select(Comment).order_by(Comment.id)).all()
        assert [(one.status, one.kind, one.parent_id) for one in comments] == [
            ("approved", "comment", None),
            ("hold", "comment", None),
        ]

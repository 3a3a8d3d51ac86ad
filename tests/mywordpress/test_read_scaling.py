"""What a reader's page costs in queries, on MariaDB, counted on the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.chassis.settings import Settings
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, file, user
from tests.mywordpress.test_archives import moment, write
from tests.services.endpoint import Endpoint
from tests.services.mariadb import MariaDb


@pytest.fixture(scope="module")
def wire(mariadb: MariaDb) -> Iterator[Endpoint]:
    wire = Endpoint(mariadb.port)
    yield wire
    wire.stop()


@pytest.fixture(scope="module")
def full(mariadb: MariaDb, wire: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """A journal with everything that a list or a post could have to load."""
    mariadb.create("journal_wire")
    environ = {"DATABASE_URL": mariadb.url("journal_wire", port=wire.port), "CACHE_URL": "null:"}
    var: Path = tmp_path_factory.mktemp("journal")
    journal = Journal(Settings.from_environ({"APP": "mywordpress", "VAR_DIR": str(var), **environ}))
    fill(journal)
    # What a connection asks once is no page's cost.
    journal.visitor().get("/search?q=ink")
    yield journal
    journal.close()


def fill(journal: Journal) -> None:
    ann = journal.author()
    ann.post("/posts", title="Shown", body="Ink.", publish="1", file=file())
    journal.work("make_renditions", picture_id=1)
    journal.work("show_renditions", picture_id=1)
    with journal.writing() as db:
        Options(posts_per_page=5, title="Ours").store(db)
        top = Term.make(db, Taxonomy.CATEGORY, "Top")
        terms = [top, Term.make(db, Taxonomy.CATEGORY, "Leaf", parent=top), Term.make(db, Taxonomy.TAG, "Tag")]
        body = f"![x](/media/{db.get_one(Post, 1).first_picture.key})\n\nInk."
        for number in range(12):
            write(db, f"Post {number}", body, at=moment(2024, 1 + number), terms=terms)
        user(db).biography = "Lives by the sea."
    journal.visitor().post("/posts/7/comments", name="Bo", email="bo@example.com", text="Yes.")


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/", 2),
        ("/page/2/", 2),
        ("/2024/06/post-5/", 3),
        ("/search?q=ink", 2),
        ("/category/top/leaf/", 3),
        ("/tag/tag/", 3),
        ("/2024/", 2),
        ("/feed/", 3),
        ("/2024/06/post-5/feed/", 3),
        ("/wp-sitemap-posts-post-1.xml", 1),
        ("/nothing/", 2),
    ],
)
def test_a_page_that_nobody_keeps_costs_few_queries(full: Journal, wire: Endpoint, path: str, queries: int) -> None:
    visitor = full.visitor()
    # What all pages share was read by another one.
    visitor.get("/2024/")
    before = wire.requests
    visitor.get(path)
    assert wire.requests - before == queries


def test_lists_show_their_pictures_in_all_sizes(full: Journal) -> None:
    assert "600w" in full.visitor().get("/").text


@pytest.mark.parametrize("path", ["/", "/feed/"])
def test_a_list_reads_no_more_when_there_are_many_posts(full: Journal, mariadb: MariaDb, path: str) -> None:
    before = rows_read(full, mariadb, path)
    with full.writing() as db:
        for number in range(60):
            write(db, f"More {number}", at=moment(2023, 1, 1 + number % 28))
    assert rows_read(full, mariadb, path) <= before + 10


def rows_read(journal: Journal, mariadb: MariaDb, path: str) -> int:
    """How many rows of tables the database has looked at for the page."""
    before = _rows_read(mariadb)
    journal.visitor().get(path)
    return _rows_read(mariadb) - before


def _rows_read(mariadb: MariaDb) -> int:
    return sum(int(status["Value"]) for status in mariadb.execute("SHOW GLOBAL STATUS LIKE 'Handler_read%'"))

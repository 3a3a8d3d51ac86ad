"""What all pages of readers share is read once for each epoch, and is never of another one than the page."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from apps.chassis.app import Application, create_app
from apps.chassis.context import db
from apps.chassis.epochs import turn
from apps.chassis.transactions import transaction
from apps.mywordpress import SITE
from apps.mywordpress.freshness import changed
from apps.mywordpress.freshness.shared import EpochMoved, Shared, hold, see, shared
from apps.mywordpress.front import finding
from apps.mywordpress.front.answers import blog
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, Visitor, over_both


@pytest.fixture
def other(journal: Journal) -> Iterator[Application]:
    """Another process of the same site."""
    app = create_app(journal.settings, SITE)
    yield app
    assert app.database is not None
    app.database.dispose()
    app.cache.close()


def call(app: Application, title: str) -> None:
    assert app.database is not None
    with transaction(app.database) as session:
        Options.decide(session, title=title)
        changed()


@over_both
@pytest.mark.parametrize("path", ["/", "{post}", "/feed/", "/search?q=tides"])
def test_an_option_that_another_process_changed_is_in_the_next_page(
    journal: Journal, other: Application, path: str
) -> None:
    path = path.replace("{post}", journal.post("Tides").path)
    reader = journal.visitor()
    for title in ("Low water", "High water"):
        call(other, title)
        pages = [reader.get(path).text for _ in range(2)]
        assert [title in page for page in pages] == [True, True]


@over_both
def test_a_category_that_another_process_made_is_there_at_once(journal: Journal, other: Application) -> None:
    post = journal.post("Tides")
    reader = journal.visitor()
    assert reader.get("/category/weather/").status_code == 404
    assert other.database is not None
    with transaction(other.database) as session:
        term = Term.make(session, Taxonomy.CATEGORY, "Weather")
        session.get_one(Post, post.id).set_terms(session, Taxonomy.CATEGORY, [term.id])
        changed()
    assert "Tides" in reader.get("/category/weather/").text
    assert "/category/weather/" in reader.get(post.path).text


@over_both
def test_what_is_not_committed_is_kept_for_nobody(journal: Journal) -> None:
    reader = journal.visitor()
    reader.get("/")
    with suppress(LookupError), ThreadPoolExecutor(1) as pool, journal.writing() as session:
        Options.decide(session, title="Undone")
        turn(session)
        assert shared(session, Options.read).title == "Undone"
        assert "Undone" not in pool.submit(reader.get, "/").result().text
        raise LookupError
    assert "Undone" not in reader.get("/").text


def test_of_a_page_that_a_commit_overtakes_nothing_is_of_before(
    journal: Journal, other: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = journal.post("Tides")
    call(other, "Low water")
    Visitor(journal.app).get(post.path)
    found, seen = finding.in_time, []

    def overtaken(*args: object) -> object:
        seen.append(blog().title)
        return found(*args)  # type: ignore[arg-type]

    call(other, "High water")
    monkeypatch.setattr(finding, "in_time", overtaken)
    assert "High water" in journal.visitor().get(post.path).text
    assert seen == ["Low water", "High water"]


def test_what_is_only_supposed_fills_nothing(journal: Journal) -> None:
    assert journal.app.database is not None
    supposed = Shared().under("of a server that this one follows")
    with journal.app.database.reader()[0] as session, hold(session, supposed, is_read=False):
        with pytest.raises(EpochMoved):
            shared(session, Options.read)
        with pytest.raises(EpochMoved):
            see(session, "another")
    assert supposed.values == {}


def test_a_session_that_is_held_to_nothing_reads_anew(journal: Journal) -> None:
    with journal.writing():
        Options.decide(db(), title="One")
        assert shared(db(), Options.read).title == "One"
        Options.decide(db(), title="Two")
        assert shared(db(), Options.read).title == "Two"

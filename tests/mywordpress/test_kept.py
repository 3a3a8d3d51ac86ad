"""Pages of readers are kept whole, for everybody, and never beyond the commit that changes them."""

import gzip
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from apps.chassis.app import Application, create_app
from apps.chassis.epochs import changed, standing
from apps.chassis.frame import Frame, RequestRecord
from apps.mywordpress import SITE
from apps.mywordpress.freshness.watch import FreshnessWatch, Known
from apps.mywordpress.front import listings
from apps.mywordpress.posts.models import Post
from tests.mywordpress.conftest import Journal, Visitor, over_both

Records = list[RequestRecord]


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Records:
    """What each request did, as its Server-Timing tells it."""
    seen: Records = []
    tell = Frame.add_headers

    def add(frame: Frame, record: RequestRecord, headers: list[tuple[str, str]]) -> None:
        seen.append(record)
        tell(frame, record, headers)

    monkeypatch.setattr(Frame, "add_headers", add)
    return seen


def hear(app: Application) -> None:
    """Let this process hear which epoch stands, and trust that for as long as a test takes on a busy machine."""
    assert app.database is not None
    watch(app)._known = Known(standing(app.database), time.monotonic() + 60, int(time.time()) + 60)


def watch(app: Application) -> FreshnessWatch:
    found = app.watches["freshness"]
    assert isinstance(found, FreshnessWatch)
    return found


@pytest.fixture
def other(journal: Journal) -> Iterator[Application]:
    """Another process of the same site."""
    app = create_app(journal.settings, SITE)
    yield app
    assert app.database is not None
    app.database.dispose()
    app.cache.close()


def asked(app: Application, path: str, **headers: str) -> TestResponse:
    return Visitor(app).get(path, **{name.replace("_", "-"): value for name, value in headers.items()})


@over_both
@pytest.mark.parametrize("path", ["/", "{post}", "/feed/", "/feed/atom/"])
def test_a_kept_page_asks_nobody_in_its_process_and_once_in_another(
    journal: Journal, other: Application, records: Records, path: str
) -> None:
    path = path.replace("{post}", journal.post().path)
    for app in (journal.app, other):
        hear(app)
    pages = [asked(app, path) for app in (journal.app, journal.app, other, other)]
    assert len({page.data for page in pages}) == 1
    assert [(record.cache, record.cache_trips, record.queries, record.db) for record in records[1:]] == [
        ("hit", 0, 0, None),
        ("hit", 1, 0, None),
        ("hit", 0, 0, None),
    ]
    assert records[0].queries > 0
    assert len({record.endpoint for record in records}) == 1


def test_what_a_kept_page_says_of_itself(journal: Journal) -> None:
    hear(journal.app)
    for outcome in ("miss", "hit"):
        timing = asked(journal.app, "/").headers["Server-Timing"]
        assert f'cache;desc="{outcome}"' in timing
    assert "queries" not in timing


@over_both
def test_with_its_commit_a_change_is_in_every_process_that_hears_of_it(journal: Journal, other: Application) -> None:
    post = journal.post("Old")
    for app in (journal.app, other):
        hear(app)
        assert "Old" in asked(app, "/").text
    journal.author().post(f"/posts/{post.id}", title="New", body="x", version="1", slug="")
    for app in (other, journal.app):
        hear(app)
        assert "New" in asked(app, "/").text
        assert "New" in asked(app, post.path).text


def test_what_a_loader_read_before_a_commit_is_never_kept_beyond_it(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = journal.post("Old")
    hear(journal.app)
    latest = listings.page_of

    def overtaken(*args: object, **kwargs: object) -> object:
        found = latest(*args, **kwargs)  # type: ignore[arg-type]
        with ThreadPoolExecutor() as pool:
            pool.submit(rename, journal, post, "New").result()
        return found

    monkeypatch.setattr(listings, "page_of", overtaken)
    assert "Old" in asked(journal.app, "/").text
    monkeypatch.undo()
    hear(journal.app)
    assert "New" in asked(journal.app, "/").text


def rename(journal: Journal, post: Post, title: str) -> None:
    with journal.writing() as db:
        db.get_one(Post, post.id).title = title
        changed()


def test_who_makes_a_page_under_a_newer_epoch_lets_the_process_know(journal: Journal, other: Application) -> None:
    post = journal.post("Old")
    watch(journal.app)._known = Known("what stood before", time.monotonic(), 0)
    assert "Old" in asked(journal.app, post.path).text
    hear(other)
    assert watch(journal.app)._known.token == watch(other)._known.token  # type: ignore[union-attr]


def test_a_process_that_has_not_heard_for_a_second_makes_pages_anew(journal: Journal, records: Records) -> None:
    hear(journal.app)
    asked(journal.app, "/")
    token = watch(journal.app)._known.token  # type: ignore[union-attr]
    watch(journal.app)._known = Known(token, time.monotonic() - 0.9, int(time.time()))
    assert "X-Accel-Expires" not in asked(journal.app, "/").headers
    assert (records[-1].cache, records[-1].queries > 0) == (None, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic eDp5"},
        {"Range": "bytes=0-9"},
        {"Host": "other.example"},
    ],
)
def test_who_is_somebody_or_asks_for_something_else_is_left_to_flask(
    journal: Journal, records: Records, headers: dict[str, str]
) -> None:
    hear(journal.app)
    asked(journal.app, "/")
    answer = asked(journal.app, "/", **headers)
    assert records[-1].cache is None
    assert "X-Accel-Expires" not in answer.headers


@pytest.mark.parametrize("name", ["mywordpress-pin", "__Host-mywordpress-session", "mywordpress-anything"])
def test_who_has_a_cookie_of_ours_is_left_to_flask(journal: Journal, records: Records, name: str) -> None:
    hear(journal.app)
    asked(journal.app, "/")
    visitor = journal.visitor()
    visitor.client.set_cookie(name, "x")
    assert "X-Accel-Expires" not in visitor.get("/").headers
    assert records[-1].cache is None


def test_cookies_of_others_change_nothing(journal: Journal, records: Records) -> None:
    hear(journal.app)
    for name in ("_ga", "theme"):
        visitor = journal.visitor()
        visitor.client.set_cookie(name, "x")
        visitor.get("/")
    assert [record.cache for record in records] == ["miss", "hit"]


def test_who_has_a_page_is_told_that_it_is_the_same(journal: Journal) -> None:
    hear(journal.app)
    page = asked(journal.app, "/", Accept_Encoding="gzip")
    tag = page.headers["ETag"]
    for given in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        again = asked(journal.app, "/", If_None_Match=given)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert again.headers["Vary"] == page.headers["Vary"]
    assert asked(journal.app, "/", If_None_Match='"x"').status_code == 200


def test_pages_are_compressed_for_who_takes_that(journal: Journal) -> None:
    hear(journal.app)
    plain, zipped = asked(journal.app, "/"), asked(journal.app, "/", Accept_Encoding="br, gzip;q=0.5")
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in asked(journal.app, "/", Accept_Encoding="gzip;q=0, br").headers


def test_head_is_get_without_its_body(journal: Journal) -> None:
    hear(journal.app)
    for _ in range(2):
        head = journal.visitor().client.head("/")
        assert head.data == b""
        assert head.headers["Content-Length"] == str(len(asked(journal.app, "/").data))


def test_no_address_gets_the_page_of_another(journal: Journal, records: Records) -> None:
    hear(journal.app)
    assert asked(journal.app, "/?p=x").status_code == 404
    assert asked(journal.app, "/%3Fp=x").status_code == 404
    assert asked(journal.app, "/").status_code == 200
    assert asked(journal.app, "/", Host="localhost:81").status_code == 200
    assert [record.cache for record in records if record.status == 200] == ["miss", "miss"]


def test_what_is_not_there_is_not_kept(journal: Journal, records: Records) -> None:
    hear(journal.app)
    assert [asked(journal.app, "/2026/11/nothing/").status_code for _ in range(2)] == [404, 404]
    assert [record.cache for record in records] == ["miss", "miss"]


def test_an_old_address_leads_on_from_what_is_kept(journal: Journal, records: Records) -> None:
    post = journal.post("Moved")
    hear(journal.app)
    for _ in range(2):
        answer = asked(journal.app, f"/1999/01/{post.slug}/")
        assert (answer.status_code, answer.location) == (301, post.path)
    assert [record.cache for record in records] == ["miss", "hit"]


def test_each_language_has_its_own_pages(journal: Journal) -> None:
    app = create_app(journal.settings, replace(SITE, languages=("en", "ko")))
    assert app.database is not None
    hear(app)
    for _ in range(2):
        for said, language in (("ko-KR, en;q=0.5", "ko"), ("de", "en")):
            page = asked(app, "/", Accept_Language=said)
            assert page.headers["Content-Language"] == language
            assert "Accept-Language" in page.headers["Vary"]
    assert asked(app, "/?lang=ko", Accept_Language="en").headers["Content-Language"] == "ko"
    app.database.dispose()


def test_of_many_who_ask_at_once_one_makes_the_page(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.post()
    hear(journal.app)
    latest, made, all_there = listings.page_of, [], threading.Barrier(8)

    def slow(*args: object, **kwargs: object) -> object:
        made.append(1)
        time.sleep(0.1)
        return latest(*args, **kwargs)  # type: ignore[arg-type]

    def ask(_: int) -> int:
        all_there.wait()
        return asked(journal.app, "/").status_code

    monkeypatch.setattr(listings, "page_of", slow)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [200] * 8
    assert len(made) == 1


class TestWithoutACache:
    @pytest.fixture
    def environ(self) -> dict[str, str]:
        return {"CACHE_URL": "null:"}

    def test_nothing_is_kept(self, journal: Journal, records: Records) -> None:
        hear(journal.app)
        answers = [asked(journal.app, "/") for _ in range(2)]
        assert [record.queries > 0 for record in records] == [True, True]
        assert "X-Accel-Expires" not in answers[1].headers


class TestWithABrokenCache:
    @pytest.fixture
    def environ(self) -> dict[str, str]:
        return {"CACHE_URL": "redis://127.0.0.1:1/0"}

    def test_each_process_keeps_its_own_copies(self, journal: Journal, records: Records) -> None:
        hear(journal.app)
        for _ in range(2):
            assert asked(journal.app, "/").status_code == 200
        assert [record.cache for record in records] == ["broken", "hit"]

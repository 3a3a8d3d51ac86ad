"""The reader's side, and that it is cheap."""

import re
import unicodedata
from datetime import timedelta

import pytest

from apps.mywordpress.posts.models import Post
from tests.mywordpress.conftest import Journal, over_both


def timing(headers: str, name: str) -> str | None:
    """What the page's Server-Timing says about one part."""
    found = re.search(rf'{name};desc="([^"]*)"', headers)
    return found.group(1) if found else None


def test_the_home_page_shows_posts_newest_first(journal: Journal) -> None:
    posts = [journal.post(f"Post {number}") for number in range(3)]
    home = journal.visitor().get("/").text
    places = [home.index(f'href="{post.path}">{post.title}') for post in posts]
    assert places == sorted(places, reverse=True)


def test_an_empty_journal_says_so(journal: Journal) -> None:
    assert "Nothing has been published yet" in journal.visitor().get("/").text


@pytest.mark.parametrize("path", ["/", "/{post}"])
def test_a_guests_warm_page_costs_one_trip_to_the_cache_and_no_query(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    path = path.replace("/{post}", journal.post().path)
    records = []
    add_headers = "apps.chassis.frame.Frame.add_headers"
    monkeypatch.setattr(add_headers, lambda frame, record, headers: records.append(record))
    for _ in range(2):
        assert journal.visitor().get(path).status_code == 200
    cold, warm = records
    assert (cold.cache, warm.cache) == ("miss", "hit")
    assert cold.queries > 0
    assert (warm.queries, warm.cache_trips, warm.db) == (0, 1, None)


def test_reading_sets_no_cookie(journal: Journal) -> None:
    post = journal.post()
    for path in ("/", post.path, "/feed/", "/sign-in"):
        assert "Set-Cookie" not in journal.visitor().get(path).headers


@over_both
def test_a_post_has_one_address(journal: Journal) -> None:
    post = journal.post("한글")
    guest = journal.visitor()
    assert guest.get(post.path).status_code == 200
    assert guest.get("/1999/01/한글/").status_code == 301
    decomposed = unicodedata.normalize("NFD", post.path)
    answer = guest.get(decomposed)
    assert answer.status_code == 301
    assert guest.get(answer.location or "").status_code == 200
    assert guest.get(post.path.rstrip("/")).status_code == 308


@pytest.mark.parametrize(
    "path", ["/2026/11/nothing/", "/2026/11/" + "x" * 200 + "/", "/26/11/a/", "/2026/1/a/", "/2026/11/a%00b/"]
)
def test_what_is_not_there_is_not_found_and_fills_no_cache(journal: Journal, path: str) -> None:
    assert [journal.visitor().get(path).status_code for _ in range(2)] == [404, 404]


@over_both
def test_older_posts_are_on_pages_of_their_own(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.posts.pages.POSTS_PER_PAGE", 2)
    posts = [journal.post(f"Number {number}") for number in range(5)]
    with journal.writing() as db:
        # Two that share their moment are kept apart by their number.
        moment = posts[0].created_at - timedelta(days=1)
        for post in posts[1:4]:
            db.get_one(Post, post.id).published_at = moment
    path, seen = "/", []
    for _ in range(3):
        page = journal.visitor().get(path).text
        seen.append(sorted(set(re.findall(r">(Number \d)<", page))))
        found = re.search(r'href="([^"]+)" rel="next"', page)
        path = found.group(1) if found else ""
    assert path == ""
    assert sorted(title for titles in seen for title in titles) == [post.title for post in posts]
    assert [len(titles) for titles in seen] == [2, 2, 1]


@pytest.mark.parametrize(
    "mark", ["x", "", "1", "-1", "nan-1", "inf-1", "1e300-1", "1-x", "99999999999999-1", "1e17-1", f"0-{10**30}"]
)
def test_a_made_up_mark_is_not_found(journal: Journal, mark: str) -> None:
    assert journal.visitor().get(f"/?before={mark}").status_code == 404


def test_readers_are_told_what_the_page_says_about_itself(journal: Journal) -> None:
    post = journal.post("On ink", "It is black.")
    page = journal.visitor().get(post.path).text
    assert "<title>On ink · MyWordPress</title>" in page
    assert '<meta name="description" content="It is black.">' in page
    assert f'<link rel="canonical" href="{post.path}">' in page


def test_an_author_sees_the_way_to_the_desk(journal: Journal) -> None:
    post, ann, bo = journal.post(), journal.author(), journal.author("bo@example.com")
    assert "Edit this post" in ann.get(post.path).text
    assert "Edit this post" not in bo.get(post.path).text
    assert "Edit this post" not in journal.visitor().get(post.path).text


class TestWithoutACache:
    @pytest.fixture
    def environ(self) -> dict[str, str]:
        return {"CACHE_URL": "null:"}

    def test_pages_are_the_same(self, journal: Journal) -> None:
        post = journal.post("Uncached")
        assert "Uncached" in journal.visitor().get("/").text
        assert journal.visitor().get(post.path).status_code == 200
        assert journal.visitor().get("/2026/11/nothing/").status_code == 404


class TestWithoutASessionStore:
    @pytest.fixture
    def environ(self) -> dict[str, str]:
        return {"SESSION_URL": "redis://127.0.0.1:1/0"}

    def test_everybody_reads_on_as_a_guest(self, journal: Journal) -> None:
        post, visitor = journal.post(), journal.visitor()
        visitor.client.set_cookie("mywordpress-session", "a" * 43)
        assert visitor.get("/").status_code == 200
        assert visitor.get(post.path).status_code == 200
        assert visitor.get("/posts").status_code in (303, 503)
        assert visitor.sign_in().status_code == 503

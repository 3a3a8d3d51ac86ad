"""The reader's side, and that it is cheap."""

import re
import unicodedata
from datetime import timedelta

import pytest

from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from tests.mywordpress.conftest import Journal, over_both


def test_the_home_page_shows_posts_newest_first(journal: Journal) -> None:
    posts = [journal.post(f"Post {number}") for number in range(3)]
    home = journal.visitor().get("/").text
    places = [home.index(f'href="{post.path}">{post.title}') for post in posts]
    assert places == sorted(places, reverse=True)


def test_an_empty_journal_says_so(journal: Journal) -> None:
    assert "Nothing has been published yet" in journal.visitor().get("/").text


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
def test_what_is_not_there_is_not_found(journal: Journal, path: str) -> None:
    assert [journal.visitor().get(path).status_code for _ in range(2)] == [404, 404]


@over_both
def test_older_posts_are_on_pages_of_their_own(journal: Journal) -> None:
    posts = [journal.post(f"Number {number}") for number in range(5)]
    with journal.writing() as db:
        Options(posts_per_page=2).store(db)
        # Two that share their moment are kept apart by their number.
        moment = posts[0].created_at - timedelta(days=1)
        for post in posts[1:4]:
            db.get_one(Post, post.id).published_at = moment
    path, seen = "/", []
    for _ in range(3):
        page = journal.visitor().get(path).text
        seen.append(sorted(set(re.findall(r">(Number \d)<", page))))
        found = re.search(r'class="pager__next" href="([^"]+)"', page)
        path = found.group(1) if found else ""
    assert path == ""
    assert sorted(title for titles in seen for title in titles) == [post.title for post in posts]
    assert [len(titles) for titles in seen] == [2, 2, 1]


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "1000001", f"{10**30}"])
def test_a_page_that_the_list_has_not_is_not_found(journal: Journal, number: str) -> None:
    journal.post()
    assert journal.visitor().get(f"/page/{number}/").status_code == 404


def test_the_first_page_has_one_address(journal: Journal) -> None:
    answer = journal.visitor().get("/page/1/")
    assert (answer.status_code, answer.location) == (308, "http://localhost/")


def test_readers_are_told_what_the_page_says_about_itself(journal: Journal) -> None:
    post = journal.post("On ink", "It is black.")
    page = journal.visitor().get(post.path).text
    assert "<title>On ink · MyWordPress</title>" in page
    assert '<meta name="description" content="It is black.">' in page
    assert f'<link rel="canonical" href="http://localhost{post.path}">' in page


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

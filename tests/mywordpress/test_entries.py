"""A post or a page by itself: its parts, its password, who may read it, and where it was before."""

import re

import pytest
from sqlalchemy import select

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind, State
from apps.mywordpress.posts.models import Content, Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, Visitor, notice, over_both, user
from tests.mywordpress.test_archives import moment, write


def page(journal: Journal, title: str, body: str = "Words.", parent: Post | None = None, **content: object) -> Post:
    """A published page of Ann's."""
    with journal.writing() as db:
        parent_id = parent.id if parent else None
        made = Post.draft(db, user(db), Content.of(title, body, parent_id=parent_id, **content), Kind.PAGE)  # type: ignore[arg-type]
        made.publish(db)
        assert made.path
    return made


@over_both
def test_a_post_in_parts_shows_one_at_a_time(journal: Journal) -> None:
    path = journal.post("Long", "First.\n\n<!--nextpage-->\n\nSecond.\n\n<!--nextpage-->\n\nThird.").path
    visitor = journal.visitor()
    first, second = visitor.get(path).text, visitor.get(f"{path}2/").text
    assert ("<p>First." in first, "<p>Second." in first) == (True, False)
    assert ("<p>First." in second, "<p>Second." in second) == (False, True)
    assert f'href="{path}3/">3</a>' in second
    assert f'<link rel="canonical" href="http://localhost{path}2/">' in second
    assert visitor.get(f"{path}1/").status_code == 308
    assert [visitor.get(f"{path}{part}/").status_code for part in (0, 4, 10**30)] == [404] * 3


@over_both
def test_a_post_leads_to_those_right_before_and_after_it(journal: Journal) -> None:
    with journal.writing() as db:
        at = moment(2024, 5)
        # Of one moment, so that only their numbers tell which is the older.
        posts = [write(db, f"Post {number}", at=at) for number in range(3)]
        paths = [post.path for post in posts]
        Post.draft(db, user(db), Content.of("Draft", "")).published_at = at
    for number, (before, after) in enumerate([(None, 1), (0, 2), (1, None)]):
        text = journal.visitor().get(paths[number]).text
        found = dict(re.findall(r'class="near__(before|after)" href="([^"]+)"', text))
        assert found.get("before") == (None if before is None else paths[before])
        assert found.get("after") == (None if after is None else paths[after])


def test_a_post_tells_its_terms_and_what_it_is_to_other_programs(journal: Journal) -> None:
    with journal.writing() as db:
        terms = [Term.make(db, Taxonomy.CATEGORY, "Making"), Term.make(db, Taxonomy.TAG, "Ink")]
        path = write(db, 'A "title" </script>', terms=terms, excerpt="In short.").path
    text = journal.visitor().get(path).text
    assert 'href="/category/making/" rel="category tag">Making</a>' in text
    assert 'href="/tag/ink/" rel="tag">Ink</a>' in text
    assert '<meta property="og:title" content="A &#34;title&#34; &lt;/script&gt;">' in text
    assert '<meta property="og:type" content="article">' in text
    assert '"@type": "BlogPosting"' in text
    assert 'type="application/json+oembed"' in text


class TestBehindAPassword:
    @pytest.fixture
    def path(self, journal: Journal) -> str:
        with journal.writing() as db:
            path = write(db, "Hidden", "The secret.", excerpt="A hint.", password="open").path
            write(db, "Same", "Another one.", password="open")
            write(db, "Other", "A third one.", password="shut")
        return path

    def opened(self, journal: Journal, password: str, title: str = "Hidden") -> Visitor:
        visitor = journal.visitor()
        with journal.writing() as db:
            number = db.scalars(select(Post.id).where(Post.title == title)).one()
        visitor.post(f"/posts/{number}/opening", password=password)
        return visitor

    def test_nothing_of_it_is_shown_to_whoever_does_not_know_it(self, journal: Journal, path: str) -> None:
        for address in (path, "/", "/feed/", "/feed/atom/", "/feed/json/", "/search?q=secret", "/search?q=hidden"):
            text = journal.visitor().get(address).text
            assert "The secret." not in text, address
            assert "A hint." not in text, address
        assert [journal.visitor().get(f"{path}{more}/").status_code for more in ("feed", "embed")] == [404, 404]
        assert "Hidden" not in journal.visitor().get("/feed/").text
        assert "Hidden" not in journal.visitor().get("/wp-sitemap-posts-post-1.xml").text

    def test_who_knows_it_reads_all_that_has_the_same_one(self, journal: Journal, path: str) -> None:
        visitor = self.opened(journal, "open")
        answer = visitor.get(path)
        assert "The secret." in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Another one." in visitor.get(path.replace("hidden", "same")).text
        assert "A third one." not in visitor.get(path.replace("hidden", "other")).text

    def test_two_passwords_are_remembered_at_once(self, journal: Journal, path: str) -> None:
        visitor = self.opened(journal, "open")
        with journal.writing() as db:
            number = db.scalars(select(Post.id).where(Post.title == "Other")).one()
        assert visitor.post(f"/posts/{number}/opening", password="shut").status_code == 303
        assert "The secret." in visitor.get(path).text
        assert "A third one." in visitor.get(path.replace("hidden", "other")).text

    def test_a_wrong_one_opens_nothing(self, journal: Journal, path: str) -> None:
        visitor = journal.visitor()
        with journal.writing() as db:
            number = db.scalars(select(Post.id).where(Post.title == "Hidden")).one()
        answer = visitor.post(f"/posts/{number}/opening", password="guess")
        assert (answer.status_code, "This is not the password." in notice(answer)) == (422, True)
        assert "The secret." not in visitor.get(path).text
        assert "no-store" in visitor.get(path).headers["Cache-Control"]

    def test_another_password_closes_it_again(self, journal: Journal, path: str) -> None:
        visitor = self.opened(journal, "open")
        with journal.writing() as db:
            db.scalars(select(Post).where(Post.title == "Hidden")).one().password = "newer"
        assert "The secret." not in visitor.get(path).text

    def test_a_forged_cookie_opens_nothing(self, journal: Journal, path: str) -> None:
        visitor = self.opened(journal, "open")
        cookie = visitor.client.get_cookie("mywordpress-passwords")
        assert cookie is not None
        visitor.client.set_cookie("mywordpress-passwords", f"x{cookie.value}")
        assert "The secret." not in visitor.get(path).text

    @pytest.mark.usefixtures("one_window")
    def test_guessing_is_slowed_down(self, journal: Journal, path: str) -> None:
        visitor = journal.visitor()
        answers = {visitor.post("/posts/1/opening", password=f"{number}").status_code for number in range(21)}
        assert answers == {422, 429}


@over_both
def test_what_is_private_is_read_by_those_who_may_and_kept_for_nobody(journal: Journal) -> None:
    with journal.writing() as db:
        post = Post.draft(db, user(db), Content.of("Private", "For us."))
        post.make_private(db)
        path = post.path
        user(db, "bo").role = Role.SUBSCRIBER
    assert journal.visitor().get(path).status_code == 404
    assert journal.author("bo@example.com").get(path).status_code == 404
    for email in ("ann@example.com", "ada@example.com"):
        answer = journal.author(email).get(path)
        assert "For us." in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Private" not in journal.author().get("/").text


@over_both
def test_pages_stand_below_each_other(journal: Journal) -> None:
    about = page(journal, "About")
    team = page(journal, "Team", parent=about)
    history = page(journal, "History", "Then.\n\n<!--nextpage-->\n\nNow.", parent=team)
    visitor = journal.visitor()
    text = visitor.get(history.path).text
    assert history.path == "/about/team/history/"
    assert '<li><a href="/about/">About</a></li><li><a href="/about/team/">Team</a></li>' in text
    assert '"@type": "BreadcrumbList"' in text
    assert "Now." in visitor.get(f"{history.path}2/").text
    assert 'href="/about/team/">Team</a>' in visitor.get(about.path).text
    for path in ("/team/", "/about/team", "/history/", "/x/y/team/"):
        assert visitor.get(path).status_code == 301, path
    assert visitor.get("/team/history/2/").location == "/about/team/history/2/"
    for path in ("/about/nothing/", "/about/team/history/3/", "/about/page/2/", "/about/0/", "/nothing"):
        assert visitor.get(path).status_code == 404, path


@pytest.mark.parametrize("status", ["draft", "pending", "private", "future", "trash"])
def test_a_page_does_not_tell_of_hidden_ones_above_it(journal: Journal, status: str) -> None:
    plans = page(journal, "Our secret plans", parent=page(journal, "House"))
    garden = page(journal, "Garden", parent=plans)
    with journal.writing() as db:
        db.get_one(Post, plans.id).become(db, status, moment(2099, 1))
        path = db.get_one(Post, garden.id).path
    text = journal.visitor().get(path).text
    assert "secret plans" not in text
    assert '<ol><li><a href="/house/">House</a></li></ol>' in text
    assert "secret plans" not in journal.author("ada@example.com").get(path).text


def test_a_page_whose_name_is_a_number_is_no_part_of_its_parent(journal: Journal) -> None:
    parent = page(journal, "Floors", "Ground.\n\n<!--nextpage-->\n\nPart two.")
    page(journal, "2", "Second floor.", parent)
    assert "Second floor." in journal.visitor().get("/floors/2/").text


def test_a_page_whose_name_is_a_number_takes_no_parts_of_others(journal: Journal) -> None:
    page(journal, "2", "Second floor.", page(journal, "Floors"))
    page(journal, "Long", "First.\n\n<!--nextpage-->\n\nPart two.")
    articles = page(journal, "Articles")
    for number in range(2):
        journal.post(f"Post {number}")
    with journal.writing() as db:
        Options.decide(db, posts_page_id=articles.id, posts_per_page=1)
    visitor = journal.visitor()
    assert "Part two." in visitor.get("/long/2/").text
    assert "Post 0" in visitor.get("/articles/page/2/").text
    # What stood there once is still found.
    assert visitor.get("/house/2/").location == visitor.get("/articles/2/").location == "/floors/2/"


@pytest.mark.parametrize("name", ["404", "7", "12345", "２０２４"])
def test_a_page_may_be_named_by_a_number_that_is_no_year(journal: Journal, name: str) -> None:
    number = page(journal, name, "The number.\n\n<!--nextpage-->\n\nIts second part.")
    below = page(journal, "Why", "Because.", number)
    visitor = journal.visitor()
    assert number.path == f"/{name}/"
    for path, text in ((number.path, "The number."), (f"{number.path}2/", "Its second"), (below.path, "Because.")):
        assert text in visitor.get(path).text, path


def test_no_page_takes_an_address_of_ours(journal: Journal) -> None:
    segments = {rule.rule.split("/")[1] for rule in journal.app.url_map.iter_rules()}
    for name in sorted(segment for segment in segments if segment and "<" not in segment and "." not in segment):
        assert page(journal, name).path not in (f"/{name}/", f"/{name}"), name
    assert page(journal, "2024").path != "/2024/"


def test_an_old_address_leads_to_the_new_one(journal: Journal) -> None:
    post, standing = journal.post("First name"), page(journal, "Old page")
    paths = post.path, standing.path
    with journal.writing() as db:
        for each, slug in ((post, "second-name"), (standing, "new-page")):
            stored = db.get_one(Post, each.id)
            stored.store_under_slug(db, slug)
        stored = db.get_one(Post, post.id)
        stored.date(db, moment(2020, 3))
    visitor = journal.visitor()
    assert visitor.get(paths[0]).location == "/2020/03/second-name/"
    assert visitor.get(paths[0].replace("first-name", "second-name")).location == "/2020/03/second-name/"
    assert visitor.get(paths[1]).location == "/new-page/"
    with journal.writing() as db:
        db.get_one(Post, post.id).unpublish(db)
    assert visitor.get(paths[0]).status_code == 404


@over_both
def test_addresses_without_permalinks_lead_on(journal: Journal) -> None:
    post, standing = journal.post(), page(journal, "About")
    draft = journal.post("Draft", published=False)
    visitor = journal.visitor()
    assert visitor.get(f"/?p={post.id}").location == post.path
    assert visitor.get(f"/?page_id={standing.id}").location == "/about/"
    assert visitor.get("/?s=ink%20%26%20paper").location == "/search?q=ink+%26+paper"
    for query in (f"p={draft.id}", "p=99", "p=x", f"p={10**30}", "page_id="):
        assert visitor.get(f"/?{query}").status_code == 404, query


def test_what_is_not_there_can_be_searched_for(journal: Journal) -> None:
    answer = journal.visitor().get("/2026/11/nothing/")
    assert answer.status_code == 404
    assert 'action="/search"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    told = journal.visitor().get("/nothing", Accept="application/json")
    assert (told.status_code, told.is_json) == (404, True)


def test_a_page_in_the_trash_is_gone(journal: Journal) -> None:
    made = page(journal, "Gone")
    with journal.writing() as db:
        db.get_one(Post, made.id).trash(db)
        assert db.get_one(Post, made.id).state == State.TRASH
    assert journal.visitor().get("/gone/").status_code == 404

"""The list of posts and pages: what is in it for whom, narrowed down, and many changed at once."""

import re
from datetime import timedelta

import pytest

from apps.chassis.columns import now
from apps.chassis.epochs import token_of
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal, Visitor, notice, over_both, user

TITLE = re.compile(r'class="desk-item__title"[^>]*>([^<]*)<')


def titles(visitor: Visitor, path: str = "/posts") -> list[str]:
    return TITLE.findall(visitor.get(path).text)


@pytest.fixture
def contributor(journal: Journal) -> Visitor:
    with journal.writing() as db:
        User.add(db, email="cy@example.com", name="Cy", password_hash=user(db).password_hash, role=Role.CONTRIBUTOR)
    return journal.author("cy@example.com")


@over_both
def test_each_state_has_its_list_and_its_count(journal: Journal) -> None:
    with journal.writing() as db:
        for status in ("draft", "pending", "future", "publish", "private", "trash", "draft"):
            post = Post.draft(db, user(db), Content.of(f"A {status}", ""))
            post.become(db, status, now() + timedelta(days=1) if status == "future" else None)
    ann = journal.author()
    assert titles(ann) == ["A draft", "A private", "A publish", "A future", "A pending", "A draft"]
    for status in ("pending", "future", "publish", "private", "trash"):
        assert titles(ann, f"/posts?status={status}") == [f"A {status}"]
    assert titles(ann, "/posts?status=draft") == ["A draft", "A draft"]
    tabs = re.findall(r'<a href="/posts[^"]*"[^>]*>([^<]+) <span class="tabs__count">(\d+)', ann.get("/posts").text)
    assert dict(tabs) == {
        "All": "6",
        "Published": "1",
        "Scheduled": "1",
        "Waiting for review": "1",
        "Draft": "2",
        "Private": "1",
        "In the trash": "1",
    }
    assert titles(ann, "/posts?status=inherit") == titles(ann)


@over_both
def test_the_list_is_narrowed_by_words_author_category_and_month(journal: Journal) -> None:
    journal.post("Blue ink", "Of oak galls.")
    other = journal.post("Bread", "Flour, water, 소금.")
    with journal.writing() as db:
        term = Term.make(db, Taxonomy.CATEGORY, "Kitchen")
        term_id = term.id
        db.get_one(Post, other.id).set_terms(db, Taxonomy.CATEGORY, [term_id])
        Post.draft(db, user(db, "bo"), Content.of("Bo's", ""))
        bo_id = user(db, "bo").id
    ada = journal.author("ada@example.com")
    for asked, expected in (
        ("q=galls", ["Blue ink"]),
        ("q=소금", ["Bread"]),
        (f"term={term_id}", ["Bread"]),
        (f"author={bo_id}", ["Bo&#39;s"]),
        (f"month={now():%Y-%m}&q=bread", ["Bread"]),
        ("month=1999-01", []),
        ("month=9999-12", ["Bo&#39;s", "Bread", "Blue ink"]),
        ("month=never&author=x&term=y&before=z", ["Bo&#39;s", "Bread", "Blue ink"]),
    ):
        assert titles(ada, f"/posts?{asked}") == expected, asked
    assert "Nothing like that is here" in ada.get("/posts?q=nowhere").text


def test_a_long_list_goes_on_where_it_stopped(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.mywordpress.posts.views.PER_PAGE", 2)
    for number in range(5):
        journal.post(f"Post {number}")
    ann = journal.author()
    seen, path = [], "/posts?status=publish"
    while path:
        page = ann.get(path).text
        seen += TITLE.findall(page)
        older = re.search(r'class="pager__next" href="([^"]+)"', page)
        path = older.group(1).replace("&amp;", "&") if older else ""
    assert seen == [f"Post {number}" for number in range(4, -1, -1)]


@over_both
def test_many_go_to_the_trash_come_back_and_are_deleted_at_once(journal: Journal) -> None:
    ids = [journal.post(f"Post {number}").id for number in range(3)]
    ann = journal.author()
    for act, status in (("trash", "trash"), ("restore", "publish")):
        answer = ann.post("/posts/selection", id=[str(one) for one in ids[:2]], act=act)
        assert answer.status_code == 303
        with journal.writing() as db:
            assert [db.get_one(Post, one).status for one in ids] == [status, status, "publish"]
    ann.post("/posts/selection", id=[str(one) for one in ids[:2]], act="delete")
    assert titles(ann) == ["Post 2"]
    assert "2 posts are deleted" in notice(ann.get("/posts?done=deleted&count=2"))


def test_of_many_those_of_others_are_left_and_that_is_told(journal: Journal) -> None:
    mine = journal.post().id
    with journal.writing() as db:
        theirs = Post.draft(db, user(db, "bo"), Content.of("Theirs", "")).id
    ann = journal.author()
    answer = ann.post("/posts/selection", id=[str(mine), str(theirs), "999"], act="trash")
    assert "Some were left" in notice(ann.get(answer.location or ""))
    with journal.writing() as db:
        assert [db.get_one(Post, one).status for one in (mine, theirs)] == ["trash", "draft"]
    assert ann.post("/posts/selection", id=str(mine), act="explode").status_code == 400


def test_a_post_in_the_trash_is_looked_at_restored_and_not_changed(journal: Journal) -> None:
    post, ann = journal.post("Gone", "Words."), journal.author()
    assert ann.post(f"/posts/{post.id}/trash").location == f"/posts?done=trashed&undo={post.id}"
    assert journal.visitor().get(post.path).status_code == 404
    assert ann.get(f"/posts/{post.id}/edit").location == f"/posts/{post.id}"
    assert "in the trash" in notice(ann.get(f"/posts/{post.id}"))
    refused = ann.post(f"/posts/{post.id}", title="Gone", body="New.", version="1")
    assert (refused.status_code, "in the trash" in notice(refused)) == (409, True)
    assert ann.post(f"/posts/{post.id}/publication").status_code == 409
    ann.post(f"/posts/{post.id}/trash/deletion")
    assert "Words." in journal.visitor().get(post.path).text


def test_pages_have_a_list_of_their_own_with_their_place(journal: Journal) -> None:
    with journal.writing() as db:
        top = Post.draft(db, user(db, "ada"), Content.of("About", ""), Kind.PAGE)
        Post.draft(db, user(db, "ada"), Content.of("Team", "", parent_id=top.id), Kind.PAGE)
    ada = journal.author("ada@example.com")
    assert titles(ada, "/pages") == ["Team", "About"]
    assert "About › " in ada.get("/pages").text
    assert titles(ada) == []
    assert journal.author().get("/pages").status_code == 403


def test_a_contributor_writes_and_submits_but_neither_publishes_nor_uploads(
    journal: Journal, contributor: Visitor
) -> None:
    page = contributor.get("/posts/new").text
    assert (">Publish<" in page, ">Submit for review<" in page, 'name="file"' in page) == (False, True, False)
    answer = contributor.post("/posts", title="Mine", body="Words.", publish="1")
    assert answer.location == "/posts/1/edit?done=submitted"
    assert contributor.post("/posts/1/publication").status_code == 403
    assert contributor.post("/posts", title="Sticky", body="", settings="1", sticky="y").status_code == 303
    with journal.writing() as db:
        assert [(post.status, post.sticky) for post in db.query(Post)] == [("pending", False), ("draft", False)]
        db.get_one(Post, 1).publish(db)
    # What was published is an editor's matter from then on.
    assert contributor.get("/posts/1/edit").status_code == 403
    assert titles(contributor) == ["Sticky", "Mine"]


def test_a_subscriber_has_no_desk(journal: Journal) -> None:
    with journal.writing() as db:
        User.add(db, email="su@example.com", name="Su", password_hash=user(db).password_hash, role=Role.SUBSCRIBER)
    reader = journal.author("su@example.com")
    for path in ("/posts", "/posts/new", "/pages"):
        assert reader.get(path).status_code == 403
    assert reader.post("/posts", title="x", body="y").status_code == 403


def test_who_has_a_post_open_is_told_in_the_list(journal: Journal) -> None:
    post = journal.post()
    ann, ada = journal.author(), journal.author("ada@example.com")
    assert ann.post(f"/posts/{post.id}/presence").json == {"others": [], "version": 1, "told": ""}
    assert "Ann has this open" in ada.get("/posts").text
    assert "has this open" not in ann.get("/posts").text
    ann.post(f"/posts/{post.id}/presence/deletion")
    assert "has this open" not in ada.get("/posts").text


def test_only_what_readers_see_makes_their_pages_out_of_date(journal: Journal) -> None:
    def epoch() -> str:
        with journal.writing() as db:
            return token_of(db)

    ann, began = journal.author(), epoch()
    ann.post("/posts", title="Draft", body="x", settings="1")
    ann.post("/posts/1", title="Draft", body="y", version="1")
    for path in ("autosave", "presence", "review", "trash", "trash/deletion"):
        ann.post(f"/posts/1/{path}", title="Draft", body="z", version="2")
    assert epoch() == began
    for path in ("publication", "trash", "trash/deletion", "publication/deletion"):
        began = epoch()
        assert ann.post(f"/posts/1/{path}").status_code == 303
        assert epoch() != began, path


@pytest.mark.parametrize(
    "path", ["/posts?done=trashed", "/comments?done=spam&count=1", "/terms?done=created", "/media?done=created"]
)
def test_who_hears_the_page_is_taken_to_what_was_done(journal: Journal, path: str) -> None:
    told = re.findall(r'class="notice[^>]*>', journal.author("ada@example.com").get(path).text)
    assert len(told) == 1
    assert 'role="status" tabindex="-1" autofocus' in told[0]

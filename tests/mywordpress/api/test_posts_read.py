"""Reading posts and pages."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Content, Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.conftest import Journal, over_both, user

FIELDS = {
    "id", "date", "date_gmt", "guid", "modified", "modified_gmt", "slug", "status", "type", "link", "title", "content",
    "excerpt", "author", "featured_media", "comment_status", "ping_status", "sticky", "template", "format", "meta",
    "categories", "tags", "class_list", "body_format", "_links",
}  # fmt: skip


def ids(shown: Any) -> list[int]:
    return [one["id"] for one in shown]


def test_a_post_has_the_fields_that_clients_know(journal: Journal, stranger: Program) -> None:
    post = journal.post("A & B", "Some *words*.")
    shown = stranger.shown(f"/posts/{post.id}")
    assert set(shown) == FIELDS
    assert shown["title"] == {"rendered": "A &amp; B"}
    assert shown["content"] == {"rendered": "<p>Some <em>words</em>.</p>\n", "protected": False}
    assert shown["excerpt"] == {"rendered": "<p>Some words.</p>\n", "protected": False}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", shown["date"])
    assert shown["link"] == f"http://localhost{post.path}"
    assert shown["guid"] == {"rendered": f"http://localhost/?p={post.id}"}
    assert (shown["format"], shown["body_format"], shown["comment_status"]) == ("standard", "markdown", "open")
    assert shown["class_list"] == [
        f"post-{post.id}", "post", "type-post", "status-publish", "format-standard", "hentry",
    ]  # fmt: skip


def test_it_links_to_what_belongs_to_it(journal: Journal, stranger: Program) -> None:
    post = journal.post()
    links = stranger.shown(f"/posts/{post.id}")["_links"]
    at = f"http://localhost/wp-json/wp/v2/posts/{post.id}"
    assert links["self"] == [{"href": at}]
    assert links["author"] == [{"embeddable": True, "href": "http://localhost/wp-json/wp/v2/users/1"}]
    assert links["version-history"] == [{"count": 1, "href": f"{at}/revisions"}]
    assert [link["taxonomy"] for link in links["wp:term"]] == ["category", "post_tag"]
    assert links["curies"][0]["name"] == "wp"


def test_contexts_show_different_fields(journal: Journal, stranger: Program, ann: Program) -> None:
    post = journal.post("T", "*x*")
    embedded = stranger.shown(f"/posts/{post.id}?context=embed")
    assert "content" not in embedded
    assert "status" not in embedded
    assert embedded["title"] == {"rendered": "T"}
    edited = ann.shown(f"/posts/{post.id}?context=edit")
    assert edited["content"]["raw"] == "*x*"
    assert edited["password"] == ""
    assert "wp:action-publish" in edited["_links"]
    assert code(stranger.get(f"/posts/{post.id}?context=edit")) == (401, "rest_forbidden_context")
    assert code(stranger.get("/posts?context=edit")) == (401, "rest_forbidden_context")


def test_dates_are_told_by_the_sites_clock_and_in_utc(journal: Journal, stranger: Program) -> None:
    with journal.writing() as db:
        Options(timezone="Asia/Seoul").store(db)
        post = Post.draft(db, user(db), Content.of("T", "x"))
        post.publish(db, datetime(2026, 3, 1, 20, 0, tzinfo=UTC))
    shown = stranger.shown(f"/posts/{post.id}")
    assert (shown["date"], shown["date_gmt"]) == ("2026-03-02T05:00:00", "2026-03-01T20:00:00")


def test_nobody_reads_what_is_not_theirs(journal: Journal, stranger: Program, ann: Program, programs: Any) -> None:
    draft = journal.post(published=False)
    assert code(stranger.get(f"/posts/{draft.id}")) == (401, "rest_forbidden")
    assert code(programs(Role.CONTRIBUTOR).get(f"/posts/{draft.id}")) == (403, "rest_forbidden")
    assert ann.shown(f"/posts/{draft.id}")["status"] == "draft"
    assert ann.shown(f"/posts/{draft.id}")["link"] == f"http://localhost/?p={draft.id}"
    for missing in ("/posts/999", "/posts/0", f"/pages/{draft.id}", "/posts/99999999999999999999999"):
        assert code(stranger.get(missing)) == (404, "rest_post_invalid_id")


def test_lists_are_paged_with_headers(journal: Journal, stranger: Program) -> None:
    for number in range(5):
        journal.post(f"Post {number}")
    first = stranger.get("/posts?per_page=2&orderby=id&order=asc")
    assert ids(first.json) == [1, 2]
    assert (first.headers["X-WP-Total"], first.headers["X-WP-TotalPages"]) == ("5", "3")
    at = "http://localhost/wp-json/wp/v2/posts?per_page=2&orderby=id&order=asc"
    assert f'<{at}&page=2>; rel="next"' in first.headers["Link"]
    middle = stranger.get("/posts?per_page=2&orderby=id&order=asc&page=2")
    assert f'<{at}&page=1>; rel="prev", <{at}&page=3>; rel="next"' in middle.headers["Link"]
    assert ids(stranger.shown("/posts?per_page=2&offset=3&orderby=id&order=asc")) == [4, 5]
    assert code(stranger.get("/posts?per_page=2&page=4")) == (400, "rest_post_invalid_page_number")
    assert code(stranger.get("/posts?page=9223372036854775807")) == (400, "rest_post_invalid_page_number")
    assert stranger.shown("/posts?offset=9223372036854775807") == []


@over_both
def test_lists_are_narrowed_down(journal: Journal, stranger: Program) -> None:
    with journal.writing() as db:
        shelf = Term.make(db, Taxonomy.CATEGORY, "Shelf")
        board = Term.make(db, Taxonomy.CATEGORY, "Board", parent=shelf)
        red, blue = (Term.make(db, Taxonomy.TAG, name) for name in ("Red", "Blue"))
        made: list[Post] = []
        for number, author in enumerate(("ann", "bo", "ann")):
            post = Post.draft(db, user(db, author), Content.of(f"Title {number}", "words", sticky=number == 2))
            post.publish(db, datetime(2026, number + 1, 1, tzinfo=UTC))
            made.append(post)
        one, two, three = (post.id for post in made)
        made[0].set_terms(db, Taxonomy.CATEGORY, [board.id])
        made[0].set_terms(db, Taxonomy.TAG, [red.id, blue.id])
        made[1].set_terms(db, Taxonomy.TAG, [red.id])
        ann, bo = user(db).id, user(db, "bo").id
    asked = {
        "": [three, two, one],
        "order=asc": [one, two, three],
        f"include={three},{one}&orderby=include": [three, one],
        f"exclude={two}": [three, one],
        f"author={bo}": [two],
        f"author_exclude={bo}": [three, one],
        "slug=title-1": [two],
        "slug[]=title-0&slug[]=title-2&orderby=include_slugs": [one, three],
        "after=2026-02-01T00:00:00": [three],
        "before=2026-02-01T00:00:00Z": [one],
        "modified_after=2020-01-01T00:00:00&modified_before=2099-01-01T00:00:00": [three, two, one],
        f"categories={board.id}": [one],
        f"categories={shelf.id}": [],
        f"categories[terms]={shelf.id}&categories[include_children]=true": [one],
        f"categories_exclude={board.id}": [three, two],
        f"tags={red.id},{blue.id}": [two, one],
        f"tags[terms]={red.id},{blue.id}&tags[operator]=AND": [one],
        f"tags_exclude={red.id}": [three],
        f"tags={red.id}&categories={board.id}": [one],
        f"tags={red.id}&categories={board.id}&tax_relation=OR": [two, one],
        "sticky=true": [three],
        "sticky=false": [two, one],
        "search=title 1": [two],
        "search=title&orderby=relevance": [three, two, one],
        "search=...": [],
        "format=standard": [three, two, one],
        "format=quote": [],
        "orderby=title&order=asc": [one, two, three],
        "orderby=author&order=asc": [one, three, two] if ann < bo else [two, one, three],
        "orderby=slug": [three, two, one],
        "orderby=modified&order=asc": [one, two, three],
    }
    assert {query: ids(stranger.shown(f"/posts?{query}")) for query in asked} == asked


def test_orders_need_what_they_order_by(stranger: Program) -> None:
    assert code(stranger.get("/posts?orderby=relevance")) == (400, "rest_no_search_term_defined")
    assert code(stranger.get("/posts?orderby=include")) == (400, "rest_orderby_include_missing_include")


def test_statuses_are_for_writers(journal: Journal, stranger: Program, ann: Program, ada: Program) -> None:
    draft, shown = journal.post(published=False), journal.post()
    refused = stranger.get("/posts?status=draft")
    assert code(refused) == (400, "rest_invalid_param")
    assert refused.json is not None
    assert refused.json["data"]["details"]["status"]["code"] == "rest_forbidden_status"
    assert ids(ann.shown("/posts?status=draft")) == [draft.id]
    assert ids(ada.shown("/posts?status=any&orderby=id")) == [shown.id, draft.id]
    assert ids(ada.shown("/posts?status[]=draft&status[]=publish&orderby=id")) == [shown.id, draft.id]
    assert code(ada.get("/posts?status=nothing")) == (400, "rest_invalid_param")
    assert ids(stranger.shown("/posts")) == [shown.id]


def test_drafts_of_others_are_left_out(journal: Journal, programs: Any) -> None:
    journal.post(published=False)
    assert programs(Role.AUTHOR).shown("/posts?status=draft") == []


def test_the_link_of_what_is_private_leads_there(journal: Journal, ann: Program) -> None:
    link = ann.made("/posts", title="T", content="For us.", status="private")["link"]
    assert "For us." in journal.author().get(link).text
    assert journal.visitor().get(link).status_code == 404


def test_a_password_keeps_the_text(journal: Journal, stranger: Program, ann: Program) -> None:
    made = ann.made("/posts", title="T", content="Secret", excerpt="Hidden", status="publish", password="open")
    path = f"/posts/{made['id']}"
    hidden = stranger.shown(path)
    assert hidden["content"] == {"rendered": "", "protected": True}
    assert hidden["excerpt"] == {"rendered": "", "protected": True}
    assert "Secret" in stranger.shown(f"{path}?password=open")["content"]["rendered"]
    assert code(stranger.get(f"{path}?password=wrong")) == (403, "rest_post_incorrect_password")
    assert "Secret" in ann.shown(f"{path}?context=edit")["content"]["rendered"]
    assert "Secret" not in stranger.get("/posts?_embed").text + stranger.get("/search?search=T&_embed").text


def test_a_list_for_editors_has_only_what_they_may_edit(journal: Journal, ann: Program, programs: Any) -> None:
    made = ann.made("/posts", title="T", content="Secret", status="publish", password="open")
    contributor, editor = programs(Role.CONTRIBUTOR), programs(Role.EDITOR)
    own = contributor.made("/posts", title="Mine")
    path = "/posts?context=edit&status=publish,draft"
    for other in (contributor, programs(Role.AUTHOR)):
        answer = other.get(path)
        assert "Secret" not in answer.text
        assert made["id"] not in ids(answer.json)
        assert answer.headers["X-WP-Total"] == str(len(answer.json))
    assert ids(contributor.shown(path)) == [own["id"]]
    assert [one["password"] for one in ann.shown(path)] == ["open"]
    assert sorted(ids(editor.shown(path))) == sorted([made["id"], own["id"]])
    # Once an editor has published it, a contributor may only read it, even if it was trashed since.
    editor.put(f"/posts/{own['id']}", status="publish")
    assert contributor.shown(path) == []
    editor.delete(f"/posts/{own['id']}")
    assert contributor.shown("/posts?context=edit&status=trash") == []


@pytest.mark.usefixtures("one_window")
def test_whoever_guesses_passwords_is_slowed_down(journal: Journal, stranger: Program, ann: Program) -> None:
    made = ann.made("/posts", title="T", content="Secret", status="publish", password="open")["id"]
    ann.made("/posts", title="Open to all", status="publish")
    paths = f"/posts/{made}?", "/posts?", f"/comments?post={made}&"
    answers = [stranger.get(f"{paths[number % 3]}password=x{number}").status_code for number in range(31)]
    assert (answers[0], answers[-1]) == (403, 429)
    # Not even the right one tells any more that it is right.
    assert [stranger.get(f"{path}password=open").status_code for path in paths] == [429] * 3


def test_no_search_tells_what_is_behind_a_password(
    journal: Journal, stranger: Program, ann: Program, programs: Any
) -> None:
    made = ann.made("/posts", title="T", content="Chanterelles", status="publish", password="open")["id"]
    others, editors = programs(Role.AUTHOR), programs(Role.EDITOR)
    for path in ("/posts?search=chanterelles", "/search?search=chanterelles"):
        assert [ids(who.shown(path)) for who in (stranger, others, ann, editors)] == [[], [], [made], [made]]


def test_pages_stand_below_one_another(journal: Journal, stranger: Program, ada: Program) -> None:
    above = ada.made("/pages", title="About", status="publish", menu_order=2)
    below = ada.made("/pages", title="Team", status="publish", parent=above["id"], menu_order=1)
    assert below["link"] == "http://localhost/about/team/"
    assert ids(stranger.shown(f"/pages?parent={above['id']}")) == [below["id"]]
    assert ids(stranger.shown("/pages?parent=0")) == [above["id"]]
    assert ids(stranger.shown(f"/pages?parent_exclude={above['id']}")) == [above["id"]]
    assert ids(stranger.shown("/pages?orderby=menu_order&order=asc")) == [below["id"], above["id"]]
    assert ids(stranger.shown("/pages?menu_order=2")) == [above["id"]]
    shown = stranger.shown(f"/pages/{below['id']}?_embed=up")
    assert (shown["parent"], shown["menu_order"]) == (above["id"], 1)
    assert shown["_embedded"]["up"][0]["title"]["rendered"] == "About"
    assert "categories" not in shown
    assert "sticky" not in shown


def test_ten_posts_with_all_that_belongs_to_them_take_few_queries(journal: Journal, stranger: Program) -> None:
    def many(start: int, count: int) -> None:
        with journal.writing() as db:
            for number in range(start, start + count):
                author = user(db, ("ann", "bo", "ada")[number % 3])
                post = Post.draft(db, author, Content.of(f"Post {number}", "words"))
                post.set_terms(db, Taxonomy.CATEGORY, [Term.named(db, Taxonomy.CATEGORY, f"Shelf {number}").id])
                post.set_terms(db, Taxonomy.TAG, [Term.named(db, Taxonomy.TAG, f"Word {number % 4}").id])
                post.publish(db)

    many(0, 2)

    def queries() -> int:
        answer = stranger.get("/posts?_embed")
        found = re.search(r"(\d+) queries", answer.headers["Server-Timing"])
        assert found is not None
        assert answer.status_code == 200
        return int(found[1])

    few = queries()
    many(2, 8)
    assert len(stranger.shown("/posts?_embed")) == 10
    assert queries() == few <= 12

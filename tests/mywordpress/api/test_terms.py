"""Categories and tags by the API."""

from typing import Any

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.conftest import Journal, over_both


def names(shown: Any) -> list[str]:
    return [one["name"] for one in shown]


@over_both
def test_a_category_is_made_changed_and_deleted(ada: Program, stranger: Program) -> None:
    above = ada.made("/categories", name="Above")
    made = ada.made("/categories", name="Below", slug="under", description="D", parent=above["id"])
    assert made["link"] == "http://localhost/category/above/under/"
    assert (made["taxonomy"], made["count"], made["parent"]) == ("category", 0, above["id"])
    assert made["_links"]["up"][0]["embeddable"] is True
    changed = ada.put(f"/categories/{made['id']}", name="Renamed", parent=0).json
    assert (changed["name"], changed["slug"], changed["description"], changed["parent"]) == ("Renamed", "under", "D", 0)
    assert code(ada.put(f"/categories/{above['id']}", parent=above["id"])) == (400, "rest_term_invalid")
    assert code(ada.delete(f"/categories/{made['id']}")) == (501, "rest_trash_not_supported")
    gone = ada.delete(f"/categories/{made['id']}?force=true").json
    assert (gone["deleted"], gone["previous"]["name"]) == (True, "Renamed")
    assert code(stranger.get(f"/categories/{made['id']}")) == (404, "rest_term_invalid")


def test_a_name_that_is_taken_tells_by_whom(ada: Program) -> None:
    made = ada.made("/tags", name="Red")
    answer = ada.post("/tags", name="red")
    assert code(answer) == (400, "term_exists")
    body: Any = answer.json
    assert body["data"]["term_id"] == made["id"]
    other = ada.made("/tags", name="Blue")
    assert code(ada.put(f"/tags/{other['id']}", name="Red")) == (400, "term_exists")
    assert code(ada.post("/tags", name=" ")) == (400, "empty_term_name")
    assert code(ada.post("/tags")) == (400, "rest_missing_callback_param")


def test_taxonomies_are_apart(ada: Program) -> None:
    tag = ada.made("/tags", name="Red")
    assert code(ada.get(f"/categories/{tag['id']}")) == (404, "rest_term_invalid")
    assert code(ada.post("/categories", name="C", parent=tag["id"])) == (400, "rest_term_invalid")
    assert "parent" not in tag


def test_the_default_category_stays(journal: Journal, ada: Program) -> None:
    made = ada.made("/categories", name="Usual")
    with journal.writing() as db:
        Options(default_category_id=made["id"]).store(db)
    assert code(ada.delete(f"/categories/{made['id']}?force=true")) == (403, "rest_cannot_delete")


def test_writers_make_tags_and_keepers_make_categories(programs: Any, stranger: Program) -> None:
    contributor, editor = programs(Role.CONTRIBUTOR), programs(Role.EDITOR)
    tag = contributor.made("/tags", name="Red")
    assert code(contributor.put(f"/tags/{tag['id']}", name="Blue")) == (403, "rest_cannot_update")
    assert code(contributor.delete(f"/tags/{tag['id']}?force=1")) == (403, "rest_cannot_delete")
    assert code(contributor.post("/categories", name="C")) == (403, "rest_cannot_create")
    assert code(contributor.get("/tags?context=edit")) == (403, "rest_forbidden_context")
    assert code(contributor.get(f"/tags/{tag['id']}?context=edit")) == (403, "rest_forbidden_context")
    assert editor.made("/categories", name="C")["name"] == "C"
    assert code(stranger.post("/tags", name="Green")) == (401, "rest_cannot_create")


def test_lists_are_narrowed_down_and_ordered(journal: Journal, stranger: Program) -> None:
    post, draft = journal.post(), journal.post(published=False)
    with journal.writing() as db:
        one, two, three = (Term.make(db, Taxonomy.CATEGORY, name) for name in ("One", "Two", "Three"))
        four = Term.make(db, Taxonomy.CATEGORY, "Four", parent=one, description="About")
        db.get_one(Post, post.id).set_terms(db, Taxonomy.CATEGORY, [two.id, three.id])
        db.get_one(Post, draft.id).set_terms(db, Taxonomy.CATEGORY, [one.id])
    asked = {
        "": ["Four", "One", "Three", "Two"],
        "order=desc&per_page=2": ["Two", "Three"],
        "hide_empty=true": ["Three", "Two"],
        f"post={post.id}": ["Three", "Two"],
        f"parent={one.id}": ["Four"],
        "parent=0": ["One", "Three", "Two"],
        "search=tw": ["Two"],
        "slug=one,two": ["One", "Two"],
        "slug=two,one&orderby=include_slugs": ["Two", "One"],
        f"include={two.id},{one.id}&orderby=include": ["Two", "One"],
        f"exclude={two.id},{one.id}": ["Four", "Three"],
        "orderby=id": ["One", "Two", "Three", "Four"],
        "orderby=slug&order=desc": ["Two", "Three", "One", "Four"],
        "orderby=count&order=desc&per_page=2": ["Three", "Two"],
    }
    assert {query: names(stranger.shown(f"/categories?{query}")) for query in asked} == asked
    counts = {term["name"]: term["count"] for term in stranger.shown("/categories")}
    assert counts == {"One": 0, "Two": 1, "Three": 1, "Four": 0}
    assert stranger.get("/categories?page=9").headers["X-WP-TotalPages"] == "1"
    assert code(stranger.get(f"/categories?post={draft.id}")) == (404, "rest_post_invalid_id")
    assert stranger.shown(f"/categories/{four.id}?_embed")["_embedded"]["up"][0]["name"] == "One"


def test_terms_come_along_with_posts(journal: Journal, ann: Program, stranger: Program) -> None:
    with journal.writing() as db:
        shelf, red = Term.make(db, Taxonomy.CATEGORY, "Shelf").id, Term.make(db, Taxonomy.TAG, "Red").id
    post = ann.made("/posts", title="T", status="publish", categories=[shelf], tags=[red])
    shown = stranger.shown(f"/posts/{post['id']}?_embed=wp:term,author")["_embedded"]
    assert [[one["name"] for one in group] for group in shown["wp:term"]] == [["Shelf"], ["Red"]]
    assert set(shown["wp:term"][0][0]) == {"id", "link", "name", "slug", "taxonomy", "_links"}
    assert shown["author"][0]["name"] == "Ann"
    assert set(shown) == {"wp:term", "author"}

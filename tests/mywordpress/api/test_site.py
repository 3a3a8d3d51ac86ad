"""What holds for the whole site: types, statuses, taxonomies, the search, settings."""

from typing import Any

import pytest

from apps.mywordpress.options.models import Options
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.api.conftest import Program, code
from tests.mywordpress.conftest import Journal, over_both


def test_types_tell_where_their_routes_are(stranger: Program, ann: Program) -> None:
    types = stranger.shown("/types")
    assert {name: one["rest_base"] for name, one in types.items()} == {
        "post": "posts",
        "page": "pages",
        "attachment": "media",
    }
    assert types["post"]["_links"]["wp:items"] == [{"href": "http://localhost/wp-json/wp/v2/posts"}]
    assert ann.shown("/types/page?context=edit")["supports"]["page-attributes"] is True
    assert code(stranger.get("/types?context=edit")) == (401, "rest_cannot_view")
    assert code(stranger.get("/types/post?context=edit")) == (401, "rest_forbidden_context")
    assert code(stranger.get("/types/nothing")) == (404, "rest_type_invalid")


def test_statuses_of_what_is_hidden_are_for_writers(stranger: Program, ann: Program) -> None:
    assert set(stranger.shown("/statuses")) == {"publish"}
    assert set(ann.shown("/statuses")) == {"publish", "future", "draft", "pending", "private", "trash"}
    assert code(stranger.get("/statuses/draft")) == (401, "rest_cannot_read_status")
    assert ann.shown("/statuses/draft")["name"] == "Draft"
    assert code(ann.get("/statuses/nothing")) == (404, "rest_status_invalid")


def test_taxonomies_tell_what_they_sort(stranger: Program) -> None:
    assert set(stranger.shown("/taxonomies")) == {"category", "post_tag"}
    assert stranger.shown("/taxonomies?type=page") == {}
    assert stranger.shown("/taxonomies/category")["hierarchical"] is True
    assert code(stranger.get("/taxonomies/nothing")) == (404, "rest_taxonomy_invalid")


@over_both
def test_one_search_finds_everything(journal: Journal, ada: Program, stranger: Program) -> None:
    with journal.writing() as db:
        Term.make(db, Taxonomy.CATEGORY, "Lighthouses")
    post = ada.made("/posts", title="The lighthouse", status="publish", format="quote")
    page = ada.made("/pages", title="A lighthouse page", status="publish")
    ada.made("/posts", title="A lighthouse in a drawer")

    def found(query: str) -> list[tuple[Any, str]]:
        return [(one["id"], one["subtype"]) for one in stranger.shown(f"/search?{query}")]

    assert set(found("search=lighthouse")) == {(post["id"], "post"), (page["id"], "page")}
    assert found("search=lighthouse&subtype=page") == [(page["id"], "page")]
    assert found(f"exclude={page['id']}") == [(post["id"], "post")]
    assert found(f"include={page['id']}") == [(page["id"], "page")]
    assert found("search=...") == []
    terms = stranger.shown("/search?search=light&type=term&_embed")
    assert [(one["title"], one["url"]) for one in terms] == [
        ("Lighthouses", "http://localhost/category/lighthouses/"),
    ]
    assert terms[0]["_embedded"]["self"][0]["name"] == "Lighthouses"
    assert stranger.shown("/search?type=post-format")[0]["id"] == "quote"
    whole = stranger.shown("/search?search=lighthouse&subtype=post&_embed")[0]
    assert whole["_embedded"]["self"][0]["id"] == post["id"]
    assert (whole["type"], whole["url"]) == ("post", post["link"])
    assert code(stranger.get("/search?page=5")) == (400, "rest_search_invalid_page_number")


def test_settings_are_read_and_decided(journal: Journal, ada: Program, stranger: Program) -> None:
    page = ada.made("/pages", title="First", status="publish")["id"]
    shelf = ada.made("/categories", name="Shelf")["id"]
    before = ada.shown("/settings")
    assert (before["title"], before["posts_per_page"], before["show_on_front"]) == ("MyWordPress", 10, "posts")
    sent = {"title": "New", "timezone": "Asia/Seoul", "page_on_front": page, "default_category": shelf}
    after = ada.put("/settings", **sent, default_comment_status="closed").json
    assert {name: after[name] for name in sent} == sent
    assert (after["show_on_front"], after["default_comment_status"]) == ("page", "closed")
    assert stranger.shown("/wp-json/")["gmt_offset"] == "9"
    with journal.writing() as db:
        assert Options.read(db).title == "New"
    assert ada.put("/settings", show_on_front="posts").json["page_on_front"] == 0
    assert ada.put("/settings", **ada.shown("/settings")).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"url": "https://elsewhere.example"},
        {"date_format": "Y"},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../etc/passwd"},
        {"timezone": "Europe"},
        {"posts_per_page": 0},
        {"page_on_front": 99},
        {"default_category": 99},
        {"title": "x" * 201},
    ],
)
def test_what_cannot_be_decided_is_refused(ada: Program, sent: dict[str, Any]) -> None:
    assert code(ada.put("/settings", **sent)) == (400, "rest_invalid_param")


def test_settings_are_for_administrators(ann: Program, stranger: Program) -> None:
    assert code(ann.get("/settings")) == (403, "rest_forbidden")
    assert code(stranger.put("/settings", title="x")) == (401, "rest_forbidden")

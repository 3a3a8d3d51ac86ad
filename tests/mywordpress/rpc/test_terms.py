"""`wp.*` of taxonomies, categories and tags, and of what else there is on a site."""

from dataclasses import replace

from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options
from apps.mywordpress.terms.models import Taxonomy, Term
from tests.mywordpress.conftest import Journal
from tests.mywordpress.rpc.conftest import Program, Programs


def test_a_category_is_made_changed_moved_and_deleted(journal: Journal, ada: Program) -> None:
    above = ada.wp("newTerm", {"taxonomy": "category", "name": "Above"})
    below = ada.wp(
        "newTerm", {"taxonomy": "category", "name": "Below", "parent": above, "slug": "deep", "description": "About."}
    )
    told = ada.wp("getTerm", "category", below)
    assert told == {
        "term_id": below,
        "name": "Below",
        "slug": "deep",
        "term_group": "0",
        "term_taxonomy_id": below,
        "taxonomy": "category",
        "description": "About.",
        "parent": above,
        "count": 0,
        "filter": "raw",
        "custom_fields": [],
    }
    assert ada.wp("editTerm", below, {**told, "name": "Renamed", "parent": 0}) is True
    assert (ada.wp("getTerm", "category", below)["name"], ada.wp("getTerm", "category", below)["parent"]) == (
        "Renamed",
        "0",
    )
    assert journal.visitor().get("/category/deep/").status_code == 200
    assert ada.wp("deleteTerm", "category", below) is True
    assert [term["name"] for term in ada.wp("getTerms", "category")] == ["Above"]


def test_terms_are_searched_and_put_in_order(journal: Journal, ann: Program) -> None:
    with journal.writing() as db:
        for name in ("Beta", "alpha", "Gamma"):
            Term.make(db, Taxonomy.TAG, name)

    def names(**filter: object) -> list[str]:
        return [term["name"] for term in ann.wp("getTerms", "post_tag", filter)]

    ann.wp("newPost", {"post_title": "Filed", "post_status": "publish", "terms_names": {"post_tag": ["Gamma"]}})
    assert names() == ["alpha", "Beta", "Gamma"]
    assert names(order="DESC", number=2) == ["Gamma", "Beta"]
    assert names(orderby="term_id", offset=1) == ["alpha", "Gamma"]
    assert names(search="ET") == ["Beta"]
    assert names(hide_empty=True) == ["Gamma"]
    tags = ann.wp("getTags")
    assert [(tag["name"], tag["count"]) for tag in tags] == [("alpha", 0), ("Beta", 0), ("Gamma", 1)]
    assert tags[2]["html_url"] == "http://localhost/tag/gamma/"


def test_what_cannot_be_a_term_is_refused(journal: Journal, ada: Program) -> None:
    first = ada.wp("newTerm", {"taxonomy": "category", "name": "First"})
    refused = [
        ({"taxonomy": "planet", "name": "x"}, 403),
        ({"taxonomy": "category", "name": " "}, 403),
        ({"taxonomy": "category", "name": "first"}, 500),
        ({"taxonomy": "category", "name": "x" * 201}, -32602),
        ({"taxonomy": "category", "name": "x", "parent": 99}, 403),
        ({"taxonomy": "post_tag", "name": "x", "parent": first}, 403),
    ]
    for content, code in refused:
        assert ada.wp_fault("newTerm", content) == code
    assert ada.wp_fault("editTerm", first, {"taxonomy": "category", "parent": first}) == 403
    assert ada.wp_fault("editTerm", first, {"taxonomy": "post_tag", "name": "x"}) == 404
    assert ada.wp_fault("getTerm", "category", 99) == 404
    assert ada.wp_fault("getTerms", "planet") == 403
    assert len(ada.wp("getTerms", "category")) == 1


def test_who_may_keep_the_shelves(program: Programs, ann: Program) -> None:
    sue, eve = program("sue", Role.SUBSCRIBER), program("eve", Role.EDITOR)
    category = eve.wp("newTerm", {"taxonomy": "category", "name": "Notes"})
    assert ann.wp("newTerm", {"taxonomy": "post_tag", "name": "A tag"})
    assert ann.wp_fault("newTerm", {"taxonomy": "category", "name": "Mine"}) == 401
    assert ann.wp_fault("editTerm", category, {"taxonomy": "category", "name": "Mine"}) == 401
    assert ann.wp_fault("deleteTerm", "category", category) == 401
    assert ann.wp_fault("newCategory", {"name": "Mine"}) == 401
    assert ann.wp_fault("deleteCategory", category) == 401
    for method in ("getTags", "getCategories", "getPostStatusList", "getPostFormats", "getAuthors"):
        assert sue.wp_fault(method) == 401
    assert sue.wp_fault("getTerms", "category") == 401
    assert sue.wp_fault("suggestCategories", "No", 5) == 401
    assert sue.wp("getTaxonomies") == []


def test_categories_have_methods_of_their_own(ada: Program) -> None:
    notes = ada.wp("newCategory", {"name": "Notes", "slug": "my-notes"})
    assert ada.wp("newCategory", {"name": "notes"}) == notes
    below = ada.wp("newCategory", {"name": "Tides and notes", "parent_id": notes})
    assert ada.wp("getTerm", "category", below)["parent"] == str(notes)
    assert [one["category_name"] for one in ada.wp("suggestCategories", "note", 5)] == ["Notes", "Tides and notes"]
    assert len(ada.wp("suggestCategories", "note", 1)) == 1
    assert ada.wp("deleteCategory", notes) is True
    assert ada.wp("getTerm", "category", below)["parent"] == "0"


def test_the_default_category_stays(journal: Journal, ada: Program, ann: Program) -> None:
    usual = ada.wp("newCategory", {"name": "Usual"})
    with journal.writing() as db:
        replace(Options.read(db), default_category_id=usual).store(db)
    assert ada.wp_fault("deleteTerm", "category", usual) == 401
    ann.wp("newPost", {"post_title": "Unfiled"})
    assert [term["name"] for term in ann.wp("getPost", 1)["terms"]] == ["Usual"]


def test_types_taxonomies_statuses_and_formats_are_told(ann: Program, ada: Program) -> None:
    assert set(ann.wp("getPostTypes")) == {"post"}
    assert set(ada.wp("getPostTypes")) == {"post", "page"}
    told = ada.wp("getPostType", "page")
    assert (told["hierarchical"], told["labels"]["name"], told["taxonomies"]) == (True, "Pages", [])
    assert told["cap"]["edit_others_posts"] == "edit_others_pages"
    assert "cap" not in ada.wp("getPostType", "page", ["menu"])
    assert ann.wp_fault("getPostType", "page") == 401
    assert ann.wp_fault("getPostType", "planet") == 403
    assert [one["name"] for one in ann.wp("getTaxonomies")] == ["category", "post_tag"]
    assert ann.wp("getTaxonomy", "category")["object_type"] == ["post"]
    assert ann.wp_fault("getTaxonomy", "planet") == 403
    assert ann.wp("getPostStatusList")["pending"] == "Pending Review"
    assert ann.wp("getPostFormats")["quote"] == "Quote"
    assert "standard" not in ann.wp("getPostFormats", {"show-supported": True})["supported"]

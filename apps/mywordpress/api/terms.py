"""Categories and tags."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, func, select, true

from apps.mywordpress.api.asked import Asked, Field, Item, Link, Reply, Resource, with_items
from apps.mywordpress.api.asked import found as row_of
from apps.mywordpress.api.errors import ApiError, refused
from apps.mywordpress.api.paging import CHOSEN, PAGING, arranged, listed, narrowed, ordered, searched
from apps.mywordpress.api.schema import Schema, array, boolean, integer, record, string
from apps.mywordpress.api.shapes import linked
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.refiling import published_counts
from apps.mywordpress.terms.models import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_SLUG,
    Taxonomy,
    Term,
)
from apps.mywordpress.terms.trees import Tree

BASES = {Taxonomy.CATEGORY: "categories", Taxonomy.TAG: "tags"}
# As WordPress shows them within a post.
MOST_EMBEDDED = 10


def _link(asked: Asked, term: Term) -> str:
    name = f"tree-{term.taxonomy}"
    if name not in asked.loaded:
        asked.loaded[name] = Tree.load(asked.db, term.taxonomy) if term.taxonomy == Taxonomy.CATEGORY else Tree([])
    tree: Tree = asked.loaded[name]
    # Tags stand below nothing.
    tree = tree if term.taxonomy == Taxonomy.CATEGORY else Tree([term])
    return asked.url(tree.node(term.id).path)


SHARED = (
    Field("id", integer("Unique identifier."), lambda asked, term: term.id),
    Field(
        "count",
        integer("How many published posts have it."),
        lambda asked, term: asked.loaded["counts"].get(term.id, 0),
        "view edit",
    ),
    Field(
        "description",
        string("What it is about.", maxLength=LONGEST_DESCRIPTION),
        lambda asked, term: term.description,
        "view edit",
        writable=True,
    ),
    Field("link", string("Where readers find its posts.", format="uri"), _link),
    Field("name", string("Its name.", maxLength=LONGEST_NAME), lambda asked, term: term.name, writable=True),
    Field(
        "slug", string("Its name in addresses.", maxLength=LONGEST_SLUG), lambda asked, term: term.slug, writable=True
    ),
    Field("taxonomy", string("Its taxonomy."), lambda asked, term: term.taxonomy),
)
META = Field("meta", record({}, "Fields of others."), lambda asked, term: {}, "view edit", writable=True)
PARENT = Field(
    "parent",
    integer("The term that it stands below, 0 for none."),
    lambda asked, term: term.parent_id or 0,
    "view edit",
    writable=True,
)
RESOURCES = {
    Taxonomy.CATEGORY: Resource("category", (*SHARED, PARENT, META)),
    Taxonomy.TAG: Resource("tag", (*SHARED, META)),
}
LISTED: Mapping[str, Schema] = {
    **PAGING,
    **CHOSEN,
    **ordered(("id", "include", "name", "slug", "include_slugs", "term_group", "description", "count"), "name", "asc"),
    "hide_empty": boolean("Without those that no published post has.", default=False),
    "post": integer("Only those of this post.", default=None),
    "slug": array({"type": "string", "maxLength": LONGEST_SLUG}, "Only these names in addresses."),
}
BELOW: Mapping[str, Schema] = {"parent": integer("Only those right below this one.")}


def items(asked: Asked, terms: Collection[Term]) -> list[Item]:
    """Terms with their counts, in a fixed number of queries."""
    if asked.context != "embed" and asked.wants("count"):
        asked.loaded["counts"] = published_counts(asked.db, [term.id for term in terms])
    return [_item(asked, term) for term in terms]


def _item(asked: Asked, term: Term) -> Item:
    taxonomy = Taxonomy(term.taxonomy)
    at = asked.api(f"/{BASES[taxonomy]}")
    links = {
        "self": [Link(f"{at}/{term.id}")],
        "collection": [Link(at)],
        "about": [Link(asked.api(f"/taxonomies/{term.taxonomy}"))],
        "wp:post_type": [Link(asked.api(f"/posts?{BASES[taxonomy]}={term.id}"))],
    }
    if term.parent_id:
        links["up"] = [Link(f"{at}/{term.parent_id}", ("term", term.parent_id))]
    return Item(RESOURCES[taxonomy].show(asked, term), links)


def embedded(asked: Asked, ids: Collection[int]) -> Mapping[int, Any]:
    """Terms within other things."""
    terms = asked.db.scalars(select(Term).where(Term.id.in_(ids))).all()
    return {term.id: linked(one) for term, one in zip(terms, items(asked, terms), strict=True)}


def of_posts(asked: Asked, keys: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], Any]:
    """The terms of posts, by post and taxonomy."""
    ids = {post_id for post_id, _ in keys}
    found = select(PostTerm.post_id, Term).join(Term, Term.id == PostTerm.term_id).where(PostTerm.post_id.in_(ids))
    shown: dict[tuple[int, str], list[Any]] = {key: [] for key in keys}
    for post_id, term in asked.db.execute(found.order_by(Term.name, Term.id)):
        group = shown.get((post_id, term.taxonomy))
        if group is not None and len(group) < MOST_EMBEDDED:
            group.append(linked(_item(asked, term)))
    return shown


def may_list(taxonomy: Taxonomy, asked: Asked) -> None:
    if asked.context == "edit" and not asked.can("manage_categories"):
        message = "Sorry, you are not allowed to edit terms in this taxonomy."
        raise refused(asked.user, "rest_forbidden_context", message)


def index(taxonomy: Taxonomy, asked: Asked) -> Reply:
    rows, headers = listed(asked, _in_order(asked, _narrowed(asked, select(Term).where(Term.taxonomy == taxonomy))))
    return with_items(items(asked, rows), headers)


def _narrowed(asked: Asked, found: Select[Any]) -> Select[Any]:
    among = {"include": Term.id.in_, "exclude": Term.id.not_in, "slug": Term.slug.in_}
    found = searched(asked, narrowed(asked, found, among), Term.name, Term.slug)
    if asked["parent"] is not None:
        found = found.where(func.coalesce(Term.parent_id, 0) == asked["parent"])
    if asked["post"]:
        post = asked.db.get(Post, asked["post"])
        if post is None or not post.may_be_read_by(asked.user):
            raise ApiError("rest_post_invalid_id", "Invalid post ID.", 404)
        found = found.where(Term.id.in_(select(PostTerm.term_id).where(PostTerm.post_id == post.id)))
    if asked["hide_empty"]:
        found = found.where(Term.id.in_(_filed(PostTerm.term_id)))
    return found


def _filed(what: Any) -> Select[Any]:
    """Of the terms of published posts."""
    return select(what).join(Post, Post.id == PostTerm.post_id).where(Post.published == true())


def _in_order(asked: Asked, found: Select[Any]) -> Select[Any]:
    count = _filed(func.count(PostTerm.post_id)).where(PostTerm.term_id == Term.id).correlate(Term).scalar_subquery()
    columns = {"slug": Term.slug, "description": Term.description, "count": count}
    return arranged(asked, found, Term.id, Term.name, columns, Term.slug)


def one(taxonomy: Taxonomy, asked: Asked) -> Term:
    missing = ApiError("rest_term_invalid", "Term does not exist.", 404)
    term: Term = row_of(asked.db, Term, asked["id"], missing)
    if term.taxonomy != taxonomy:
        raise missing
    return term


def may_read(taxonomy: Taxonomy, asked: Asked) -> None:
    one(taxonomy, asked)
    if asked.context == "edit" and not asked.can("manage_categories"):
        raise refused(asked.user, "rest_forbidden_context", "Sorry, you are not allowed to edit this term.")


def show(taxonomy: Taxonomy, asked: Asked) -> Reply:
    return Reply(items(asked, [one(taxonomy, asked)])[0])

"""One search over posts, pages, categories, tags and formats."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, select, true

from apps.mywordpress.api.asked import Asked, Field, Item, Link, Reply, Resource, with_items
from apps.mywordpress.api.paging import PAGING, listed, narrowed, searched
from apps.mywordpress.api.postfields import address_of, base
from apps.mywordpress.api.postlists import searchable
from apps.mywordpress.api.posts import WITH
from apps.mywordpress.api.routing import GET, Endpoint, Route
from apps.mywordpress.api.schema import Schema, array, choice, integer, numbers, string
from apps.mywordpress.api.terms import BASES
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.words import INDEX
from apps.mywordpress.terms.models import FORMAT_PREFIX, Taxonomy, Term
from apps.mywordpress.terms.trees import Tree

POSTS, TERMS, FORMATS = "post", "term", "post-format"
SUBTYPES: Mapping[str, tuple[str, ...]] = {
    POSTS: (Kind.POST, Kind.PAGE),
    TERMS: (Taxonomy.CATEGORY, Taxonomy.TAG),
    FORMATS: (),
}
ANY = "any"


class Result(NamedTuple):
    """What was found."""

    id: int | str
    title: str
    url: str
    type: str
    subtype: str


RESULT = Resource(
    "search-result",
    (
        Field("id", {"type": ["integer", "string"], "description": "Unique identifier."}, lambda asked, one: one.id),
        Field("title", string("Its title."), lambda asked, one: one.title),
        Field("url", string("Where readers find it.", format="uri"), lambda asked, one: one.url),
        Field("type", choice(list(SUBTYPES), "What it is."), lambda asked, one: one.type),
        Field("subtype", string("Which kind of it."), lambda asked, one: one.subtype),
    ),
)
ARGS: Mapping[str, Schema] = {
    **PAGING,
    "type": choice(list(SUBTYPES), "What to search.", default=POSTS),
    "subtype": array(choice([*SUBTYPES[POSTS], *SUBTYPES[TERMS], ANY]), "Which kinds of it.", default=[ANY]),
    "exclude": numbers("Leave these ids out.", default=[]),
    "include": numbers("Only these ids.", default=[]),
    "offset": integer("Leave out so many items.", minimum=0),
}


def index(asked: Asked) -> Reply:
    rows, headers = listed(asked, _found(asked), refuse="search")
    if asked["type"] == POSTS:
        return with_items([_post(asked, post) for post in rows], headers)
    tree = Tree.load(asked.db) if asked["type"] == TERMS else Tree([])
    return with_items([_term(asked, term, tree) for term in rows], headers)


def _found(asked: Asked) -> Select[Any]:
    kind, wanted = asked["type"], asked["subtype"]
    subtypes = [one for one in SUBTYPES[kind] if ANY in wanted or one in wanted]
    if kind == POSTS:
        return _posts(asked, select(Post).where(Post.published == true(), Post.kind.in_(subtypes)).options(*WITH))
    among = [Taxonomy.FORMAT] if kind == FORMATS else subtypes
    found = select(Term).where(Term.taxonomy.in_(among)).order_by(Term.name, Term.id)
    return searched(asked, _chosen(asked, found, Term.id), Term.name, Term.slug)


def _posts(asked: Asked, found: Select[Any]) -> Select[Any]:
    found = _chosen(asked, found, Post.id)
    if not asked["search"]:
        return found.order_by(Post.published_at.desc(), Post.id.desc())
    meeting = INDEX.meeting(asked["search"])
    if meeting is None:
        return found.where(Post.id.is_(None))
    matches = meeting.subquery()
    found = found.join(matches, matches.c.owner == Post.id).where(searchable(asked.user))
    return found.order_by(matches.c.weight.desc(), Post.id.desc())


def _chosen(asked: Asked, found: Select[Any], number: Any) -> Select[Any]:
    return narrowed(asked, found, {"include": number.in_, "exclude": number.not_in})


def _post(asked: Asked, post: Post) -> Item:
    itself = Link(asked.api(f"/{base(post.kind)}/{post.id}"), ("posts", post.id))
    return _item(asked, Result(post.id, post.title, address_of(asked, post), POSTS, post.kind), itself, post.kind)


def _term(asked: Asked, term: Term, tree: Tree) -> Item:
    if term.taxonomy == Taxonomy.FORMAT:
        slug = term.slug.removeprefix(FORMAT_PREFIX)
        of_format = Result(slug, slug.title(), asked.url(f"/type/{slug}/"), FORMATS, "")
        return _item(asked, of_format, None, term.taxonomy)
    place = (tree if term.taxonomy == Taxonomy.CATEGORY else Tree([term])).node(term.id)
    itself = Link(asked.api(f"/{BASES[Taxonomy(term.taxonomy)]}/{term.id}"), ("term", term.id))
    found = Result(term.id, term.name, asked.url(place.path), TERMS, term.taxonomy)
    return _item(asked, found, itself, term.taxonomy)


def _item(asked: Asked, found: Result, itself: Link | None, about: str) -> Item:
    where = "types" if about in SUBTYPES[POSTS] else "taxonomies"
    links = {
        **({"self": [itself]} if itself else {}),
        "about": [Link(asked.api(f"/{where}/{about}"))],
        "collection": [Link(asked.api("/search"))],
    }
    return Item(RESULT.show(asked, found), links)


ROUTES = (Route("/wp/v2/search", (Endpoint(GET, index, ARGS),), RESULT),)

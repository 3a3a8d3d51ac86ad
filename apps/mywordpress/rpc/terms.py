"""`wp.*` of taxonomies, categories and tags."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, true

from apps.mywordpress.freshness import changed
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.refiling import DefaultCategory, delete_term, published_counts, term_changed
from apps.mywordpress.rpc.asked import MOST_LISTED, Asked, span
from apps.mywordpress.rpc.faults import FAILED, FORBIDDEN, MISSING, WRONG_PARAMETERS, Fault, not_allowed
from apps.mywordpress.rpc.parameters import Sent, flag, number
from apps.mywordpress.rpc.termstructs import CAPABILITIES, NAMES, taxonomy_of, taxonomy_struct, term_structs
from apps.mywordpress.terms.models import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_SLUG,
    Taxonomy,
    Term,
    TermLoop,
    TermTaken,
)
from apps.mywordpress.terms.trees import Node, Tree

USUALLY = MOST_LISTED
ORDERS: dict[str, tuple[Any, ...]] = {
    "name": (func.lower(Term.name),),
    "slug": (Term.slug,),
    "term_id": (),
    "id": (),
    "parent": (Term.parent_id,),
}
LONGEST = {"name": LONGEST_NAME, "slug": LONGEST_SLUG, "description": LONGEST_DESCRIPTION}


def taxonomies(asked: Asked, filter: dict[str, Any], fields: list[str] | None) -> list[dict[str, Any]]:
    may = asked.can(CAPABILITIES["assign_terms"])
    return [taxonomy_struct(taxonomy, fields) for taxonomy in NAMES] if may else []


def taxonomy(asked: Asked, name: str, fields: list[str] | None) -> dict[str, Any]:
    found = taxonomy_of(name)
    asked.need(CAPABILITIES["assign_terms"], "assign terms in this taxonomy")
    return taxonomy_struct(found, fields)


def index(asked: Asked, taxonomy: str, filter: dict[str, Any]) -> list[dict[str, Any]]:
    sent, found = Sent(filter), select(Term).where(Term.taxonomy == taxonomy_of(taxonomy))
    asked.need(CAPABILITIES["assign_terms"], "assign terms in this taxonomy")
    if words := sent.get("search", default=""):
        places = (Term.name, Term.slug)
        found = found.where(or_(*(place.icontains(words, autoescape=True) for place in places)))
    if sent.get("hide_empty", flag, False):
        used = exists().where(PostTerm.term_id == Term.id, PostTerm.post_id == Post.id, Post.published == true())
        found = found.where(used)
    rows = list(asked.db.scalars(_in_order(found, sent)))
    structs = term_structs(asked, rows)
    return [structs[term.id] for term in rows]


def _in_order(found: "Select[Term]", sent: Sent) -> "Select[Term]":
    columns = (*ORDERS.get(sent.get("orderby", default="name"), ORDERS["name"]), Term.id)
    is_falling = sent.get("order", default="ASC").upper() == "DESC"
    wanted, offset = span(sent, USUALLY)
    ordered = [column.desc() if is_falling else column.asc() for column in columns]
    return found.order_by(*ordered).limit(wanted).offset(offset)


def show(asked: Asked, taxonomy: str, term_id: int) -> dict[str, Any]:
    found = taxonomy_of(taxonomy)
    asked.need(CAPABILITIES["assign_terms"], "assign this term")
    return term_structs(asked, [_one(asked, found, term_id)])[term_id]


def _one(asked: Asked, taxonomy: Taxonomy, term_id: int) -> Term:
    term = asked.found(Term, term_id, "term")
    if term.taxonomy != taxonomy:
        raise Fault(MISSING, "Invalid term ID.")
    return term


def make(asked: Asked, content: dict[str, Any]) -> str:
    sent = Sent(content)
    taxonomy = taxonomy_of(sent.get("taxonomy", default=""))
    # Whoever writes may name things, and only who keeps the shelves may put up new ones.
    asked.need("edit_posts" if taxonomy == Taxonomy.TAG else "manage_categories", "create terms in this taxonomy")
    return str(_made(asked, taxonomy, _words(sent), _parent(asked, taxonomy, sent)).id)


def _made(asked: Asked, taxonomy: Taxonomy, words: dict[str, str], parent: Term | None) -> Term:
    try:
        term = Term.make(asked.db, taxonomy, **words, parent=parent)
    except TermTaken:
        raise Fault(FAILED, "A term with the name provided already exists in this taxonomy.") from None
    changed()
    return term


def _words(sent: Sent, before: Term | None = None) -> dict[str, str]:
    """Name, slug and description as sent, or as before; raises Fault."""
    usual = {"name": before.name, "description": before.description} if before else {}
    found = {name: sent.get(name, default=usual.get(name, "")).strip() for name in LONGEST}
    if not found["name"]:
        raise Fault(FORBIDDEN, "The term name cannot be empty.")
    for name, longest in LONGEST.items():
        if len(found[name]) > longest:
            raise Fault(WRONG_PARAMETERS, f"The {name} is too long: it may have {longest} characters.")
    return found


def _parent(asked: Asked, taxonomy: Taxonomy, sent: Sent) -> Term | None:
    parent_id = sent.get("parent", number, 0)
    if not parent_id:
        return None
    if taxonomy != Taxonomy.CATEGORY:
        raise Fault(FORBIDDEN, "This taxonomy is not hierarchical.")
    parent = asked.db.get(Term, parent_id)
    if parent is None or parent.taxonomy != taxonomy:
        raise Fault(FORBIDDEN, "Parent term does not exist.")
    return parent


def edit(asked: Asked, term_id: int, content: dict[str, Any]) -> bool:
    sent = Sent(content)
    taxonomy = taxonomy_of(sent.get("taxonomy", default=""))
    term = _one(asked, taxonomy, term_id)
    asked.need(CAPABILITIES["edit_terms"], "edit this term")
    try:
        if "parent" in sent:
            term.move(asked.db, _parent(asked, taxonomy, sent))
        term.change(asked.db, **_words(sent, term))
    except TermLoop:
        raise Fault(FORBIDDEN, "A term cannot stand below itself.") from None
    except TermTaken:
        raise Fault(FAILED, "A term with the name provided already exists in this taxonomy.") from None
    term_changed(asked.db, term)
    changed()
    return True


def delete(asked: Asked, taxonomy: str, term_id: int) -> bool:
    term = _one(asked, taxonomy_of(taxonomy), term_id)
    asked.need(CAPABILITIES["delete_terms"], "delete this term")
    try:
        delete_term(asked.db, term, asked.options.default_category_id)
    except DefaultCategory:
        raise not_allowed("delete the default category") from None
    changed()
    return True


def categories(asked: Asked) -> list[dict[str, Any]]:
    asked.need("edit_posts", "view categories")
    described = select(Term.id, Term.description).where(Term.taxonomy == Taxonomy.CATEGORY)
    descriptions = dict(asked.db.execute(described).all())
    return [_category_struct(asked, node, descriptions.get(node.id, "")) for node in Tree.load(asked.db)]


def _category_struct(asked: Asked, node: Node, description: str) -> dict[str, Any]:
    return {
        "categoryId": str(node.id),
        "parentId": str(node.parent_id or 0),
        # This is what MetaWeblog calls the name.
        "description": node.name,
        "categoryDescription": description,
        "categoryName": node.name,
        "htmlUrl": asked.url(node.path),
        "rssUrl": asked.url(f"{node.path}feed/"),
    }


def tags(asked: Asked) -> list[dict[str, Any]]:
    asked.need("edit_posts", "view tags")
    nodes = list(Tree.load(asked.db, Taxonomy.TAG))
    counts = published_counts(asked.db, [node.id for node in nodes]) if nodes else {}
    return [
        {
            "tag_id": str(node.id),
            "name": node.name,
            "count": counts.get(node.id, 0),
            "slug": node.slug,
            "html_url": asked.url(node.path),
            "rss_url": asked.url(f"{node.path}feed/"),
        }
        for node in nodes
    ]


def make_category(asked: Asked, content: dict[str, Any]) -> int:
    """A new category, or the one that has its name already."""
    asked.need("manage_categories", "add a category")
    sent = Sent(content)
    parent = _parent(asked, Taxonomy.CATEGORY, Sent({"parent": content.get("parent_id", 0)}))
    try:
        term = Term.make(asked.db, Taxonomy.CATEGORY, **_words(sent), parent=parent)
    except TermTaken as taken:
        return taken.known.id
    changed()
    return term.id


def delete_category(asked: Asked, term_id: int) -> bool:
    return delete(asked, Taxonomy.CATEGORY, term_id)


def suggest(asked: Asked, begun: str, most: int) -> list[dict[str, Any]]:
    """Categories whose names have these words."""
    asked.need("edit_posts", "view categories")
    alike = select(Term.id, Term.name).where(
        Term.taxonomy == Taxonomy.CATEGORY, Term.name.icontains(begun, autoescape=True)
    )
    rows: Sequence[Any] = asked.db.execute(
        alike.order_by(func.lower(Term.name), Term.id).limit(min(abs(most) or MOST_LISTED, MOST_LISTED))
    ).all()
    return [{"category_id": str(row.id), "category_name": row.name} for row in rows]

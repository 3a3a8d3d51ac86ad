"""Categories, tags and formats as structs, and the taxonomies that they are of."""

from collections.abc import Collection, Iterable
from typing import Any

from apps.mywordpress.posts.refiling import published_counts
from apps.mywordpress.rpc.asked import Asked
from apps.mywordpress.rpc.faults import FORBIDDEN, Fault
from apps.mywordpress.terms.models import Taxonomy, Term

NAMES = {Taxonomy.CATEGORY: ("Categories", "Category"), Taxonomy.TAG: ("Tags", "Tag")}
# Whoever keeps the shelves may put up new ones; whoever writes may put something on them.
CAPABILITIES = {
    "manage_terms": "manage_categories",
    "edit_terms": "manage_categories",
    "delete_terms": "manage_categories",
    "assign_terms": "edit_posts",
}


def term_structs(asked: Asked, terms: Iterable[Term]) -> dict[int, dict[str, Any]]:
    """Terms as `wp.getTerm` tells them, by their ids; one query for how many posts have them."""
    known = {term.id: term for term in terms}
    counts = published_counts(asked.db, known) if known else {}
    return {term_id: _term_struct(term, counts.get(term_id, 0)) for term_id, term in known.items()}


def _term_struct(term: Term, count: int) -> dict[str, Any]:
    return {
        "term_id": str(term.id),
        "name": term.name,
        "slug": term.slug,
        "term_group": "0",
        "term_taxonomy_id": str(term.id),
        "taxonomy": term.taxonomy,
        "description": term.description,
        "parent": str(term.parent_id or 0),
        "count": count,
        "filter": "raw",
        "custom_fields": [],
    }


def taxonomy_struct(taxonomy: Taxonomy, fields: Collection[str] | None) -> dict[str, Any]:
    """As `wp.getTaxonomy` tells it."""
    several, one = NAMES[taxonomy]
    more: dict[str, Any] = {
        "labels": {"name": several, "singular_name": one},
        "cap": CAPABILITIES,
        "menu": True,
        "object_type": ["post"],
    }
    wanted = ("labels", "cap", "object_type") if fields is None else fields
    told = {"show_in_menu" if name == "menu" else name: value for name, value in more.items() if name in wanted}
    return {
        "name": str(taxonomy),
        "label": several,
        "hierarchical": taxonomy == Taxonomy.CATEGORY,
        "public": True,
        "show_ui": True,
        "_builtin": True,
        **told,
    }


def taxonomy_of(name: str) -> Taxonomy:
    """The taxonomy of this name, of those that clients see; raises Fault."""
    if name not in NAMES:
        raise Fault(FORBIDDEN, "Invalid taxonomy.")
    return Taxonomy(name)

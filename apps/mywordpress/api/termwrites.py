"""Making, changing and deleting categories and tags."""

from collections.abc import Callable
from typing import Any

from apps.mywordpress.api.asked import Asked, Reply, deleted
from apps.mywordpress.api.errors import ApiError, refused, trash_not_supported
from apps.mywordpress.api.routing import BY_ID, DELETE, EDIT, FORCE, GET, ID, ONE, POST, Endpoint, Route
from apps.mywordpress.api.terms import BASES, BELOW, LISTED, RESOURCES, index, items, may_list, may_read, one, show
from apps.mywordpress.freshness import changed
from apps.mywordpress.posts.refiling import delete_term, term_changed
from apps.mywordpress.terms.models import Taxonomy, Term, TermLoop, TermTaken


def may_create(taxonomy: Taxonomy, asked: Asked) -> None:
    # Whoever writes may name things, and only who keeps the shelves may put up new ones.
    if not asked.can("manage_categories" if taxonomy == Taxonomy.CATEGORY else "edit_posts"):
        message = "Sorry, you are not allowed to create terms in this taxonomy."
        raise refused(asked.user, "rest_cannot_create", message)


def create(taxonomy: Taxonomy, asked: Asked) -> Reply:
    parent = _parent(taxonomy, asked)
    try:
        term = Term.make(
            asked.db,
            taxonomy,
            _name(asked),
            slug=asked["slug"] or "",
            description=asked["description"] or "",
            parent=parent,
        )
    except TermTaken as taken:
        raise exists(taken) from None
    changed()
    where = asked.api(f"/{BASES[taxonomy]}/{term.id}")
    return Reply(items(asked.within("edit"), [term])[0], 201, {"Location": where})


def _name(asked: Asked) -> str:
    name = str(asked["name"]).strip()
    if not name:
        raise ApiError("empty_term_name", "A name is required for this term.", 400)
    return name


def _parent(taxonomy: Taxonomy, asked: Asked) -> Term | None:
    if not asked["parent"]:
        return None
    parent = asked.db.get(Term, asked["parent"])
    if parent is None or parent.taxonomy != taxonomy:
        raise ApiError("rest_term_invalid", "Parent term does not exist.", 400)
    return parent


def exists(taken: TermTaken) -> ApiError:
    message = "A term with the name provided already exists in this taxonomy."
    return ApiError("term_exists", message, 400, term_id=taken.known.id)


def may_update(taxonomy: Taxonomy, asked: Asked) -> None:
    one(taxonomy, asked)
    if not asked.can("manage_categories"):
        raise refused(asked.user, "rest_cannot_update", "Sorry, you are not allowed to edit this term.")


def update(taxonomy: Taxonomy, asked: Asked) -> Reply:
    term = one(taxonomy, asked)
    name = term.name if asked["name"] is None else _name(asked)
    description = term.description if asked["description"] is None else asked["description"]
    try:
        if asked["parent"] is not None:
            term.move(asked.db, _parent(taxonomy, asked))
        term.change(asked.db, name, asked["slug"] or "", description)
    except TermLoop:
        raise ApiError("rest_term_invalid", "A term cannot stand below itself.", 400) from None
    except TermTaken as taken:
        raise exists(taken) from None
    term_changed(asked.db, term)
    changed()
    return Reply(items(asked.within("edit"), [term])[0])


def may_delete(taxonomy: Taxonomy, asked: Asked) -> None:
    term = one(taxonomy, asked)
    if not asked.can("manage_categories") or term.id == asked.options.default_category_id:
        raise refused(asked.user, "rest_cannot_delete", "Sorry, you are not allowed to delete this term.")


def destroy(taxonomy: Taxonomy, asked: Asked) -> Reply:
    term = one(taxonomy, asked)
    if not asked["force"]:
        raise trash_not_supported("Terms")
    previous = items(asked.within("edit"), [term])[0]
    delete_term(asked.db, term, asked.options.default_category_id)
    changed()
    return deleted(previous)


def routes(taxonomy: Taxonomy) -> tuple[Route, ...]:
    resource, is_tree = RESOURCES[taxonomy], taxonomy == Taxonomy.CATEGORY

    def by(view: Callable[[Taxonomy, Asked], Any]) -> Callable[[Asked], Any]:
        return lambda asked: view(taxonomy, asked)

    return (
        Route(
            f"/wp/v2/{BASES[taxonomy]}",
            (
                Endpoint(GET, by(index), {**LISTED, **(BELOW if is_tree else {})}, by(may_list)),
                Endpoint(POST, by(create), resource.writable("name"), by(may_create)),
            ),
            resource,
        ),
        Route(
            f"/wp/v2/{BASES[taxonomy]}/{BY_ID}",
            (
                Endpoint(GET, by(show), ONE, by(may_read)),
                Endpoint(EDIT, by(update), resource.writable(), by(may_update)),
                Endpoint(DELETE, by(destroy), FORCE, by(may_delete)),
            ),
            resource,
            ID,
        ),
    )

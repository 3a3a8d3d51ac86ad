"""Lists of posts and pages: by which parameters they are narrowed down and put in order."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import defer

from apps.mywordpress.accounts.models import User
from apps.mywordpress.api import times
from apps.mywordpress.api.asked import Asked, Reply, with_items
from apps.mywordpress.api.errors import ApiError, invalid_parameters, refused
from apps.mywordpress.api.paging import CHOSEN, PAGING, arranged, listed, narrowed, ordered
from apps.mywordpress.api.postfields import STATUSES, check_password, slow_guessing
from apps.mywordpress.api.posts import WITH, items
from apps.mywordpress.api.schema import CHECK, Schema, array, boolean, checked, choice, integer, moment, numbers, string
from apps.mywordpress.posts.columns import PUBLISHED, Kind, State
from apps.mywordpress.posts.filing import PostTerm
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.permissions import LIVE
from apps.mywordpress.posts.remote import FORMATS
from apps.mywordpress.posts.slugs import LONGEST_STORED
from apps.mywordpress.posts.words import INDEX
from apps.mywordpress.terms.models import FORMAT_PREFIX, Taxonomy, Term
from apps.mywordpress.terms.trees import Tree

ANY = "any"
ORDERS = ("author", "date", "id", "include", "modified", "parent", "relevance", "slug", "include_slugs", "title")
WORDS = array({"type": "string", "maxLength": LONGEST_STORED}, "Only these names in addresses.")


def _terms(value: Any, name: str) -> dict[str, Any]:
    """Ids, or an object that tells more about them."""
    more = value if isinstance(value, dict) else {"terms": value}
    return {
        "terms": checked(more.get("terms", []), numbers(), name),
        "include_children": checked(more.get("include_children", False), boolean(), f"{name}[include_children]"),
        "operator": checked(more.get("operator", "OR"), choice(["AND", "OR"]), f"{name}[operator]"),
    }


def _of_terms(description: str) -> Schema:
    return {**numbers(description), "type": ["object", "array"], CHECK: _terms}


SHARED: Mapping[str, Schema] = {
    **PAGING,
    **CHOSEN,
    "after": moment("Published after this."),
    "modified_after": moment("Changed after this."),
    "author": numbers("Only of these authors.", default=[]),
    "author_exclude": numbers("Not of these authors.", default=[]),
    "before": moment("Published before this."),
    "modified_before": moment("Changed before this."),
    "search_semantics": choice(["exact"], "How to read the search."),
    "search_columns": array(choice(["post_title", "post_content", "post_excerpt"]), "Where to search.", default=[]),
    "slug": WORDS,
    "status": array(choice([*STATUSES, State.TRASH, ANY]), "Of these statuses.", default=[PUBLISHED]),
    "password": string("The password of what has one."),
}
BY_TERMS: Mapping[str, Schema] = {
    "tax_relation": choice(["AND", "OR"], "How categories and tags go together."),
    "categories": _of_terms("Of these categories."),
    "categories_exclude": _of_terms("Of none of these categories."),
    "tags": _of_terms("Of these tags."),
    "tags_exclude": _of_terms("Of none of these tags."),
    "sticky": boolean("Only what stands first, or only what does not."),
    "ignore_sticky": boolean("Without sticky ones standing first.", default=True),
    "format": array(choice(list(FORMATS)), "Of these formats.", default=[]),
}
BY_PLACE: Mapping[str, Schema] = {
    "menu_order": integer("At this place among siblings."),
    "parent": numbers("Below these pages.", default=[]),
    "parent_exclude": numbers("Not below these pages.", default=[]),
}
ARGS: Mapping[Kind, Mapping[str, Schema]] = {
    Kind.POST: {**SHARED, **ordered(ORDERS, "date"), **BY_TERMS},
    Kind.PAGE: {**SHARED, **ordered((*ORDERS, "menu_order"), "date"), **BY_PLACE},
}


def allowed(kind: Kind, asked: Asked) -> None:
    """Whether this list may be asked for; raises ApiError."""
    if asked.context == "edit" and not asked.can(f"edit_{kind}s"):
        message = "Sorry, you are not allowed to edit posts in this post type."
        raise refused(asked.user, "rest_forbidden_context", message)
    for status in asked["status"] or ():
        may = status == PUBLISHED or asked.can(f"edit_{kind}s")
        if not may and not (status == State.PRIVATE and asked.can(f"read_private_{kind}s")):
            error = refused(asked.user, "rest_forbidden_status", "Status is forbidden.")
            raise invalid_parameters({"status": error.message}, {"status": error.body()})
    if asked["orderby"] == "relevance" and not asked["search"]:
        message = "You need to define a search term to order by relevance."
        raise ApiError("rest_no_search_term_defined", message, 400)
    if asked["orderby"] == "include" and not asked["include"]:
        message = "You need to define an include parameter to order by include."
        raise ApiError("rest_orderby_include_missing_include", message, 400)


def index(kind: Kind, asked: Asked) -> Reply:
    """The page that is asked for."""
    slow_guessing(asked)
    found = select(Post).where(Post.kind == kind, *conditions(kind, asked)).options(*WITH)
    among = {
        "include": Post.id.in_,
        "exclude": Post.id.not_in,
        "author": Post.author_id.in_,
        "author_exclude": Post.author_id.not_in,
        "slug": Post.slug.in_,
    }
    found = narrowed(asked, found, among)
    if asked.context != "edit":
        found = found.options(defer(Post.body))
    rows, headers = listed(asked, _in_order(asked, found), refuse="post")
    for post in rows[:1]:
        # One that is asked for alone, by its slug, may come with its password.
        check_password(asked, post)
    return with_items(items(asked, rows), headers)


def conditions(kind: Kind, asked: Asked) -> list[ColumnElement[bool]]:
    """What every post of the list must meet."""
    when = func.coalesce(Post.published_at, Post.created_at) if asked["status"] != [PUBLISHED] else Post.published_at
    found: list[ColumnElement[bool]] = [of_status(asked["status"]), readable(kind, asked.user)]
    if asked.context == "edit" and asked.user is not None:
        # What is told to editors is more than a reader may know: the text as it was written, and its password.
        found += editable_by(kind, asked.user)
    moments = (
        ("after", when.__gt__),
        ("before", when.__lt__),
        ("modified_after", Post.updated_at.__gt__),
        ("modified_before", Post.updated_at.__lt__),
    )
    found += [compared(times.read(asked, name)) for name, compared in moments if asked[name]]
    return [*found, *_by_terms(asked), *_by_place(asked)]


def of_status(statuses: list[str]) -> ColumnElement[bool]:
    """Whether a post has one of these; `any` is all but the trash."""
    if ANY in statuses:
        return Post.state != State.TRASH
    hidden = [status for status in statuses if status != PUBLISHED]
    either = [Post.published == true()] if PUBLISHED in statuses else []
    return or_(*either, *([and_(Post.published.is_(False), Post.state.in_(hidden))] if hidden else []))


def readable(kind: str, user: User | None) -> ColumnElement[bool]:
    """What `Post.may_be_read_by` says, of all posts at once."""
    shown: ColumnElement[bool] = Post.published == true()
    if user is None:
        return shown
    either = [shown]
    if user.can("read"):
        either.append(Post.author_id == user.id)
    if user.can(f"read_private_{kind}s"):
        either.append(Post.state == State.PRIVATE)
    if user.can(f"edit_others_{kind}s"):
        either.append(Post.state != State.PRIVATE)
    return or_(*either)


def editable_by(kind: str, user: User) -> list[ColumnElement[bool]]:
    """What `Post.may_be_edited_by` says, of all posts of a kind at once."""
    found = [] if user.can(f"edit_others_{kind}s") else [Post.author_id == user.id]
    if not user.can(f"edit_published_{kind}s"):
        found += [Post.published.is_(False), Post.state != State.FUTURE, Post.trashed_from.not_in(LIVE)]
    return found


def readable_of_all(user: User | None) -> ColumnElement[bool]:
    """The same, of posts and pages alike."""
    return or_(*(and_(Post.kind == kind, readable(kind, user)) for kind in Kind))


def searchable(user: User | None) -> ColumnElement[bool]:
    """What search may find: that a text behind a password has a word would tell of it."""
    either = [Post.password == ""]
    if user is not None:
        either += [Post.author_id == user.id, *([true()] if user.can("edit_others_posts") else [])]
    return or_(*either)


def _by_terms(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    wanted = [
        _among(asked, asked[name], taxonomy)
        for name, taxonomy in (("categories", Taxonomy.CATEGORY), ("tags", Taxonomy.TAG))
        if asked[name]
    ]
    if wanted:
        found.append(or_(*wanted) if asked["tax_relation"] == "OR" else and_(*wanted))
    for name, taxonomy in (("categories_exclude", Taxonomy.CATEGORY), ("tags_exclude", Taxonomy.TAG)):
        if asked[name] and asked[name]["terms"]:
            found.append(~_among(asked, {**asked[name], "operator": "OR"}, taxonomy))
    if asked["sticky"] is not None:
        found.append(Post.sticky.is_(asked["sticky"]))
    if asked["format"]:
        found.append(_of_format(asked["format"]))
    return found


def _among(asked: Asked, wanted: Mapping[str, Any], taxonomy: Taxonomy) -> ColumnElement[bool]:
    if not wanted["terms"]:
        return true()
    tree = Tree.load(asked.db, taxonomy) if wanted["include_children"] else None
    groups = [tree.within(one) or [one] if tree else [one] for one in wanted["terms"]]
    each = [Post.id.in_(select(PostTerm.post_id).where(PostTerm.term_id.in_(group))) for group in groups]
    return and_(*each[:20]) if wanted["operator"] == "AND" else _in_any(groups)


def _in_any(groups: list[list[int]]) -> ColumnElement[bool]:
    ids = {one for group in groups for one in group}
    return Post.id.in_(select(PostTerm.post_id).where(PostTerm.term_id.in_(ids)))


def _of_format(formats: list[str]) -> ColumnElement[bool]:
    of_format = select(PostTerm.post_id).join(Term, Term.id == PostTerm.term_id)
    of_format = of_format.where(Term.taxonomy == Taxonomy.FORMAT)
    named = Post.id.in_(of_format.where(Term.slug.in_([FORMAT_PREFIX + one for one in formats])))
    return or_(named, Post.id.not_in(of_format)) if "standard" in formats else named


def _by_place(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    above = func.coalesce(Post.parent_id, 0)
    if asked["parent"]:
        found.append(above.in_(asked["parent"]))
    if asked["parent_exclude"]:
        found.append(above.not_in(asked["parent_exclude"]))
    if asked["menu_order"] is not None:
        found.append(Post.position == asked["menu_order"])
    return found


def _in_order(asked: Asked, found: Select[Any]) -> Select[Any]:
    if asked["search"]:
        meeting = INDEX.meeting(asked["search"])
        if meeting is None:
            return found.where(Post.id.is_(None))
        matches = meeting.subquery()
        found = found.join(matches, matches.c.owner == Post.id).where(searchable(asked.user))
        if asked["orderby"] == "relevance":
            return found.order_by(matches.c.weight.desc(), Post.id.desc())
    dated = Post.published_at if asked["status"] == [PUBLISHED] else func.coalesce(Post.published_at, Post.created_at)
    columns = {
        "author": Post.author_id,
        "modified": Post.updated_at,
        "parent": Post.parent_id,
        "slug": Post.slug,
        "title": Post.title,
        "menu_order": Post.position,
    }
    return arranged(asked, found, Post.id, dated, columns, Post.slug)

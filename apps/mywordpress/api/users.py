"""Users: in public only those who have published something."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, or_, select, true

from apps.chassis.languages import NAMES
from apps.chassis.people import LONGEST_EMAIL, LONGEST_NAME
from apps.mywordpress.accounts.avatars import initials, tint
from apps.mywordpress.accounts.forms import LONGEST_URL
from apps.mywordpress.accounts.models import LONGEST_BIOGRAPHY, LONGEST_SLUG, User
from apps.mywordpress.accounts.roles import CAPABILITIES, Role
from apps.mywordpress.api import times
from apps.mywordpress.api.asked import Asked, Field, Item, Link, Reply, Resource, with_items
from apps.mywordpress.api.asked import found as row_of
from apps.mywordpress.api.errors import ApiError, refused
from apps.mywordpress.api.paging import CHOSEN, PAGING, arranged, listed, narrowed, ordered, searched
from apps.mywordpress.api.schema import Schema, array, choice, moment, record, string
from apps.mywordpress.api.schema import integer as number
from apps.mywordpress.api.shapes import linked
from apps.mywordpress.posts.models import Post

SIZES = (24, 48, 96)
ROLES = [str(role) for role in Role]


def avatar_urls(asked: Asked, name: str, key: int | str) -> dict[str, str]:
    """Pictures of our own making, of each size that WordPress has."""
    where = asked.url(f"/wp-json/avatars/{tint(key)}/{initials(name)}.svg")
    return {str(size): f"{where}?s={size}" for size in SIZES}


def _line(name: str, longest: int, description: str, contexts: str = "edit", **more: Any) -> Field:
    return Field(
        name,
        string(description, maxLength=longest, **more),
        lambda asked, user: getattr(user, name) or "",
        contexts,
        writable=True,
    )


def _capabilities(asked: Asked, user: User) -> dict[str, bool]:
    return {**dict.fromkeys(sorted(CAPABILITIES.get(user.role, ())), True), user.role: True}


USER = Resource(
    "user",
    (
        Field("id", number("Unique identifier."), lambda asked, user: user.id),
        Field(
            "username",
            string("The name to sign in by.", maxLength=LONGEST_SLUG),
            lambda asked, user: user.nicename,
            "edit",
            writable=True,
        ),
        _line("name", LONGEST_NAME, "The name that readers see.", "view edit embed"),
        _line("first_name", 80, "First name."),
        _line("last_name", 80, "Last name."),
        Field(
            "email",
            string("The e-mail address.", format="email", maxLength=LONGEST_EMAIL),
            lambda asked, user: user.email,
            "edit",
            writable=True,
        ),
        _line("url", LONGEST_URL, "A web site of theirs.", "view edit embed", format="uri"),
        Field(
            "description",
            string("About them.", maxLength=LONGEST_BIOGRAPHY),
            lambda asked, user: user.biography or "",
            writable=True,
        ),
        Field(
            "link",
            string("Where readers find their posts.", format="uri"),
            lambda asked, user: asked.url(f"/author/{user.nicename}/"),
        ),
        Field(
            "locale",
            choice(["", *NAMES], "The language of their mails; empty is the site's own."),
            lambda asked, user: user.language,
            "edit",
            writable=True,
        ),
        Field("nickname", string("As name."), lambda asked, user: user.name, "edit"),
        Field(
            "slug",
            string("Their name in addresses.", maxLength=LONGEST_SLUG),
            lambda asked, user: user.nicename,
            writable=True,
        ),
        Field(
            "registered_date",
            moment("Since when they have an account."),
            lambda asked, user: f"{times.gmt(user.created_at)}+00:00",
            "edit",
        ),
        Field("roles", array(choice(ROLES), "Their role."), lambda asked, user: [user.role], "edit", writable=True),
        Field("password", string("Never shown.", maxLength=200), lambda asked, user: None, "none", writable=True),
        Field("capabilities", record({}, "What they may do."), _capabilities, "edit"),
        Field("extra_capabilities", record({}, "Their role."), lambda asked, user: {user.role: True}, "edit"),
        Field(
            "avatar_urls",
            record({}, "Pictures of them."),
            lambda asked, user: avatar_urls(asked, user.name, user.id),
        ),
        Field("meta", record({}, "Fields of others."), lambda asked, user: {}, "view edit", writable=True),
    ),
)
ORDERS = ("id", "include", "name", "registered_date", "slug", "include_slugs", "email", "url")
LISTED: Mapping[str, Schema] = {
    **PAGING,
    **CHOSEN,
    **ordered(ORDERS, "name", "asc"),
    "slug": array({"type": "string", "maxLength": LONGEST_SLUG}, "Only these names in addresses."),
    "roles": array({"type": "string", "maxLength": 20}, "Only those of these roles."),
    "capabilities": array({"type": "string", "maxLength": 60}, "Only those who may do one of these."),
    "who": choice(["authors"], "Only those who write."),
    "has_published_posts": {"type": ["boolean", "array"], "items": {"type": "string"}, "description": "Only authors."},
}


def item(asked: Asked, user: User) -> Item:
    at = asked.api("/users")
    return Item(USER.show(asked, user), {"self": [Link(f"{at}/{user.id}")], "collection": [Link(at)]})


def has_published(user_id: Any = User.id) -> Any:
    """Whether readers see something of this user's."""
    return select(Post.id).where(Post.author_id == user_id, Post.published == true()).exists()


def embedded(asked: Asked, ids: Collection[int]) -> Mapping[int, Any]:
    """Users within other things: who has published nothing is not told of."""
    known = select(User).where(User.id.in_(ids))
    shown = known if asked.can("list_users") else known.where(or_(has_published(), User.id == _own_id(asked)))
    missing = ApiError("rest_user_invalid_id", "Invalid user ID.", 404).body()
    return dict.fromkeys(ids, missing) | {one.id: linked(item(asked, one)) for one in asked.db.scalars(shown)}


def _own_id(asked: Asked) -> int:
    return asked.user.id if asked.user else 0


def may_list(asked: Asked) -> None:
    reasons = (
        (asked["roles"], "rest_user_cannot_view", "Sorry, you are not allowed to filter users by role."),
        (asked["capabilities"], "rest_user_cannot_view", "Sorry, you are not allowed to filter users by capability."),
        (asked.context == "edit", "rest_forbidden_context", "Sorry, you are not allowed to list users."),
        (
            asked["orderby"] in ("email", "registered_date"),
            "rest_forbidden_orderby",
            "Sorry, you are not allowed to order users by this parameter.",
        ),
    )
    for wanted, code, message in reasons:
        if wanted and not asked.can("list_users"):
            raise refused(asked.user, code, message)
    if asked["who"] == "authors" and not asked.can("edit_posts"):
        message = "Sorry, you are not allowed to query users by this parameter."
        raise refused(asked.user, "rest_forbidden_who", message)


def index(asked: Asked) -> Reply:
    rows, headers = listed(asked, _in_order(asked, _narrowed(asked, select(User))))
    return with_items([item(asked, user) for user in rows], headers)


def _narrowed(asked: Asked, found: Select[Any]) -> Select[Any]:
    among = {"include": User.id.in_, "exclude": User.id.not_in, "slug": User.slug.in_, "roles": User.role.in_}
    found = narrowed(asked, found, among)
    if asked["has_published_posts"] or (not asked.can("list_users") and asked["who"] != "authors"):
        found = found.where(has_published())
    for wanted in (asked["capabilities"], ["edit_posts"] if asked["who"] == "authors" else None):
        if wanted:
            able = [role for role, may in CAPABILITIES.items() if may & set(wanted)]
            found = found.where(User.role.in_(able))
    # An address of theirs is nobody's to guess at, but for who may list them anyway.
    return searched(asked, found, User.name, User.slug, *((User.email,) if asked.can("list_users") else ()))


def _in_order(asked: Asked, found: Select[Any]) -> Select[Any]:
    columns = {"registered_date": User.created_at, "slug": User.slug, "email": User.email, "url": User.url}
    return arranged(asked, found, User.id, User.name, columns, User.slug)


def of_number(asked: Asked, name: str = "id") -> User:
    """The user of the number in the address, where `me` is who asks; raises ApiError."""
    if asked[name] == "me" or asked[name] is None:
        return myself(asked)
    user: User = row_of(asked.db, User, int(asked[name]), ApiError("rest_user_invalid_id", "Invalid user ID.", 404))
    return user


def myself(asked: Asked) -> User:
    if asked.user is None:
        raise ApiError("rest_not_logged_in", "You are not currently logged in.", 401)
    return asked.user


def may_read(asked: Asked) -> None:
    user = of_number(asked)
    if asked.user is not None and user.id == asked.user.id:
        return
    is_public = asked.context != "edit" and asked.db.scalar(select(has_published(user.id)))
    if not is_public and not asked.can("list_users"):
        raise refused(asked.user, "rest_user_cannot_view", "Sorry, you are not allowed to list users.")


def show(asked: Asked) -> Reply:
    return Reply(item(asked, of_number(asked)))

"""Making, changing and deleting users."""

from collections.abc import Mapping
from typing import Any

from apps.chassis import passwords
from apps.chassis.accounts.letters import EMAIL_CHANGED
from apps.chassis.people import EmailTaken
from apps.chassis.visitors import shut_out
from apps.mywordpress.accounts.departures import depart, left_behind
from apps.mywordpress.accounts.letters import account_letters
from apps.mywordpress.accounts.models import LastAdministrator, SlugTaken, User
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.api.asked import Asked, Reply, deleted
from apps.mywordpress.api.errors import ApiError, invalid_parameter, refused, trash_not_supported
from apps.mywordpress.api.routing import BY_ID, DELETE, EDIT, FORCE, GET, ID, ONE, POST, Endpoint, Route
from apps.mywordpress.api.schema import Schema
from apps.mywordpress.api.users import LISTED, USER, index, item, may_list, may_read, myself, of_number, show
from apps.mywordpress.freshness import changed

# What a client may send and an account simply takes over, and where it is kept.
PLAIN = {"name": "name", "first_name": "first_name", "last_name": "last_name", "url": "url"}
PLAIN |= {"description": "biography", "locale": "language"}
ON_PAGE = "Passwords, and one's own address, are changed on the account's page of the site."
REASSIGN: Mapping[str, Schema] = {
    **FORCE,
    "reassign": {
        "type": ["integer", "boolean", "null"],
        "description": "Who takes over what the user made, or false where there is nothing.",
        "required": True,
    },
}


def may_create(asked: Asked) -> None:
    if not asked.can("create_users"):
        raise refused(asked.user, "rest_cannot_create_user", "Sorry, you are not allowed to create new users.")


def create(asked: Asked) -> Reply:
    if asked.has("id"):
        raise ApiError("rest_user_exists", "Cannot create existing user.", 400)
    role, password = _role(asked) or Role.SUBSCRIBER, asked["password"]
    if len(password) < passwords.SHORTEST:
        raise invalid_parameter("password", f"password must be at least {passwords.SHORTEST} characters long.")
    # Hashing takes its time, and no lock may be held meanwhile.
    asked.db.rollback()
    hashed = passwords.hash(password)
    name = asked["name"] or asked["username"]
    try:
        user = User.add(asked.db, email=asked["email"], name=name, password_hash=hashed, role=role)
    except EmailTaken:
        raise ApiError("existing_user_email", "Sorry, that email address is already used!", 400) from None
    _call(asked, user, asked["slug"] or asked["username"], "existing_user_login")
    _take_over(asked, user)
    changed()
    where = asked.api(f"/users/{user.id}")
    return Reply(item(asked.within("edit"), user), 201, {"Location": where})


def may_update(asked: Asked) -> None:
    user = of_number(asked)
    if asked["roles"] and not asked.can("promote_users"):
        message = "Sorry, you are not allowed to edit roles of this user."
        raise refused(asked.user, "rest_cannot_edit_roles", message)
    if not (asked.user and asked.user.id == user.id) and not asked.can("edit_users"):
        raise refused(asked.user, "rest_cannot_edit", "Sorry, you are not allowed to edit this user.")


def update(asked: Asked) -> Reply:
    user = of_number(asked)
    role = _role(asked)
    if asked["password"]:
        raise ApiError("rest_cannot_edit", ON_PAGE, 403)
    if asked["username"] not in (None, user.nicename):
        raise ApiError("rest_user_invalid_argument", "Username is not editable.", 400)
    if asked["email"] and asked["email"].casefold() != user.email:
        _move(asked, user)
    if role and role != user.role:
        _appoint(asked, user, role)
    if asked["slug"] and asked["slug"] != user.nicename:
        _call(asked, user, asked["slug"], "rest_user_invalid_slug")
    _take_over(asked, user)
    changed()
    asked.db.flush()
    return Reply(item(asked.within("edit"), user))


def _role(asked: Asked) -> str | None:
    """The one role that was sent: nobody has several here."""
    roles = asked["roles"] or []
    if len(roles) > 1:
        raise invalid_parameter("roles", "A user has one role on this site.")
    return roles[0] if roles else None


def _call(asked: Asked, user: User, name: str, code: str) -> None:
    try:
        user.call(asked.db, name)
    except SlugTaken:
        words = "Invalid slug." if code == "rest_user_invalid_slug" else "Sorry, that username already exists!"
        raise ApiError(code, words, 400) from None


def _take_over(asked: Asked, user: User) -> None:
    for name, column in PLAIN.items():
        if asked[name] is not None:
            line = asked[name].strip() if name == "description" else " ".join(asked[name].split())
            setattr(user, column, line)
    if not user.name:
        raise invalid_parameter("name", "name must be at least 1 character long.")
    if user.url and not user.url.startswith(("https://", "http://")):
        raise invalid_parameter("url", "url is not a web address.")


def _move(asked: Asked, user: User) -> None:
    if not asked.can("edit_users") or user.id == myself(asked).id:
        raise ApiError("rest_cannot_edit", ON_PAGE, 403)
    before = user.email
    try:
        user.move_to(asked.db, asked["email"])
    except EmailTaken:
        raise ApiError("rest_user_invalid_email", "Invalid email address.", 400) from None
    account_letters.owe(asked.db, EMAIL_CHANGED, user, asked.origin, before)


def _appoint(asked: Asked, user: User, role: str) -> None:
    denied = ApiError("rest_user_invalid_role", "Sorry, you are not allowed to give users that role.", 403)
    if not asked.can("promote_users") or user.id == myself(asked).id:
        raise denied
    try:
        user.appoint_as(asked.db, role)
    except LastAdministrator:
        raise denied from None


def may_delete(asked: Asked) -> None:
    user = of_number(asked)
    if not asked.can("delete_users") or user.id == myself(asked).id:
        message = "Sorry, you are not allowed to delete this user."
        raise refused(asked.user, "rest_user_cannot_delete", message)


def destroy(asked: Asked) -> Reply:
    user = of_number(asked)
    if not asked["force"]:
        raise trash_not_supported("Users")
    heir = _heir(asked, user)
    previous = item(asked.within("edit"), user)
    shut_out(user)
    try:
        depart(asked.db, user, heir)
    except LastAdministrator:
        raise ApiError("rest_cannot_delete", "The last administrator cannot be deleted.", 409) from None
    changed()
    return deleted(previous)


def _heir(asked: Asked, user: User) -> User:
    """Who takes over what the user made; nothing of it is ever deleted along."""
    chosen: Any = asked["reassign"]
    heir = asked.db.get(User, chosen) if chosen and chosen is not True else None
    if heir is None and not chosen and not left_behind(asked.db, user):
        return myself(asked)
    if heir is None or heir.id == user.id or not heir.can("edit_posts"):
        raise ApiError("rest_user_invalid_reassign", "Invalid user ID for reassignment.", 400)
    return heir


EDITED, REASSIGNED = USER.writable(), REASSIGN
ROUTES = (
    Route(
        "/wp/v2/users",
        (
            Endpoint(GET, index, LISTED, may_list),
            Endpoint(POST, create, USER.writable("username", "email", "password"), may_create),
        ),
        USER,
    ),
    Route(
        f"/wp/v2/users/{BY_ID}",
        (
            Endpoint(GET, show, ONE, may_read),
            Endpoint(EDIT, update, EDITED, may_update),
            Endpoint(DELETE, destroy, REASSIGNED, may_delete),
        ),
        USER,
        ID,
    ),
    Route(
        "/wp/v2/users/me",
        (
            Endpoint(GET, show, ONE, myself),
            Endpoint(EDIT, update, EDITED, may_update),
            Endpoint(DELETE, destroy, REASSIGNED, may_delete),
        ),
        USER,
    ),
)

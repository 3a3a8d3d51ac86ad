"""Application passwords: a program's user makes and revokes them, and sees those that there are."""

from collections.abc import Callable, Mapping

from apps.chassis.context import application
from apps.chassis.ratelimits import limit
from apps.mywordpress.accounts.programs import LONGEST_NAME, ApplicationPassword, TooManyPrograms
from apps.mywordpress.api import times
from apps.mywordpress.api.asked import Asked, Field, Item, Link, Reply, Resource, deleted, with_items
from apps.mywordpress.api.errors import ApiError, refused
from apps.mywordpress.api.routing import DELETE, EDIT, GET, ONE, POST, Endpoint, Route
from apps.mywordpress.api.schema import Schema, moment, string
from apps.mywordpress.api.users import of_number

MOST_MADE, MADE_WITHIN = 20, 3600

PROGRAM = Resource(
    "application-password",
    (
        Field("uuid", string("Unique identifier.", format="uuid"), lambda asked, one: one.uuid),
        Field("app_id", string("What the program calls itself.", maxLength=36), lambda asked, one: "", writable=True),
        Field(
            "name",
            string("What its user calls it.", maxLength=LONGEST_NAME, minLength=1, pattern=r".*\S.*"),
            lambda asked, one: one.name,
            writable=True,
        ),
        Field(
            "created",
            moment("When it was made, in UTC."),
            lambda asked, one: times.gmt(one.created_at),
            "view edit",
        ),
        Field(
            "last_used",
            moment("When it was used last, in UTC.", type=["string", "null"]),
            lambda asked, one: times.gmt(one.last_used_at) if one.last_used_at else None,
            "view edit",
        ),
        Field(
            "last_ip",
            string("From where it was used last.", type=["string", "null"]),
            lambda asked, one: one.last_address or None,
            "view edit",
        ),
    ),
)


def _may(verb: str, code: str) -> Callable[[Asked], None]:
    def check(asked: Asked) -> None:
        user = of_number(asked, "user_id")
        if not (asked.user and asked.user.id == user.id) and not asked.can("edit_users"):
            message = f"Sorry, you are not allowed to {verb} for this user."
            raise refused(asked.user, code, message)

    return check


def item(asked: Asked, one: ApplicationPassword) -> Item:
    at = asked.api(f"/users/{one.user_id}/application-passwords/{one.uuid}")
    return Item(PROGRAM.show(asked, one), {"self": [Link(at)]})


def index(asked: Asked) -> Reply:
    return with_items([item(asked, one) for one in ApplicationPassword.of(asked.db, of_number(asked, "user_id"))])


def create(asked: Asked) -> Reply:
    """Make one; this answer alone tells it, and nothing keeps the answer."""
    user = of_number(asked, "user_id")
    limit("program", str(user.id), MOST_MADE, MADE_WITHIN)
    name = " ".join(asked["name"].split())
    if any(one.name.casefold() == name.casefold() for one in ApplicationPassword.of(asked.db, user)):
        message = "Each application name should be unique."
        raise ApiError("application_password_duplicate_name", message, 409)
    try:
        made, password = ApplicationPassword.issue(asked.db, application().settings, user, name)
    except TooManyPrograms:
        message = "This user has as many application passwords as can be."
        raise ApiError("rest_too_many_application_passwords", message, 409) from None
    shown = item(asked.within("edit"), made)
    shown.data["password"] = password
    return Reply(shown, 201, {"Location": shown.links["self"][0].href})


def one(asked: Asked) -> ApplicationPassword:
    user = of_number(asked, "user_id")
    found = ApplicationPassword.with_uuid(asked.db, asked["uuid"])
    if found is None or found.user_id != user.id:
        raise ApiError("rest_application_password_not_found", "Application password not found.", 404)
    return found


def show(asked: Asked) -> Reply:
    return Reply(item(asked, one(asked)))


def update(asked: Asked) -> Reply:
    found = one(asked)
    found.name = " ".join((asked["name"] or found.name).split())
    return Reply(item(asked.within("edit"), found))


def destroy(asked: Asked) -> Reply:
    found = one(asked)
    previous = item(asked.within("edit"), found)
    found.revoke(asked.db)
    return deleted(previous)


def destroy_all(asked: Asked) -> Reply:
    every = ApplicationPassword.of(asked.db, of_number(asked, "user_id"))
    for found in every:
        found.revoke(asked.db)
    return Reply({"deleted": True, "count": len(every)})


OF_USER = "/wp/v2/users/(?P<user_id>(?:[\\d]+|me))/application-passwords"
USER_ID: Mapping[str, Schema] = {"user_id": string("Whose they are, or `me`.")}
UUID: Mapping[str, Schema] = {**USER_ID, "uuid": string("Unique identifier.")}
LISTS = _may("list application passwords", "rest_cannot_list_application_passwords")
READS = _may("read this application password", "rest_cannot_read_application_password")
MAKES = _may("create application passwords", "rest_cannot_create_application_passwords")
EDITS = _may("edit this application password", "rest_cannot_edit_application_password")
REVOKES = _may("delete this application password", "rest_cannot_delete_application_password")
REVOKES_ALL = _may("delete application passwords", "rest_cannot_delete_application_passwords")
ROUTES = (
    Route(
        OF_USER,
        (
            Endpoint(GET, index, ONE, LISTS),
            Endpoint(POST, create, PROGRAM.writable("name"), MAKES),
            Endpoint(DELETE, destroy_all, {}, REVOKES_ALL),
        ),
        PROGRAM,
        USER_ID,
    ),
    Route(
        f"{OF_USER}/(?P<uuid>[\\w\\-]+)",
        (
            Endpoint(GET, show, ONE, READS),
            Endpoint(EDIT, update, PROGRAM.writable(), EDITS),
            Endpoint(DELETE, destroy, {}, REVOKES),
        ),
        PROGRAM,
        UUID,
    ),
)

"""`wp.*` of users, and of the profile of whoever asks."""

from typing import Any

from sqlalchemy import func, select

from apps.chassis.people import LONGEST_NAME
from apps.mywordpress.accounts.models import LONGEST_BIOGRAPHY, LONGEST_SLUG, SlugTaken, User
from apps.mywordpress.accounts.roles import CAPABILITIES
from apps.mywordpress.freshness import changed
from apps.mywordpress.rpc.asked import MOST_LISTED, Asked, span
from apps.mywordpress.rpc.faults import FAILED, FORBIDDEN, WRONG_PARAMETERS, Fault, not_allowed
from apps.mywordpress.rpc.parameters import Sent

USUALLY = 50
LONGEST_OF_NAMES, LONGEST_URL = 80, 500
BASIC = ("username", "email", "registered", "display_name", "nicename")
# What an account simply takes over, where it is kept, and how long it may be.
PLAIN = {
    "first_name": ("first_name", LONGEST_OF_NAMES),
    "last_name": ("last_name", LONGEST_OF_NAMES),
    "url": ("url", LONGEST_URL),
    "nickname": ("name", LONGEST_NAME),
    "display_name": ("name", LONGEST_NAME),
    "bio": ("biography", LONGEST_BIOGRAPHY),
}
ORDERS: dict[str, Any] = {
    "id": User.id,
    "ID": User.id,
    "registered": User.created_at,
    "user_registered": User.created_at,
    "email": User.email,
    "nicename": User.slug,
}


def index(asked: Asked, filter: dict[str, Any], fields: list[str] | None) -> list[dict[str, Any]]:
    asked.need("list_users", "list users")
    sent, found = Sent(filter), select(User)
    if role := sent.get("role", default=""):
        if role not in CAPABILITIES:
            raise Fault(FORBIDDEN, "Invalid role.")
        found = found.where(User.role == role)
    if sent.get("who", default="") == "authors":
        found = found.where(User.role.in_(_writing()))
    column = ORDERS.get(sent.get("orderby", default=""), func.lower(User.name))
    is_falling = sent.get("order", default="ASC").upper() == "DESC"
    wanted, offset = span(sent, USUALLY)
    ordered = found.order_by(column.desc() if is_falling else column.asc(), User.id)
    return [_struct(asked, user, fields) for user in asked.db.scalars(ordered.limit(wanted).offset(offset))]


def _writing() -> list[str]:
    return [role for role, capabilities in CAPABILITIES.items() if "edit_posts" in capabilities]


def _struct(asked: Asked, user: User, fields: list[str] | None) -> dict[str, Any]:
    told = {
        "username": user.nicename,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "registered": asked.local(user.created_at),
        "bio": user.biography or "",
        "email": user.email,
        "nickname": user.name,
        "nicename": user.nicename,
        "url": user.url,
        "display_name": user.name,
        "roles": [user.role],
    }
    wanted = {"all"} if fields is None else set(fields)
    wanted |= set(BASIC) if "basic" in wanted else set()
    return {
        "user_id": str(user.id),
        **{name: value for name, value in told.items() if "all" in wanted or name in wanted},
    }


def show(asked: Asked, user_id: int, fields: list[str] | None) -> dict[str, Any]:
    if user_id != asked.user.id and not asked.can("edit_users"):
        raise not_allowed("edit this user")
    return _struct(asked, asked.found(User, user_id, "user"), fields)


def profile(asked: Asked, fields: list[str] | None) -> dict[str, Any]:
    return _struct(asked, asked.user, fields)


def edit(asked: Asked, content: dict[str, Any]) -> bool:
    """Change one's own profile; neither address nor password, which need the old one."""
    sent, user = Sent(content), asked.user
    for name, (column, longest) in PLAIN.items():
        if name in sent:
            setattr(user, column, _line(sent, name, longest))
    if not user.name:
        raise Fault(WRONG_PARAMETERS, "A display_name is needed.")
    if user.url and not user.url.startswith(("http://", "https://")):
        raise Fault(WRONG_PARAMETERS, "The url is no web address.")
    _call(asked, user, sent)
    asked.db.flush()
    changed()
    return True


def _line(sent: Sent, name: str, longest: int) -> str:
    text = sent.get(name)
    line: str = text.strip() if name == "bio" else " ".join(text.split())
    if len(line) > longest:
        raise Fault(WRONG_PARAMETERS, f"The {name} is too long: it may have {longest} characters.")
    return line


def _call(asked: Asked, user: User, sent: Sent) -> None:
    nicename = sent.get("nicename", default="")
    if not nicename or nicename == user.nicename:
        return
    try:
        user.call(asked.db, nicename[:LONGEST_SLUG])
    except SlugTaken:
        raise Fault(FAILED, "Sorry, somebody else is called so in addresses.") from None


def authors(asked: Asked) -> list[dict[str, str]]:
    """Those who write here, for a post to be given to."""
    asked.need("edit_posts", "edit posts")
    writing = select(User).where(User.role.in_(_writing())).order_by(func.lower(User.name), User.id)
    return [
        {"user_id": str(user.id), "user_login": user.nicename, "display_name": user.name}
        for user in asked.db.scalars(writing.limit(MOST_LISTED))
    ]

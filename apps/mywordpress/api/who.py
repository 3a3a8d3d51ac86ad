"""Who asks: a program by its password, or our own pages by the session. Pages of other sites ask as nobody."""

from flask import Request, Response

from apps.chassis.context import application
from apps.chassis.ratelimits import limit
from apps.chassis.security import SAFE_METHODS
from apps.mywordpress.accounts.guard import address, authenticate_program, current_user, visitor
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.programs import WrongProgram
from apps.mywordpress.api.errors import ApiError
from apps.mywordpress.media.uploads import FORM_BYTES, allow_uploads

# How often a stranger, and a program of somebody's, may ask within a minute.
MOST_BY_STRANGERS, MOST_BY_PROGRAMS = 600, 1_200
EXPOSED = "X-WP-Total, X-WP-TotalPages, Link"
TAKEN = "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type, X-HTTP-Method-Override"
METHODS = "OPTIONS, GET, POST, PUT, PATCH, DELETE"


def asking(asked: Request) -> User | None:
    """The user, or None for a stranger; raises ApiError for a wrong password, and TooManyRequests."""
    if "Authorization" in asked.headers:
        user = _by_password(asked)
    else:
        # A cookie counts from our own pages only, and is otherwise not even looked at.
        user = None if application().origins.is_foreign(asked) else _by_session(asked)
    if user is None:
        limit("api", address(), MOST_BY_STRANGERS, 60)
    else:
        limit("api", f"user-{user.id}", MOST_BY_PROGRAMS, 60)
    return user


def _by_session(asked: Request) -> User | None:
    # Reading goes on without the session store; whoever writes is not to hear that they are a stranger.
    return visitor() if asked.method in SAFE_METHODS else current_user()


def _by_password(asked: Request) -> User | None:
    try:
        return authenticate_program(asked)
    except WrongProgram:
        # The same for a name that nobody has.
        message = "The provided password is an invalid application password."
        raise ApiError("incorrect_password", message, 401) from None


def allow_body(asked: Request, user: User | None, *, takes_files: bool) -> None:
    """Let writers send long texts, however they are escaped, and files to where those go."""
    if user is None or not user.can("edit_posts"):
        return
    asked.max_content_length = asked.max_form_memory_size = FORM_BYTES
    if takes_files and user.can("upload_files"):
        allow_uploads()


def share(response: Response, asked: Request) -> None:
    """Let pages of other sites read the answer, and send what they may; never with a visitor's cookies."""
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers["Access-Control-Allow-Headers"] = TAKEN
    response.vary.add("Origin")
    if origin := asked.headers.get("Origin"):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = METHODS

"""Who is asking: the user of this request, by session or by application password, and views that need one."""

from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

from flask import Request, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis import visitors
from apps.chassis.columns import now
from apps.chassis.context import application, cache, db, session
from apps.chassis.errors import wants_json
from apps.chassis.jobs import enqueue
from apps.chassis.languages import gettext as _
from apps.chassis.ratelimits import limit
from apps.chassis.security import SAFE_METHODS
from apps.chassis.sessions import SessionUnavailable
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.programs import ApplicationPassword, WrongProgram

P = ParamSpec("P")

MOST_FAILURES, WINDOW_SECONDS = 60, 15 * 60
# How often it is noted that a program was here.
NOTED_SECONDS = 600


def current_user() -> User | None:
    """The signed-in user; raises SessionUnavailable if nobody can tell."""
    return visitors.signed_in(User)


def visitor() -> User | None:
    """The signed-in user for pages that everybody may read: without the session store, everybody is a guest."""
    try:
        return current_user()
    except SessionUnavailable:
        return None


def member() -> User:
    """The signed-in user of a view that needs one, in whatever role; a guest is sent to sign in."""
    return current_user() or turned_away()


def capable(capability: str) -> User:
    """The same, and 403 for whoever's role has not this capability of WordPress's."""
    user = member()
    if not user.can(capability):
        abort(403, _("Your role does not allow this."))
    return user


def writer() -> User:
    """The signed-in user of the desk: whoever may write at least drafts."""
    return capable("edit_posts")


def administrator() -> User:
    """The signed-in user who looks after the site."""
    return capable("manage_options")


def writers_only(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Turn visitors without a session away before the view does anything; the view then asks who it is.

    This asks the session alone, so that a view may do slow work before it opens a transaction.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if visitors.SIGNED_IN not in session():
            turned_away()
        return view(*args, **kwargs)

    return guarded


def only(capability: str) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Turn away from a view whoever is not signed in or has not this capability of WordPress's."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            capable(capability)
            return view(*args, **kwargs)

        return guarded

    return guard


def turned_away() -> NoReturn:
    """Lead to the sign-in page and back, or answer 401 where there is nothing to come back to."""
    if request.method in SAFE_METHODS and not wants_json():
        abort(redirect(url_for("accounts.new", next=request.full_path.rstrip("?")), 303))
    abort(401, _("Please sign in first; your session may have ended."))


def authenticate_program(asked: Request) -> User | None:
    """The user of a program that brings name and application password by HTTP's Basic scheme; None if it brings none.

    Raises WrongProgram, and TooManyRequests for whoever brings wrong ones again and again. A request with such a header
    always reads from the writer, so a password that was made or revoked a moment ago is known.
    """
    brought = asked.authorization
    if brought is None or brought.type != "basic":
        return None
    return program_user(brought.username or "", brought.password or "")


def program_user(name: str, password: str) -> User:
    """Whose program this is, by name and application password, as XML-RPC brings them; raises as above."""
    try:
        visit = ApplicationPassword.known(db(), application().settings, name, password)
    except WrongProgram:
        limit("program-failures", address(), MOST_FAILURES, WINDOW_SECONDS)
        raise
    noted = visit.program.id
    if cache().count(f"program/{noted}", NOTED_SECONDS) == 1:
        enqueue("note_program", program_id=noted, at=now().isoformat(), address=address(), hash=visit.hash)
    return visit.user


def address() -> str:
    """The visitor's network address, for counting."""
    return request.remote_addr or "unknown"

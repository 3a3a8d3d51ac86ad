"""Who is asking: the signed-in user of this request, and views that need one."""

from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis import visitors
from apps.chassis.context import session
from apps.chassis.errors import wants_json
from apps.chassis.security import SAFE_METHODS
from apps.chassis.sessions import SessionUnavailable
from apps.mywordpress.accounts.models import User

P = ParamSpec("P")


def current_user() -> User | None:
    """The signed-in user; raises SessionUnavailable if nobody can tell."""
    return visitors.signed_in(User)


def visitor() -> User | None:
    """The signed-in user for pages that everybody may read: without the session store, everybody is a guest."""
    try:
        return current_user()
    except SessionUnavailable:
        return None


def writer() -> User:
    """The signed-in user of a view that needs one; a guest is sent to sign in."""
    return current_user() or turned_away()


def administrator() -> User:
    """The same, and 403 for whoever is not an administrator."""
    user = writer()
    if not user.administers:
        abort(403, "Only an administrator may do this.")
    return user


def writers_only(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Turn visitors without a session away before the view does anything; the view then asks for its `writer`.

    This asks the session alone, so that a view may do slow work before it opens a transaction.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if visitors.SIGNED_IN not in session():
            turned_away()
        return view(*args, **kwargs)

    return guarded


def turned_away() -> NoReturn:
    """Lead to the sign-in page and back, or answer 401 where there is nothing to come back to."""
    if request.method in SAFE_METHODS and not wants_json():
        abort(redirect(url_for("accounts.new", next=request.full_path.rstrip("?")), 303))
    abort(401, "Please sign in first; your session may have ended.")


def address() -> str:
    """The visitor's network address, for counting."""
    return request.remote_addr or "unknown"

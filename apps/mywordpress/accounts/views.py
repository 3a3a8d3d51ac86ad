"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis import passwords
from apps.chassis.context import application, session
from apps.chassis.ratelimits import limit
from apps.chassis.transactions import after_commit
from apps.mywordpress.accounts.forms import SignInForm
from apps.mywordpress.accounts.guard import (
    address,
    current_user,
    revoke_sessions,
    sign_in,
    visitor,
    writer,
    writers_only,
)
from apps.mywordpress.accounts.models import User, normal_email

accounts = Blueprint("accounts", __name__)
accounts.add_app_template_global(visitor)

WRONG = "This email address and password do not belong together."
WINDOW_SECONDS = 15 * 60


@accounts.get("/sign-in")
def new() -> ResponseReturnValue:
    if current_user():
        return redirect(url_for("posts.index"), 303)
    return render_template("mywordpress/accounts/new.html", form=SignInForm(request.args))


@accounts.post("/sign-in")
def create() -> ResponseReturnValue:
    form = SignInForm(request.form)
    if not form.validate():
        return render_template("mywordpress/accounts/new.html", form=form), 422
    # Counted by address and by account, so that neither one guesser nor many at once get far.
    limit("sign-in-address", address(), 30, WINDOW_SECONDS)
    limit("sign-in-account", normal_email(form.email.data), 10, WINDOW_SECONDS)
    user = known(form.email.data)
    if not passwords.verify(user.password_hash if user else None, form.password.data) or user is None:
        form.form_errors.append(WRONG)
        return render_template("mywordpress/accounts/new.html", form=form), 422
    sign_in(user)
    return redirect(local(form.next.data) or url_for("posts.index"), 303)


@accounts.post("/sign-out")
def destroy() -> ResponseReturnValue:
    session().clear()
    return redirect(url_for("front.index"), 303)


@accounts.get("/account")
@writers_only
def show() -> ResponseReturnValue:
    return render_template("mywordpress/accounts/show.html", user=writer())


@accounts.post("/account/sessions/deletion")
@writers_only
def destroy_all() -> ResponseReturnValue:
    user = writer()
    owner = user.owner
    user.end_sessions()
    session().clear()
    after_commit(lambda: revoke_sessions(owner))
    return redirect(url_for("accounts.new", done="everywhere"), 303)


def known(email: str) -> User | None:
    """The user of this address, read from the writer and let go of: nobody waits while a password is checked."""
    database = application().database
    assert database is not None
    reading, _ = database.reader(pinned=True)
    with reading:
        return User.with_email(reading, email)


def local(path: str | None) -> str | None:
    """`path` if it stays on this site; a browser takes `//host` and `/\\host` for other sites."""
    if not path or not path.startswith("/") or path[1:2] in ("/", "\\"):
        return None
    return path if path.isprintable() else None

"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.context import session
from apps.chassis.people import normal_email
from apps.chassis.ratelimits import limit
from apps.chassis.visitors import authenticate, local_path, sign_in, sign_out_everywhere
from apps.mywordpress.accounts.forms import SignInForm
from apps.mywordpress.accounts.guard import address, current_user, visitor, writer, writers_only
from apps.mywordpress.accounts.models import User

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
    user = authenticate(User, form.email.data, form.password.data)
    if user is None:
        form.form_errors.append(WRONG)
        return render_template("mywordpress/accounts/new.html", form=form), 422
    sign_in(user)
    return redirect(local_path(form.next.data) or url_for("posts.index"), 303)


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
    sign_out_everywhere(writer())
    return redirect(url_for("accounts.new", done="everywhere"), 303)

"""Signing in and out, and asking for an account."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.accounts.forms import SignInForm
from apps.chassis.context import db, session
from apps.chassis.languages import gettext as _
from apps.chassis.languages import language
from apps.chassis.people import EmailTaken, normal_email
from apps.chassis.ratelimits import limit
from apps.chassis.visitors import authenticate, local_path, origin, sign_in, sign_out_everywhere
from apps.mywordpress.accounts.avatars import initials, tint
from apps.mywordpress.accounts.forms import NewUserForm
from apps.mywordpress.accounts.guard import address, current_user, member, visitor, writers_only
from apps.mywordpress.accounts.letters import REGISTRATION, account_letters
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.options.models import Options

accounts = Blueprint("accounts", __name__)
accounts.add_app_template_global(visitor)
accounts.add_app_template_filter(initials)
accounts.add_app_template_filter(tint)

WINDOW_SECONDS = 15 * 60


@accounts.get("/sign-in")
def new() -> ResponseReturnValue:
    user = current_user()
    if user:
        return redirect(home_of(user), 303)
    return sign_in_page(SignInForm(request.args))


@accounts.post("/sign-in")
def create() -> ResponseReturnValue:
    form = SignInForm(request.form)
    if not form.validate():
        return sign_in_page(form), 422
    # Counted by address and by account, so that neither one guesser nor many at once get far.
    limit("sign-in-address", address(), 30, WINDOW_SECONDS)
    limit("sign-in-account", normal_email(form.email.data), 10, WINDOW_SECONDS)
    user = authenticate(User, form.email.data, form.password.data)
    if user is None:
        form.form_errors.append(_("This email address and password do not belong together."))
        return sign_in_page(form), 422
    sign_in(user)
    return redirect(local_path(form.next.data) or home_of(user), 303)


@accounts.post("/sign-out")
def destroy() -> ResponseReturnValue:
    session().clear()
    return redirect(url_for("front.index"), 303)


@accounts.post("/account/sessions/deletion")
@writers_only
def destroy_all() -> ResponseReturnValue:
    sign_out_everywhere(member())
    return redirect(url_for("accounts.new", done="everywhere"), 303)


@accounts.get("/register")
def new_registration() -> ResponseReturnValue:
    must_be_open()
    return render_template("mywordpress/accounts/register.html", form=NewUserForm())


@accounts.post("/register")
def create_registration() -> ResponseReturnValue:
    """Send a link by which to choose a password. The answer does not tell whether the address has an account."""
    must_be_open()
    form = NewUserForm(request.form)
    if not form.validate():
        return render_template("mywordpress/accounts/register.html", form=form), 422
    limit("register-from", address(), 5, 3600)
    limit("register", normal_email(form.email.data), 3, 3600)
    try:
        user = User.add(db(), email=form.email.data, name=form.name.data, password_hash="", role=Role.SUBSCRIBER)
        user.language = language()
        account_letters.owe(db(), REGISTRATION, user, origin())
    except EmailTaken as taken:
        account_letters.owe_password_reset(db(), str(taken), language(), origin())
    return redirect(url_for("accounts.show_registration"), 303)


@accounts.get("/register/sent")
def show_registration() -> ResponseReturnValue:
    must_be_open()
    return render_template("mywordpress/accounts/registered.html")


def must_be_open() -> None:
    """404 unless the owner lets anybody register."""
    if not Options.read(db()).registration_open:
        abort(404, _("Nobody can register here by themselves."))


def home_of(user: User) -> str:
    """Where somebody begins who has just signed in."""
    return url_for("posts.index" if user.can("edit_posts") else "accounts.show")


def sign_in_page(form: SignInForm) -> str:
    return render_template(
        "mywordpress/accounts/new.html", form=form, registration_open=Options.read(db()).registration_open
    )

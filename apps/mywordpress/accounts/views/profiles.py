"""What users change about themselves."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.accounts.forms import EmailForm, PasswordForm
from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.mywordpress.accounts.forms import ROLES, ProfileForm, ProgramForm
from apps.mywordpress.accounts.guard import member, writers_only
from apps.mywordpress.accounts.models import SlugTaken, User
from apps.mywordpress.accounts.programs import ApplicationPassword
from apps.mywordpress.accounts.views.passwords import renewals
from apps.mywordpress.accounts.views.sessions import accounts
from apps.mywordpress.freshness import changed

profiles = Blueprint("profiles", __name__, url_prefix="/account")


@accounts.get("/account")
@writers_only
def show() -> ResponseReturnValue:
    return account_page(member())


@profiles.post("/profile")
@writers_only
def update() -> ResponseReturnValue:
    user, form = member(), ProfileForm(request.form)
    if not form.validate() or not take_over(user, form):
        return account_page(user, profile=form), 422
    return redirect(url_for("accounts.show", done="profile"), 303)


@profiles.post("/password")
@writers_only
def update_password() -> ResponseReturnValue:
    user, form = member(), PasswordForm(request.form, prefix="password-")
    return renewals.change_password(user, form) or (account_page(user, password=form), 422)


@profiles.post("/email")
@writers_only
def update_email() -> ResponseReturnValue:
    user, form = member(), EmailForm(request.form, prefix="email-")
    if not renewals.ask_at(user, form):
        return account_page(user, email=form), 422
    return redirect(url_for("accounts.show", done="email"), 303)


def take_over(user: User, form: ProfileForm) -> bool:
    """Make the profile what a valid form says; if its name in addresses is taken, the form says so."""
    try:
        user.call(db(), form.nicename.data)
    except SlugTaken:
        form.nicename.errors = [_("Somebody else has this name, or it cannot be one.")]
        return False
    for field in (form.name, form.first_name, form.last_name, form.url, form.biography, form.language):
        setattr(user, field.name, (field.data or "").strip())
    changed()
    return True


def account_page(user: User, **forms: Any) -> str:
    """The page of all forms, of which one may say what is wrong with it."""
    shown = {
        "profile": ProfileForm(obj=user),
        "password": PasswordForm(prefix="password-"),
        "email": EmailForm(prefix="email-"),
        "program": ProgramForm(prefix="program-"),
    } | forms
    programs = ApplicationPassword.of(db(), user)
    return render_template("mywordpress/accounts/show.html", user=user, forms=shown, programs=programs, roles=ROLES)

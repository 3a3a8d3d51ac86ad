"""Passwords for programs: made, shown once, and revoked."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.context import application, db
from apps.chassis.languages import gettext as _
from apps.chassis.ratelimits import limit
from apps.mywordpress.accounts.forms import ProgramForm
from apps.mywordpress.accounts.guard import member, writers_only
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.programs import ApplicationPassword, TooManyPrograms
from apps.mywordpress.accounts.views.profiles import account_page

programs = Blueprint("programs", __name__, url_prefix="/account/programs")


@programs.post("")
@writers_only
def create() -> ResponseReturnValue:
    """Make a password; this one answer shows it, so nothing keeps the page."""
    user, form = member(), ProgramForm(request.form, prefix="program-")
    limit("program", str(user.id), 20, 3600)
    if not form.validate():
        return account_page(user, program=form), 422
    try:
        program, password = ApplicationPassword.issue(db(), application().settings, user, form.name.data)
    except TooManyPrograms:
        form.name.errors = [_("You have as many as can be. Please revoke one first.")]
        return account_page(user, program=form), 409
    page = render_template("mywordpress/accounts/program.html", user=user, program=program, password=password)
    return page, 201, {"Cache-Control": "no-store"}


@programs.post("/<uuid>/deletion")
@writers_only
def destroy(uuid: str) -> ResponseReturnValue:
    user, program = member(), ApplicationPassword.with_uuid(db(), uuid)
    if program is None or not may_revoke(user, program):
        abort(404, _("There is no such password."))
    program.revoke(db())
    if program.user_id == user.id:
        return redirect(url_for("accounts.show", done="revoked"), 303)
    return redirect(url_for("users.edit", user_id=program.user_id, done="revoked"), 303)


def may_revoke(user: User, program: ApplicationPassword) -> bool:
    """Whoever looks after people may revoke what a stranger might hold."""
    return program.user_id == user.id or user.can("edit_users")

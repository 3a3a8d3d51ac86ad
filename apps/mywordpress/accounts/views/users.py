"""All accounts, for whoever looks after people."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from apps.chassis.accounts.letters import EMAIL_CHANGED
from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.chassis.paging import key_of
from apps.chassis.people import EmailTaken
from apps.chassis.ratelimits import limit
from apps.chassis.visitors import origin, shut_out
from apps.mywordpress.accounts.departures import depart, left_behind
from apps.mywordpress.accounts.forms import ROLES, AddressForm, HeirForm, InvitationForm, ProfileForm, RoleForm
from apps.mywordpress.accounts.guard import capable, writers_only
from apps.mywordpress.accounts.letters import INVITATION, account_letters
from apps.mywordpress.accounts.models import LastAdministrator, User
from apps.mywordpress.accounts.programs import ApplicationPassword
from apps.mywordpress.accounts.roles import Role
from apps.mywordpress.accounts.views.profiles import take_over
from apps.mywordpress.accounts.views.sessions import accounts
from apps.mywordpress.freshness import changed

users = Blueprint("users", __name__, url_prefix="/users")


@accounts.get("/authors")
def authors() -> ResponseReturnValue:
    """Where the list of users stood before."""
    return redirect(url_for("users.index"), 301)


@users.get("")
@writers_only
def index() -> ResponseReturnValue:
    capable("list_users")
    text, role = request.args.get("q", "").strip()[:200], request.args.get("role", "")
    role = role if role in ROLES else ""
    page = User.search(db(), text, role, request.args.get("before", type=key_of))
    counts = User.counts(db())
    return render_template("mywordpress/users/index.html", page=page, counts=counts, roles=ROLES, text=text, role=role)


@users.get("/new")
@writers_only
def new() -> ResponseReturnValue:
    capable("create_users")
    return render_template("mywordpress/users/new.html", form=InvitationForm())


@users.post("")
@writers_only
def create() -> ResponseReturnValue:
    capable("create_users")
    form = InvitationForm(request.form)
    if not form.validate():
        return render_template("mywordpress/users/new.html", form=form), 422
    try:
        added = User.add(db(), email=form.email.data, name=form.name.data, password_hash="", role=Role(form.role.data))
    except EmailTaken:
        form.email.errors = [_("Somebody with this address has an account already.")]
        return render_template("mywordpress/users/new.html", form=form), 422
    account_letters.owe(db(), INVITATION, added, origin())
    return redirect(url_for("users.index", done="invited"), 303)


@users.get("/<int:user_id>")
@writers_only
def edit(user_id: int) -> ResponseReturnValue:
    capable("edit_users")
    return user_page(found(user_id))


@users.post("/<int:user_id>")
@writers_only
def update(user_id: int) -> ResponseReturnValue:
    capable("edit_users")
    user, form = found(user_id), ProfileForm(request.form)
    if not form.validate() or not take_over(user, form):
        return user_page(user, profile=form), 422
    return redirect(url_for("users.edit", user_id=user.id, done="saved"), 303)


@users.post("/<int:user_id>/email")
@writers_only
def update_email(user_id: int) -> ResponseReturnValue:
    """Move somebody to another address. The one before is told, in case that was no administrator's idea."""
    capable("edit_users")
    user, form = found(user_id), AddressForm(request.form, prefix="email-")
    if not form.validate():
        return user_page(user, email=form), 422
    before = user.email
    try:
        user.move_to(db(), form.email.data)
    except EmailTaken:
        form.email.errors = [_("Somebody with this address has an account already.")]
        return user_page(user, email=form), 422
    account_letters.owe(db(), EMAIL_CHANGED, user, origin(), before)
    return redirect(url_for("users.edit", user_id=user.id, done="saved"), 303)


@users.post("/<int:user_id>/role")
@writers_only
def update_role(user_id: int) -> ResponseReturnValue:
    actor, user, form = capable("promote_users"), found(user_id), RoleForm(request.form, prefix="role-")
    if not form.validate():
        return user_page(user, role=form), 422
    if user.id == actor.id:
        abort(409, _("Nobody changes their own role. Ask another administrator."))
    try:
        user.appoint_as(db(), form.role.data)
    except LastAdministrator:
        abort(409, _("This is the last administrator."))
    return redirect(url_for("users.edit", user_id=user.id, done="role"), 303)


@users.post("/<int:user_id>/invitation")
@writers_only
def create_invitation(user_id: int) -> ResponseReturnValue:
    """Send the link to the first password once more."""
    capable("create_users")
    user = found(user_id)
    if not user.is_invited:
        abort(409, _("They have chosen a password already."))
    limit("invitation", str(user.id), 5, 3600)
    account_letters.owe(db(), INVITATION, user, origin())
    return redirect(url_for("users.edit", user_id=user.id, done="invited"), 303)


@users.post("/<int:user_id>/sessions/deletion")
@writers_only
def destroy_sessions(user_id: int) -> ResponseReturnValue:
    capable("edit_users")
    user = found(user_id)
    shut_out(user)
    return redirect(url_for("users.edit", user_id=user.id, done="sessions"), 303)


@users.get("/<int:user_id>/deletion")
@writers_only
def delete(user_id: int) -> ResponseReturnValue:
    actor = capable("delete_users")
    return deletion_page(found(user_id), actor)


@users.post("/<int:user_id>/deletion")
@writers_only
def destroy(user_id: int) -> ResponseReturnValue:
    actor, user = capable("delete_users"), found(user_id)
    if user.id == actor.id:
        abort(409, _("Nobody deletes themselves. Ask another administrator."))
    form = heirs(user, HeirForm(request.form))
    if not form.validate():
        return deletion_page(user, actor, form), 422
    try:
        shut_out(user)
        depart(db(), user, db().get_one(User, form.heir.data))
    except LastAdministrator:
        abort(409, _("This is the last administrator."))
    changed()
    return redirect(url_for("users.index", done="deleted"), 303)


def found(user_id: int) -> User:
    """The user of this number, or 404."""
    return db().get(User, user_id) or abort(404, _("There is no such user."))


def user_page(user: User, **forms: Any) -> str:
    """All that can be changed about somebody; one of the forms may say what is wrong with it."""
    shown = {
        "profile": ProfileForm(obj=user),
        "role": RoleForm(obj=user, prefix="role-"),
        "email": AddressForm(obj=user, prefix="email-"),
    } | forms
    programs = ApplicationPassword.of(db(), user)
    return render_template("mywordpress/users/edit.html", of=user, forms=shown, programs=programs, roles=ROLES)


def deletion_page(user: User, actor: User, form: HeirForm | None = None) -> str:
    shown = form or heirs(user, HeirForm(heir=actor.id))
    return render_template("mywordpress/users/delete.html", of=user, form=shown, left=left_behind(db(), user))


def heirs(user: User, form: HeirForm) -> HeirForm:
    """The form with everybody else who writes here to choose from."""
    writers = (other for other in User.everybody(db()) if other.id != user.id and other.can("edit_posts"))
    form.heir.choices = [SelectChoice(other.id, f"{other.name} ({other.email})") for other in writers]
    return form

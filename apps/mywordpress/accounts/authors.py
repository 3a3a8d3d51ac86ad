"""The authors of this journal, as an administrator sees them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis import passwords
from apps.chassis.context import db
from apps.chassis.people import EmailTaken
from apps.mywordpress.accounts.forms import AuthorForm
from apps.mywordpress.accounts.guard import administrator, writers_only
from apps.mywordpress.accounts.models import Role, User

authors = Blueprint("authors", __name__, url_prefix="/authors")


@authors.get("")
@writers_only
def index() -> ResponseReturnValue:
    administrator()
    return render_template("mywordpress/accounts/authors.html", authors=User.everybody(db()))


@authors.get("/new")
@writers_only
def new() -> ResponseReturnValue:
    administrator()
    return render_template("mywordpress/accounts/new_author.html", form=AuthorForm())


@authors.post("")
@writers_only
def create() -> ResponseReturnValue:
    form = AuthorForm(request.form)
    is_valid = form.validate()
    password_hash = passwords.hash(form.password.data) if is_valid else ""
    administrator()
    if is_valid:
        try:
            User.add(
                db(),
                email=form.email.data,
                name=form.name.data,
                password_hash=password_hash,
                role=Role(form.role.data),
            )
            return redirect(url_for("authors.index", done="created"), 303)
        except EmailTaken:
            form.email.errors = ["Somebody with this address writes here already."]
    return render_template("mywordpress/accounts/new_author.html", form=form), 422

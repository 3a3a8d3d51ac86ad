"""The authors of this journal, as an administrator sees them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.context import db
from apps.mywordpress.accounts.forms import AuthorForm
from apps.mywordpress.accounts.guard import administrators_only
from apps.mywordpress.accounts.models import EmailTaken, Role, User

authors = Blueprint("authors", __name__, url_prefix="/authors")


@authors.get("")
@administrators_only
def index() -> ResponseReturnValue:
    return render_template("mywordpress/accounts/authors.html", authors=User.everybody(db()))


@authors.get("/new")
@administrators_only
def new() -> ResponseReturnValue:
    return render_template("mywordpress/accounts/new_author.html", form=AuthorForm())


@authors.post("")
@administrators_only
def create() -> ResponseReturnValue:
    form = AuthorForm(request.form)
    if form.validate():
        try:
            User.add(db(), form.email.data, form.name.data, form.password.data, Role(form.role.data))
            return redirect(url_for("authors.index", done="created"), 303)
        except EmailTaken:
            form.email.errors = ["Somebody with this address writes here already."]
    return render_template("mywordpress/accounts/new_author.html", form=form), 422

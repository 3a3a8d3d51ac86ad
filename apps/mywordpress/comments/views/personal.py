"""What is kept of commenters: no more mail by a link, and told or forgotten by an administrator."""

import json

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from apps.chassis.accounts.renewals import keep_private
from apps.chassis.context import application, db
from apps.chassis.languages import gettext as _
from apps.chassis.ratelimits import limit
from apps.mywordpress.accounts.guard import administrator, writers_only
from apps.mywordpress.comments.forms import PersonForm
from apps.mywordpress.comments.letters import reader_of
from apps.mywordpress.comments.privacy import erase, everything_about, stop_replies

personal = Blueprint("personal", __name__, url_prefix="/comments")
personal.after_request(keep_private)


@personal.get("/replies")
def edit_replies() -> ResponseReturnValue:
    """The page behind the link in a mail; it only asks, for programs that look through mail follow links."""
    token = request.args.get("token", "")
    return render_template("mywordpress/comments/replies.html", email=reader(token), token=token)


@personal.post("/replies/deletion")
def destroy_replies() -> ResponseReturnValue:
    email = reader(request.form.get("token", ""))
    stop_replies(db(), email)
    return render_template("mywordpress/comments/replies.html", email=email, token=None)


@personal.get("/privacy")
@writers_only
def index() -> ResponseReturnValue:
    administrator()
    return render_template("mywordpress/comments/privacy.html", form=PersonForm())


@personal.post("/privacy/export")
@writers_only
def create_export() -> ResponseReturnValue:
    """All that came with an address, as JSON. A POST, since an address is nobody's business but its owner's."""
    user, form = administrator(), PersonForm(request.form)
    limit("privacy", str(user.id), 60, 3600)
    if not form.validate():
        return render_template("mywordpress/comments/privacy.html", form=form), 422
    text = json.dumps(everything_about(db(), form.email.data), ensure_ascii=False, indent=2)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="comments.json"'
    return response


@personal.post("/privacy/erasure")
@writers_only
def create_erasure() -> ResponseReturnValue:
    administrator()
    form = PersonForm(request.form)
    if not form.validate():
        return render_template("mywordpress/comments/privacy.html", form=form), 422
    return redirect(url_for("personal.index", done="erased", count=erase(db(), form.email.data)), 303)


def reader(token: str) -> str:
    """Who reads the mail that this link stood in, or 404."""
    return reader_of(application().settings, token) or abort(404, _("This link is not ours."))

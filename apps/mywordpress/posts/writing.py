"""While somebody writes: what they have so far is kept, and two who have one post open are told of each other."""

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.context import db
from apps.chassis.identifiers import number
from apps.chassis.languages import gettext as _
from apps.mywordpress.accounts.guard import writer, writers_only
from apps.mywordpress.posts.columns import LONGEST_BODY, LONGEST_EXCERPT, LONGEST_TITLE
from apps.mywordpress.posts.history import Autosave, EditLock
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.rendering import clean_text
from apps.mywordpress.posts.views import own

writing = Blueprint("writing", __name__, url_prefix="/posts")

# Also half a text is worth keeping, but none that could never be saved.
LONGEST = {"title": LONGEST_TITLE, "excerpt": LONGEST_EXCERPT, "body": LONGEST_BODY}


@writing.post("/<int:post_id>/autosave")
@writers_only
def create_autosave(post_id: int) -> ResponseReturnValue:
    """Keep what is in the form, for this writer alone; the post stays as it is."""
    post, version = own(post_id), request.form.get("version", type=number)
    if version is None or not 0 < version <= post.version:
        abort(422, _("This is not a version of the post."))
    title, excerpt, body = (clean_text(request.form.get(name, "")) for name in ("title", "excerpt", "body"))
    for name, text in (("title", title), ("excerpt", excerpt), ("body", body)):
        if len(text) > LONGEST[name]:
            abort(422, _("This is too long to be kept."))
    Autosave.keep(db(), post.id, writer().id, version, (title, excerpt, body))
    return jsonify(version=post.version)


@writing.post("/<int:post_id>/autosave/deletion")
@writers_only
def destroy_autosave(post_id: int) -> ResponseReturnValue:
    post = own(post_id)
    Autosave.discard(db(), post.id, writer().id)
    return redirect(url_for("posts.edit", post_id=post.id), 303)


@writing.post("/<int:post_id>/presence")
@writers_only
def create_presence(post_id: int) -> ResponseReturnValue:
    """This writer has the post open; answers who else has, and the version that is stored by now."""
    post, user = own(post_id), writer()
    EditLock.beat(db(), post.id, user.id)
    others = EditLock.others(db(), [post.id], user.id).get(post.id, [])
    return jsonify(others=others, version=post.version, told=told(others))


@writing.post("/<int:post_id>/presence/deletion")
@writers_only
def destroy_presence(post_id: int) -> ResponseReturnValue:
    post = db().get(Post, post_id)
    if post is not None:
        EditLock.leave(db(), post.id, writer().id)
    return "", 204


def told(others: list[str]) -> str:
    """Who else has it open, in a sentence; empty for nobody."""
    if not others:
        return ""
    return _(
        "%(names)s has this open too. Whoever saves second is asked to bring both texts together.",
        names=", ".join(others),
    )

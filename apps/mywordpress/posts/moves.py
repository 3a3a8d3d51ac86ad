"""Publishing, review, trash and deletion, of one post or of many at once."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict, NotFound

from apps.chassis.context import db
from apps.chassis.errors import show as show_error
from apps.chassis.identifiers import number
from apps.chassis.languages import gettext as _
from apps.chassis.languages import with_lang
from apps.mywordpress.accounts.guard import writer, writers_only
from apps.mywordpress.accounts.models import User
from apps.mywordpress.freshness import changed
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.states import InTrash, PostGone

moves = Blueprint("moves", __name__, url_prefix="/posts")

MOST_AT_ONCE = 100

Verb = Callable[[Session], None]


@moves.post("/<int:post_id>/publication")
@writers_only
def create_publication(post_id: int) -> ResponseReturnValue:
    post = one(post_id, Post.may_be_published_by)
    move(post, post.publish)
    return redirect(with_lang(post.path), 303)


@moves.post("/<int:post_id>/publication/deletion")
@writers_only
def destroy_publication(post_id: int) -> ResponseReturnValue:
    post = one(post_id, Post.may_be_edited_by)
    move(post, post.unpublish)
    return redirect(url_for("posts.edit", post_id=post.id, done="unpublished"), 303)


@moves.post("/<int:post_id>/review")
@writers_only
def create_review(post_id: int) -> ResponseReturnValue:
    post = one(post_id, Post.may_be_edited_by)
    move(post, post.submit)
    return redirect(url_for("posts.edit", post_id=post.id, done="submitted"), 303)


@moves.post("/<int:post_id>/trash")
@writers_only
def create_trash(post_id: int) -> ResponseReturnValue:
    post = one(post_id, Post.may_be_deleted_by)
    move(post, post.trash)
    return redirect(to_list(post.kind, done="trashed", undo=post.id), 303)


@moves.post("/<int:post_id>/trash/deletion")
@writers_only
def destroy_trash(post_id: int) -> ResponseReturnValue:
    post = one(post_id, Post.may_be_deleted_by)
    move(post, post.restore)
    return redirect(to_list(post.kind, done="restored"), 303)


@moves.post("/<int:post_id>/deletion")
@writers_only
def destroy(post_id: int) -> ResponseReturnValue:
    post = one(post_id, Post.may_be_deleted_by)
    kind = post.kind
    move(post, post.delete)
    return redirect(to_list(kind, done="deleted"), 303)


VERBS: dict[str, tuple[str, Callable[[Post], Verb]]] = {
    "trash": ("trashed", lambda post: post.trash),
    "restore": ("restored", lambda post: post.restore),
    "delete": ("deleted", lambda post: post.delete),
}


@moves.post("/selection")
@writers_only
def create_selection() -> ResponseReturnValue:
    """Do one thing with all posts that were marked; those that this writer may not delete are left alone."""
    user = writer()
    done, verb = VERBS.get(request.form.get("act", ""), (None, None))
    if done is None or verb is None:
        abort(400, _("Please say what is to be done with them."))
    marked = request.form.getlist("id", type=number)[:MOST_AT_ONCE]
    mine = [post for post_id in marked if (post := db().get(Post, post_id)) and post.may_be_deleted_by(user)]
    for post in mine:
        move(post, verb(post))
    kind = Kind.PAGE if request.form.get("kind") == Kind.PAGE else Kind.POST
    return redirect(to_list(kind, done=done, count=len(mine), left=len(marked) - len(mine) or None), 303)


@moves.errorhandler(InTrash)
def keep_out(error: InTrash) -> ResponseReturnValue:
    """Nothing is done with what is in the trash."""
    return show_error(Conflict(_("This post is in the trash. Restore it first; nothing has been changed.")))


@moves.errorhandler(PostGone)
def tell_gone(error: PostGone) -> ResponseReturnValue:
    """Whoever is second finds nothing."""
    return show_error(NotFound(_("There is no such post.")))


def one(post_id: int, may: Callable[[Post, User], bool]) -> Post:
    """The post, if this writer may do that with it."""
    post = db().get(Post, post_id)
    if post is None:
        abort(404, _("There is no such post."))
    if not may(post, writer()):
        abort(403, _("Your account may not do this with this post."))
    return post


def move(post: Post, verb: Verb) -> None:
    """Bring it to another state; readers' pages are out of date if they show it before or after that."""
    was_seen = post.is_seen
    verb(db())
    if was_seen or post.is_seen:
        changed()


def to_list(kind: str, **said: Any) -> str:
    """The address of the list of a kind."""
    return url_for("pages.index" if kind == Kind.PAGE else "posts.index", **said)

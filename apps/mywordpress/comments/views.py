"""Comments of readers, and their moderation by authors."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.context import cache, db
from apps.chassis.identifiers import number
from apps.chassis.ratelimits import limit
from apps.mywordpress.accounts.guard import address, current_user, writer, writers_only
from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.forms import CommentForm, WriterCommentForm
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.pages import forget

comments = Blueprint("comments", __name__)

PER_PAGE = 30


@comments.post("/posts/<int:post_id>/comments")
def create(post_id: int) -> ResponseReturnValue:
    post, user = db().get(Post, post_id), current_user()
    if post is None or not post.published:
        abort(404, "There is no such post.")
    form = WriterCommentForm(request.form) if user else CommentForm(request.form)
    if not form.validate():
        return render_template("mywordpress/comments/new.html", form=form, post=post, user=user), 422
    if user is None:
        limit("comment", address(), 6, 600)
        if form.website.data:
            # A robot learns nothing from an answer that looks like every other.
            return redirect(f"{post.path}?done=held#comments", 303)
    return left(post, user, form)


@comments.get("/comments")
@writers_only
def index() -> ResponseReturnValue:
    held = request.args.get("state") != "shown"
    before = request.args.get("before", type=number)
    found = Comment.of_writer(db(), writer(), held=held, before=before, limit=PER_PAGE + 1)
    older = found[PER_PAGE - 1].id if len(found) > PER_PAGE else None
    return render_template("mywordpress/comments/index.html", comments=found[:PER_PAGE], older=older, held=held)


@comments.post("/comments/<int:comment_id>/approval")
@writers_only
def create_approval(comment_id: int) -> ResponseReturnValue:
    comment = moderated(comment_id)
    comment.approve(db())
    return redirect(url_for("comments.index", done="approved"), 303)


@comments.post("/comments/<int:comment_id>/deletion")
@writers_only
def destroy(comment_id: int) -> ResponseReturnValue:
    comment = moderated(comment_id)
    comment.remove(db())
    return redirect(url_for("comments.index", done="deleted", state=request.args.get("state")), 303)


def left(post: Post, user: User | None, form: CommentForm | WriterCommentForm) -> ResponseReturnValue:
    """Store the comment and lead back to it, or to the note that it is held."""
    name, email = ("", "") if user else (form.name.data, form.email.data)
    comment = Comment.leave(db(), post, name=name, email=email, text=form.text.data, user=user)
    # A guest hears the same about words that are there already, or guessing addresses would tell whose they are.
    if user is None or not comment.approved:
        return redirect(f"{post.path}?done=held#comments", 303)
    forget(cache(), post.slug)
    return redirect(f"{post.path}#comment-{comment.id}", 303)


def moderated(comment_id: int) -> Comment:
    """The comment, if it is on a post that this writer may change; its page will be made anew."""
    comment = db().get(Comment, comment_id)
    if comment is None:
        abort(404, "There is no such comment.")
    if not comment.post.may_be_changed_by(writer()):
        abort(403, "This comment is on another author's post.")
    forget(cache(), comment.post.slug)
    return comment

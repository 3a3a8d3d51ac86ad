"""Leaving a comment. The form stands on pages that are the same for everybody; what is said to one comes from here."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from apps.chassis.context import application, db, reads_writer
from apps.chassis.languages import gettext as _
from apps.chassis.languages import language, with_lang
from apps.chassis.ratelimits import limit
from apps.chassis.visitors import origin
from apps.mywordpress.accounts.guard import address, current_user
from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.forms import CommentForm, WriterCommentForm
from apps.mywordpress.comments.models import Comment
from apps.mywordpress.comments.posting import CommentsClosed, Left, say
from apps.mywordpress.comments.threads import Talk
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import State
from apps.mywordpress.posts.locks import Locks
from apps.mywordpress.posts.models import Post

posting = Blueprint("posting", __name__)

MOST_OF_GUESTS, MOST_OF_MEMBERS, WINDOW_SECONDS = 6, 20, 600


@posting.post("/posts/<int:post_id>/comments")
def create(post_id: int) -> ResponseReturnValue:
    post, user = db().get(Post, post_id), current_user()
    if post is None or not post.may_be_read_by(user) or not post.path or post.state == State.TRASH:
        abort(404, _("There is no such post."))
    if not Locks(application().settings).is_open(post, request):
        abort(403, _("Please open the post with its password first."))
    form = WriterCommentForm(request.form) if user else CommentForm(request.form)
    if not form.validate():
        return again(form, post, user, 422)
    if isinstance(form, CommentForm) and form.subject.data:
        # A robot learns nothing from an answer that looks like every other.
        return held(post)
    slow_down(user)
    parent = Comment.answerable(db(), post, form.parent.number)
    if form.parent.number and parent is None:
        form.form_errors = [_("What you answer is not there any more.")]
        return again(form, post, user, 422)
    return left(form, post, user, parent)


@posting.get("/comments/<int:comment_id>")
@reads_writer
def show(comment_id: int) -> ResponseReturnValue:
    """Where readers find the comment."""
    comment = db().get(Comment, comment_id)
    if comment is None or not comment.approved or not comment.post.published:
        abort(404, _("There is no such comment."))
    return redirect(place_of(comment, Options.read(db())), 303)


def left(
    form: CommentForm | WriterCommentForm, post: Post, user: User | None, parent: Comment | None
) -> ResponseReturnValue:
    """Store the comment and lead back to it, or to the note that it is held."""
    said = form.said(address=address(), user_agent=request.user_agent.string, language=language())
    options = Options.read(db())
    try:
        new = say(db(), post, said, options=options, user=user, parent=parent, origin=origin())
    except CommentsClosed:
        form.form_errors = [_("This post takes no comments any more.")]
        return again(form, post, user, 403)
    return answer(new, options, user)


def answer(new: Left, options: Options, user: User | None) -> ResponseReturnValue:
    # A guest hears the same about words that are there already, or guessing addresses would tell whose they are.
    if not new.comment.approved or (user is None and not new.is_new):
        return held(new.comment.post)
    return redirect(place_of(new.comment, options), 303)


def held(post: Post) -> ResponseReturnValue:
    return redirect(with_lang(f"{post.path}?done=held") + "#comments", 303)


def again(form: CommentForm | WriterCommentForm, post: Post, user: User | None, status: int) -> ResponseReturnValue:
    """The form with everything that was typed, and what is wrong with it."""
    above = Comment.answerable(db(), post, getattr(form.parent, "number", None))
    page = render_template("mywordpress/comments/new.html", form=form, post=post, user=user, above=above)
    return page, status, {"Cache-Control": "no-store"}


def slow_down(user: User | None) -> None:
    """Let nobody say more than a person would."""
    if user is None:
        limit("comment", address(), MOST_OF_GUESTS, WINDOW_SECONDS)
    else:
        limit("comment-of", str(user.id), MOST_OF_MEMBERS, WINDOW_SECONDS)


def place_of(comment: Comment, options: Options) -> str:
    """The address of a comment on the page of its post where it stands."""
    page = Talk.page_of(db(), comment, options)
    path = f"{comment.post.path}?cpage={page}" if page > 1 else comment.post.path
    return f"{with_lang(path)}#comment-{comment.id}"

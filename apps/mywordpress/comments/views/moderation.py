"""The queue of moderators: all comments that they may decide about."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.context import db, reads_writer
from apps.chassis.identifiers import number
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later
from apps.chassis.paging import key_of
from apps.chassis.visitors import origin
from apps.mywordpress.accounts.guard import address, member, writer, writers_only
from apps.mywordpress.accounts.models import User
from apps.mywordpress.comments.desk import ALL, Asked, all_of, chosen, counts, queue
from apps.mywordpress.comments.forms import EditForm, TextForm
from apps.mywordpress.comments.models import Comment, State
from apps.mywordpress.comments.posting import edit as change
from apps.mywordpress.comments.posting import moderate, remove, say
from apps.mywordpress.comments.rules import APPROVED, Said
from apps.mywordpress.options.models import Options

comments = Blueprint("comments", __name__, url_prefix="/comments")

MOST_AT_ONCE = 100
MOST_EMPTIED = 1000
# What a button says to be done, and the status that comes of it; none is: deleted for good.
VERBS = {
    "approve": APPROVED,
    "hold": State.HOLD,
    "spam": State.SPAM,
    "trash": State.TRASH,
    "restore": State.HOLD,
    "delete": None,
}
# What narrows the queue down, and stays so while one works through it.
FILTERS = ("status", "q", "kind", "post")
NAMES = {
    ALL: later("All"),
    State.HOLD: later("Waiting"),
    APPROVED: later("Approved"),
    State.SPAM: later("Spam"),
    State.TRASH: later("Trash"),
}


@comments.get("")
@reads_writer
@writers_only
def index() -> ResponseReturnValue:
    user, asked = writer(), wanted()
    page = queue(db(), user, asked)
    return render_template(
        "mywordpress/comments/index.html", page=page, asked=asked, counts=counts(db(), user), names=NAMES
    )


@comments.post("/moderation")
@writers_only
def update_all() -> ResponseReturnValue:
    """Do one thing to all that are marked, or to the one beside whose text a button was pressed."""
    user = writer()
    verb, _colon, one = request.form.get("one", "").partition(":")
    verb = verb or request.form.get("do", "")
    if verb not in VERBS:
        abort(422, _("Please choose what to do."))
    found = chosen(db(), user, numbers_of([one] if one else request.form.getlist("id")))
    done(found, VERBS[verb], user)
    return back(verb, len(found))


@comments.post("/emptying")
@writers_only
def destroy_all() -> ResponseReturnValue:
    """Delete all spam, or the trash."""
    user, status = writer(), request.form.get("status", "")
    if status not in (State.SPAM, State.TRASH):
        abort(422, _("Please choose what to do."))
    found = all_of(db(), user, status, MOST_EMPTIED)
    remove(db(), found)
    return back("delete", len(found))


@comments.get("/<int:comment_id>/edit")
@reads_writer
@writers_only
def edit(comment_id: int) -> ResponseReturnValue:
    comment = moderated(comment_id)
    return page_of(comment, EditForm(obj=comment))


@comments.post("/<int:comment_id>")
@writers_only
def update(comment_id: int) -> ResponseReturnValue:
    comment, form = moderated(comment_id), EditForm(request.form)
    if not form.validate():
        return page_of(comment, form), 422
    change(db(), comment, Said(form.text.data, form.name.data, form.email.data or "", form.url.data or ""))
    return redirect(url_for("comments.edit", comment_id=comment.id, done="saved"), 303)


@comments.post("/<int:comment_id>/replies")
@writers_only
def create_reply(comment_id: int) -> ResponseReturnValue:
    """Answer a comment, which is thereby approved."""
    user, comment, form = member(), moderated(comment_id), TextForm(request.form)
    if not form.validate():
        abort(422, " ".join(form.text.errors))
    options = Options.read(db())
    moderate(db(), [comment], APPROVED, options=options, moderator=user, origin=origin())
    said = Said(form.text.data, address=address(), user_agent=request.user_agent.string)
    say(db(), comment.post, said, options=options, user=user, parent=comment, origin=origin())
    return back("reply", 1)


def wanted() -> Asked:
    """What the address asks for; what it does not say in words that we know is left out."""
    status = request.args.get("status", State.HOLD)
    return Asked(
        status=status if status in NAMES else State.HOLD,
        text=request.args.get("q", "").strip()[:200],
        mentions=request.args.get("kind") == "mentions",
        post_id=request.args.get("post", type=number),
        before=request.args.get("before", type=key_of),
    )


def done(found: list[Comment], status: str | None, user: User) -> None:
    if status is None:
        remove(db(), found)
    else:
        moderate(db(), found, status, options=Options.read(db()), moderator=user, origin=origin())


def numbers_of(texts: list[str]) -> list[int]:
    """The numbers of comments that a form names."""
    try:
        return [number(text) for text in texts[:MOST_AT_ONCE]]
    except ValueError:
        abort(422, _("There is no such comment."))


def back(verb: str, count: int) -> ResponseReturnValue:
    """To the part of the queue where the form stood, with what was done."""
    kept: dict[str, Any] = {name: request.form.get(f"back-{name}") or None for name in FILTERS}
    return redirect(url_for("comments.index", **kept, done=verb, count=count), 303)


def moderated(comment_id: int) -> Comment:
    """The comment, if whoever asks may decide about it."""
    user, comment = writer(), db().get(Comment, comment_id)
    if comment is None:
        abort(404, _("There is no such comment."))
    if not comment.may_be_moderated_by(user):
        abort(403, _("This comment is on another author's post."))
    return comment


def page_of(comment: Comment, form: EditForm) -> str:
    return render_template("mywordpress/comments/edit.html", comment=comment, form=form, names=NAMES)

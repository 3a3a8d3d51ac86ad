"""What a post was: its revisions, what changed between two of them, and back to one."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.context import db, reads_writer
from apps.chassis.identifiers import number
from apps.chassis.languages import gettext as _
from apps.mywordpress.accounts.guard import writer, writers_only
from apps.mywordpress.freshness import changed
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Format
from apps.mywordpress.posts.differences import difference
from apps.mywordpress.posts.editor import zone_of
from apps.mywordpress.posts.history import Revision
from apps.mywordpress.posts.models import EditConflict
from apps.mywordpress.posts.states import InTrash
from apps.mywordpress.posts.views import own

revisions = Blueprint("revisions", __name__, url_prefix="/posts/<int:post_id>/revisions")


@revisions.get("")
@reads_writer
@writers_only
def index(post_id: int) -> ResponseReturnValue:
    """The revisions of a post, and the difference between two: the newest and the one before it, unless asked."""
    post = own(post_id)
    kept = Revision.of_post(db(), post.id)
    by_id = {one.id: one for one in kept}
    after = by_id.get(request.args.get("after", type=number) or 0) or (kept[0] if kept else None)
    before = by_id.get(request.args.get("before", type=number) or 0) or _previous(kept, after)
    context = {
        "post": post,
        "revisions": kept,
        "after": after,
        "before": before,
        "differences": _differences(before, after) if before and after else [],
        "zone": zone_of(Options.read(db())),
    }
    return render_template("mywordpress/posts/revisions.html", **context)


@revisions.post("/<int:revision_id>/restoration")
@writers_only
def create_restoration(post_id: int, revision_id: int) -> ResponseReturnValue:
    """Save the words of a revision again; what was there until now stays among the revisions."""
    post, user = own(post_id), writer()
    kept = db().get(Revision, revision_id)
    if kept is None or kept.post_id != post.id:
        abort(404, _("There is no such revision."))
    title, body, excerpt = kept.title, kept.body, kept.excerpt
    content = replace(post.content, title=title, body=body, excerpt=excerpt, format=Format(kept.format))
    try:
        version = request.form.get("version", type=number)
        post.revise(db(), content, post.version if version is None else version, user)
    except EditConflict:
        abort(
            409, _("Somebody saved this post meanwhile; nothing has been changed. Please look at its revisions again.")
        )
    except InTrash:
        abort(409, _("This post is in the trash. Restore it first; nothing has been changed."))
    if post.is_seen:
        changed()
    return redirect(url_for("posts.edit", post_id=post.id, done="restored"), 303)


def _previous(kept: Sequence[Revision], after: Revision | None) -> Revision | None:
    return next((one for one in kept if after is not None and one.version < after.version), None)


def _differences(before: Revision, after: Revision) -> list[tuple[str, object]]:
    compared = (
        (_("Title"), before.title, after.title),
        (_("Excerpt"), before.excerpt, after.excerpt),
        (_("Written in"), before.format, after.format),
        (_("Text"), before.body, after.body),
    )
    return [(name, lines) for name, old, new in compared if (lines := difference(old, new))]

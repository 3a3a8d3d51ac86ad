"""The media library, and the files themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_
from werkzeug.exceptions import ServiceUnavailable

from apps.chassis.context import db, reads_writer
from apps.chassis.errors import RETRY_AFTER_SECONDS, wants_json
from apps.chassis.jobs import enqueue
from apps.chassis.languages import gettext as _
from apps.chassis.paging import key_of
from apps.chassis.visitors import origin
from apps.mywordpress.accounts.guard import capable, writers_only
from apps.mywordpress.freshness import changed
from apps.mywordpress.media.files import sent
from apps.mywordpress.media.forms import DetailsForm
from apps.mywordpress.media.kinds import BY_SUFFIX, Family
from apps.mywordpress.media.library import Month, Wish, item
from apps.mywordpress.media.models import Attachment, StillShown
from apps.mywordpress.media.uploads import Refused, all_uploaded, allow_uploads, keep, receive, receive_all, uploader
from apps.mywordpress.posts.uses import Use, let_go, show_anew, unused, uses_of

media = Blueprint("media", __name__, url_prefix="/media")
media.before_request(allow_uploads)

PER_PAGE = 30
MOST_AT_ONCE = 100


@media.get("")
@writers_only
def index() -> ResponseReturnValue:
    return library()


@media.post("")
@writers_only
def create() -> ResponseReturnValue:
    user, files = uploader(), all_uploaded()
    if not files:
        return refused([Refused(422, _("Please choose a file first."))])
    if wants_json():
        return created(files)
    outcome = receive_all(files)
    if not outcome.kept:
        return refused(outcome.refused)
    for upload in outcome.kept:
        keep(upload, user, request.form.get("alt", "") if len(files) == 1 else "")
    # What was kept is committed; a status that says otherwise would undo it.
    return library(outcome.refused) if outcome.refused else redirect(url_for("media.index", done="created"), 303)


@media.get("/picker")
@writers_only
def picker() -> ResponseReturnValue:
    """The library for the editor: `{"items": [...], "before": id or null}`, newest first, PER_PAGE at a time.

    `q`, `kind` (image, audio, document) and `month` (2026-11) narrow it down, `ids` (3,17) names what is wanted, and
    `before` of one answer asks for the next. An item is what `library.item` tells.
    """
    capable("upload_files")
    also = Attachment.key != ""
    if ids := numbers(request.args.get("ids", "").split(",")):
        also = and_(also, Attachment.id.in_(ids))
    page = wish().page(db(), request.args.get("before", type=key_of), PER_PAGE, also)
    return jsonify(items=[item(one) for one in page.items], before=page.before)


@media.get("/<int:attachment_id>")
@reads_writer
@writers_only
def edit(attachment_id: int) -> ResponseReturnValue:
    user = capable("upload_files")
    one = found(attachment_id)
    return details(one, DetailsForm(obj=one) if one.may_be_changed_by(user) else None)


@media.post("/<int:attachment_id>")
@writers_only
def update(attachment_id: int) -> ResponseReturnValue:
    user, one = capable("upload_files"), found(attachment_id)
    if not one.may_be_changed_by(user):
        abort(403, _("This file belongs to somebody else."))
    form = DetailsForm(request.form, obj=one)
    if not form.validate():
        return details(one, form), 422
    form.populate_obj(one)
    db().flush()
    if show_anew(db(), one.id):
        enqueue("show_renditions", picture_id=one.id)
    changed()
    return redirect(url_for("media.edit", attachment_id=one.id, done="updated"), 303)


@media.get("/deletion")
@reads_writer
@writers_only
def delete() -> ResponseReturnValue:
    return deletion(asked_to_go(request.args.getlist("ids")))


@media.post("/deletion")
@writers_only
def destroy() -> ResponseReturnValue:
    going = asked_to_go(request.form.getlist("ids"))
    if not going or not all(one.may_go for one in going):
        return deletion(going), 409
    try:
        for one in going:
            if let_go(db(), one.attachment.id):
                changed()
            one.attachment.delete(db())
    except StillShown:
        # A post came to show it a moment ago.
        return deletion(asked_to_go(request.form.getlist("ids"))), 409
    return redirect(url_for("media.index", done="deleted"), 303)


@media.get("/<first>/<second>/<name>")
def show(first: str, second: str, name: str) -> Response:
    return sent(f"{first}/{second}/{name}")


@dataclass(frozen=True, slots=True)
class Going:
    """A file that somebody would delete, whether they may, and the posts that use it."""

    attachment: Attachment
    is_allowed: bool
    uses: Sequence[Use]

    @property
    def may_go(self) -> bool:
        """Whether no text would break without it, and it is theirs to delete."""
        return self.is_allowed and not any(use.breaks for use in self.uses)


def asked_to_go(ids: Sequence[str]) -> list[Going]:
    """The files of these numbers, as far as there are such."""
    user = capable("upload_files")
    asked = (db().get(Attachment, number) for number in numbers(ids))
    return [Going(one, one.may_be_changed_by(user), uses_of(db(), one)) for one in asked if one]


def numbers(texts: Sequence[str]) -> list[int]:
    """Those of these texts that are numbers, each once, and not without end."""
    known = (key_of(text.strip()) for text in texts[:MOST_AT_ONCE])
    return list(dict.fromkeys(number for number in known if number is not None))


def found(attachment_id: int) -> Attachment:
    """What has this number in the library, or 404."""
    return db().get(Attachment, attachment_id) or abort(404, _("There is no such file."))


def created(files: Sequence[object]) -> ResponseReturnValue:
    """A program's upload: one file, and what became of it."""
    if len(files) > 1:
        abort(422, _("Please send one file at a time."))
    try:
        upload = receive(all_uploaded()[0])
    except Refused as error:
        refuse(error)
    return jsonify(item(keep(upload, capable("upload_files"), request.form.get("alt", "")))), 201


def refused(reasons: Sequence[Refused]) -> ResponseReturnValue:
    """Nothing was kept: the library with the reasons, and the first of their statuses."""
    if wants_json():
        refuse(reasons[0])
    retry = {"Retry-After": str(RETRY_AFTER_SECONDS)} if reasons[0].status == 503 else {}
    return library(reasons), reasons[0].status, retry


def refuse(error: Refused) -> NoReturn:
    """The reason in an error of its status, for programs."""
    if error.status == 503:
        raise ServiceUnavailable(error.reason, retry_after=RETRY_AFTER_SECONDS)
    abort(error.status, error.reason)


def wish() -> Wish:
    """What of the library this address asks for."""
    return Wish.of(*(request.args.get(name, "") for name in ("q", "kind", "month")))


def library(reasons: Sequence[Refused] = ()) -> str:
    """The library as far as it is asked for, newest first, and what is to be said about files that were refused."""
    user, asked, spare = capable("upload_files"), wish(), "unattached" in request.args
    page = asked.page(db(), request.args.get("before", type=key_of), PER_PAGE, unused() if spare else None)
    kept = {name: request.args[name] for name in ("q", "kind", "month", "unattached", "view") if request.args.get(name)}
    return render_template(
        "mywordpress/media/index.html",
        page=page,
        asked=asked,
        spare=spare,
        kept=kept,
        months=Month.all(db()),
        families=list(Family),
        as_list=request.args.get("view") == "list",
        suffixes=[f".{suffix}" for suffix in BY_SUFFIX],
        reasons=reasons,
        user=user,
    )


def details(one: Attachment, form: DetailsForm | None) -> str:
    """All that is known of a file; without a form for whoever may not change it."""
    address = one.url if not one.key else origin() + one.url
    return render_template("mywordpress/media/edit.html", one=one, form=form, address=address, uses=uses_of(db(), one))


def deletion(going: Sequence[Going]) -> str:
    """What would go, what cannot, and why."""
    return render_template("mywordpress/media/delete.html", going=going)

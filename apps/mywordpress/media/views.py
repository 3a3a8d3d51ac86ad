"""The media library, and the files themselves."""

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.context import db, storage
from apps.chassis.errors import wants_json
from apps.chassis.identifiers import number
from apps.chassis.storage import NotStored
from apps.mywordpress.accounts.guard import writer, writers_only
from apps.mywordpress.media.models import LONGEST_ALT, Picture
from apps.mywordpress.media.pictures import CONTENT_TYPES
from apps.mywordpress.media.uploads import Refused, allow_uploads, keep, receive, uploaded

media = Blueprint("media", __name__, url_prefix="/media")
media.before_request(allow_uploads)

PER_PAGE = 24
# A picture needs nothing of our origin, even if a browser could be brought to take it for a page.
POLICY = "default-src 'none'; sandbox"


@media.get("")
@writers_only
def index() -> ResponseReturnValue:
    return library(), 200


@media.post("")
@writers_only
def create() -> ResponseReturnValue:
    file = uploaded()
    try:
        if file is None:
            raise Refused(422, "Please choose a picture first.")
        upload = receive(file)
    except Refused as refused:
        if wants_json():
            abort(refused.status, refused.reason)
        return library(refused.reason), refused.status
    picture = keep(upload, writer(), request.form.get("alt", ""))
    if wants_json():
        return jsonify(id=picture.id, url=f"/media/{picture.key}", markdown=picture.markdown()), 201
    return redirect(url_for("media.index", done="created"), 303)


@media.post("/<int:picture_id>")
@writers_only
def update(picture_id: int) -> ResponseReturnValue:
    picture, user = db().get(Picture, picture_id), writer()
    if picture is None:
        abort(404)
    if not picture.may_be_changed_by(user):
        abort(403, "This picture belongs to somebody else.")
    picture.alt = " ".join(request.form.get("alt", "").split())[:LONGEST_ALT]
    return redirect(url_for("media.index", done="updated"), 303)


@media.get("/<path:key>")
def show(key: str) -> Response:
    """The stored file. What is under a key never changes, so whoever has it need never ask again."""
    content_type = CONTENT_TYPES.get(key.rpartition(".")[2])
    try:
        path = storage().path(key)
        if content_type is None or not storage().exists(key):
            raise NotStored(key)
    except NotStored:
        abort(404, "There is no such picture.")
    response = send_file(path, mimetype=content_type, etag=key[6:22], max_age=365 * 24 * 3600)
    response.cache_control.immutable = True
    response.headers["Content-Security-Policy"] = POLICY
    return response


def library(error: str | None = None) -> str:
    """The page of pictures, newest first."""
    before = request.args.get("before", type=number)
    pictures = Picture.latest(db(), before=before, limit=PER_PAGE + 1)
    older = pictures[PER_PAGE - 1].id if len(pictures) > PER_PAGE else None
    return render_template(
        "mywordpress/media/index.html", pictures=pictures[:PER_PAGE], older=older, error=error, user=writer()
    )

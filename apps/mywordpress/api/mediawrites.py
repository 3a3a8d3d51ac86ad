"""Putting files into the library, telling about them, and taking them out again."""

import hashlib
import io
import re
from urllib.parse import unquote

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ServiceUnavailable

from apps.chassis.errors import RETRY_AFTER_SECONDS
from apps.chassis.jobs import enqueue
from apps.mywordpress.accounts.models import User
from apps.mywordpress.api.asked import Asked, Reply, deleted
from apps.mywordpress.api.errors import ApiError, refused, trash_not_supported
from apps.mywordpress.api.media import LISTED, MEDIA, index, item, may_list, may_read, one, show
from apps.mywordpress.api.routing import BY_ID, DELETE, EDIT, FORCE, GET, ID, ONE, POST, Endpoint, Route
from apps.mywordpress.freshness import changed
from apps.mywordpress.media.models import Attachment, StillShown
from apps.mywordpress.media.uploads import Refused, keep, receive, uploaded
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.rendering import clean_text
from apps.mywordpress.posts.uses import let_go, show_anew, uses_of

FILENAME = re.compile(
    r"filename\*\s*=\s*(?:UTF-8|utf-8)''(?P<coded>[^;\s]+)|filename\s*=\s*(?P<plain>\"[^\"]*\"|[^;\s]+)"
)
# What a client may tell about a file, and where it is kept.
TOLD = {"title": "title", "caption": "caption", "description": "description", "alt_text": "alt"}
IN_USE = "A post shows this file, so it cannot be deleted."


def may_create(asked: Asked) -> None:
    if not asked.can("upload_files"):
        raise refused(asked.user, "rest_cannot_create", "Sorry, you are not allowed to upload media on this site.")
    _may_attach(asked)


def _may_attach(asked: Asked) -> None:
    if not asked["post"]:
        return
    post = asked.db.get(Post, asked["post"])
    if post is None or not post.may_be_edited_by(asked.user):
        raise refused(asked.user, "rest_cannot_edit", "Sorry, you are not allowed to upload media to this post.")


def create(asked: Asked) -> Reply:
    assert asked.user is not None
    user_id, file = asked.user.id, _file()
    # Decoding takes its time, in which nobody else could write to SQLite.
    asked.db.rollback()
    try:
        upload = receive(file)
    except Refused as error:
        raise _told(error) from None
    user = asked.db.get_one(User, user_id)
    attachment = keep(upload, user, "")
    if attachment.may_be_changed_by(user):
        _describe(asked, attachment)
    where = asked.api(f"/media/{attachment.id}")
    return Reply(item(asked.within("edit"), attachment), 201, {"Location": where})


def _told(error: Refused) -> Exception:
    if error.status == 503:
        return ServiceUnavailable(error.reason, retry_after=RETRY_AFTER_SECONDS)
    return ApiError("rest_upload_sideload_error", error.reason, error.status)


def _file() -> FileStorage:
    """The file of the form, or else the whole body; raises ApiError."""
    file = uploaded()
    if file is not None:
        return file
    if request.mimetype == "multipart/form-data":
        raise ApiError("rest_upload_no_data", "No data supplied.", 400)
    data = request.get_data()
    if not data:
        raise ApiError("rest_upload_no_data", "No data supplied.", 400)
    if not request.mimetype:
        raise ApiError("rest_upload_no_content_type", "No Content-Type supplied.", 400)
    _check_sum(data)
    return FileStorage(io.BytesIO(data), _name(request.headers.get("Content-Disposition", "")))


def _check_sum(data: bytes) -> None:
    told = request.headers.get("Content-MD5", "").strip().lower()
    if told and told != hashlib.md5(data, usedforsecurity=False).hexdigest():
        raise ApiError("rest_upload_hash_mismatch", "Content hash did not match expected.", 412)


def _name(disposition: str) -> str:
    if not disposition:
        raise ApiError("rest_upload_no_content_disposition", "No Content-Disposition supplied.", 400)
    found = FILENAME.search(disposition)
    name = (unquote(found["coded"]) if found["coded"] else found["plain"].strip('"')) if found else ""
    if not name:
        message = 'Invalid Content-Disposition supplied. It should look like `attachment; filename="image.png"`.'
        raise ApiError("rest_upload_invalid_disposition", message, 400)
    return clean_text(name)


def _describe(asked: Asked, attachment: Attachment) -> None:
    """Take over what was sent about it; the posts that show it are told."""
    sent = {column: asked[name] for name, column in TOLD.items() if asked[name] is not None}
    for column, value in sent.items():
        line = clean_text(value)
        setattr(attachment, column, line.strip() if column == "description" else " ".join(line.split()))
    if asked["post"] is not None:
        attachment.post_id = asked["post"] or None
    asked.db.flush()
    if sent and show_anew(asked.db, attachment.id):
        enqueue("show_renditions", picture_id=attachment.id)
    if sent:
        changed()


def may_update(asked: Asked) -> None:
    if not one(asked).may_be_changed_by(asked.user):
        raise refused(asked.user, "rest_cannot_edit", "Sorry, you are not allowed to edit this post.")
    _may_attach(asked)


def update(asked: Asked) -> Reply:
    attachment = one(asked)
    _describe(asked, attachment)
    return Reply(item(asked.within("edit"), attachment))


def may_delete(asked: Asked) -> None:
    if not one(asked).may_be_changed_by(asked.user):
        raise refused(asked.user, "rest_cannot_delete", "Sorry, you are not allowed to delete this post.")


def destroy(asked: Asked) -> Reply:
    """Delete it, unless a text would break without it; where it is the featured picture, it is so no more."""
    attachment = one(asked)
    if not asked["force"]:
        raise trash_not_supported("Media")
    if any(use.breaks for use in uses_of(asked.db, attachment)):
        raise ApiError("rest_cannot_delete", IN_USE, 409)
    previous = item(asked.within("edit"), attachment)
    if let_go(asked.db, attachment.id):
        changed()
    try:
        attachment.delete(asked.db)
    except StillShown:
        raise ApiError("rest_cannot_delete", IN_USE, 409) from None
    return deleted(previous)


ROUTES = (
    Route(
        "/wp/v2/media",
        (Endpoint(GET, index, LISTED, may_list), Endpoint(POST, create, MEDIA.writable(), may_create)),
        MEDIA,
        takes_files=True,
    ),
    Route(
        f"/wp/v2/media/{BY_ID}",
        (
            Endpoint(GET, show, ONE, may_read),
            Endpoint(EDIT, update, MEDIA.writable(), may_update),
            Endpoint(DELETE, destroy, FORCE, may_delete),
        ),
        MEDIA,
        ID,
    ),
)

"""Files of the library: sent, listed and deleted."""

import io
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import FileStorage

from apps.mywordpress.freshness import changed
from apps.mywordpress.media.models import LONGEST_NAME, Attachment, StillShown, Upload
from apps.mywordpress.media.uploads import Refused, keep, receive
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.uses import let_go, uses_of
from apps.mywordpress.rpc.asked import MOST_LISTED, Asked, span
from apps.mywordpress.rpc.faults import FAILED, NOT_ALLOWED, WRONG_PARAMETERS, Fault, not_allowed
from apps.mywordpress.rpc.mediastructs import media_struct
from apps.mywordpress.rpc.parameters import Sent, anything, number
from apps.mywordpress.rpc.reading import Bits

IN_USE = "A post shows this file, so it cannot be deleted."
TO_UPLOAD = "upload files"


def received(asked: Asked, content: dict[str, Any]) -> dict[str, Any]:
    """What was sent, with the bytes of its file stored: checked, cleaned, and not in the library yet.

    This is slow, so the transaction that is open ends with nothing done. Raises Fault.
    """
    asked.need("upload_files", TO_UPLOAD)
    sent = Sent(content)
    name, bits = sent.get("name", default="")[-LONGEST_NAME:], sent.get("bits", anything)
    if isinstance(bits, str):
        bits_file: Any = io.BytesIO(bits.encode())
    elif isinstance(bits, Bits):
        bits_file = bits.file
    else:
        raise Fault(WRONG_PARAMETERS, "Invalid method parameters: bits must be base64.")
    # Decoding takes its time, in which nobody else could write to SQLite.
    asked.db.rollback()
    try:
        return {**content, "bits": receive(FileStorage(bits_file, name))}
    except Refused as error:
        raise Fault(FAILED, f"Could not write file {name} ({error.reason})") from None


def make(asked: Asked, content: dict[str, Any]) -> dict[str, Any]:
    asked.need("upload_files", TO_UPLOAD)
    sent = Sent(content)
    upload, post_id = content["bits"], sent.get("post_id", number, 0)
    assert isinstance(upload, Upload)
    if post_id and not asked.found(Post, post_id, "post").may_be_edited_by(asked.user):
        raise not_allowed("edit this post")
    one = keep(upload, asked.user, "")
    if post_id and one.post_id is None:
        one.post_id = post_id
        asked.db.flush()
    struct = media_struct(asked, one)
    # Names that older clients read.
    return {**struct, "id": struct["attachment_id"], "file": one.name, "url": struct["link"]}


def show(asked: Asked, attachment_id: int) -> dict[str, Any]:
    asked.need("upload_files", "access this file")
    return media_struct(asked, asked.found(Attachment, attachment_id, "attachment"))


def index(asked: Asked, filter: dict[str, Any]) -> list[dict[str, Any]]:
    asked.need("upload_files", TO_UPLOAD)
    sent = Sent(filter)
    found = select(Attachment).options(selectinload(Attachment.renditions))
    if sent.get("parent_id", anything, "") != "":
        found = found.where(func.coalesce(Attachment.post_id, 0) == sent.get("parent_id", number))
    if kind := sent.get("mime_type", default=""):
        exact, family = Attachment.mime_type == kind, Attachment.mime_type.startswith(f"{kind}/", autoescape=True)
        found = found.where(or_(exact, family))
    wanted, offset = span(sent, MOST_LISTED)
    rows = asked.db.scalars(
        found.order_by(Attachment.created_at.desc(), Attachment.id.desc()).limit(wanted).offset(offset)
    )
    return [media_struct(asked, one) for one in rows]


def delete(asked: Asked, attachment_id: int) -> bool:
    """Take a file out of the library, unless a text would break without it."""
    one = asked.found(Attachment, attachment_id, "attachment")
    if not one.may_be_changed_by(asked.user):
        raise not_allowed("delete this file")
    if any(use.breaks for use in uses_of(asked.db, one)):
        raise Fault(NOT_ALLOWED, IN_USE)
    if let_go(asked.db, one.id):
        changed()
    try:
        one.delete(asked.db)
    except StillShown:
        raise Fault(NOT_ALLOWED, IN_USE) from None
    return True

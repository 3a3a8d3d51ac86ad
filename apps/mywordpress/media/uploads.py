"""Uploads as requests: how large they may be, and what is said about one that is refused."""

from typing import BinaryIO, cast

from flask import abort, request
from werkzeug.datastructures import FileStorage

from apps.chassis.context import db, storage
from apps.chassis.jobs import enqueue
from apps.chassis.storage import StorageUnavailable, TooLarge
from apps.mywordpress.accounts.models import User
from apps.mywordpress.media.models import Picture, Upload
from apps.mywordpress.media.pictures import MOST_BYTES, NotAPicture, TooManyPixels

FORM_BYTES = 2 * 1024 * 1024
TOO_LARGE = f"This file is too large: a picture may have up to {MOST_BYTES // 1024**2} MB."
NO_STORAGE = "The storage does not answer, so this picture cannot be kept right now. Please try again in a moment."


class Refused(Exception):
    """An upload was not kept: the status to answer with, and the reason in a sentence."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def allow_uploads() -> None:
    """Let this request be as large as a picture with its form; 413 before anything is read if it says it is larger."""
    request.max_content_length = MOST_BYTES + FORM_BYTES
    request.max_form_memory_size = FORM_BYTES
    if (request.content_length or 0) > request.max_content_length:
        abort(413, TOO_LARGE)


def uploaded() -> FileStorage | None:
    """The file that was chosen, if one was."""
    file = request.files.get("file")
    return file if file and file.filename else None


def receive(file: FileStorage) -> Upload:
    """Check, clean and store an upload; raises Refused. To be called before the database is used."""
    try:
        return Upload.store(storage(), cast("BinaryIO", file.stream), file.filename or "")
    except NotAPicture as error:
        raise Refused(415, str(error)) from error
    except TooManyPixels as error:
        raise Refused(422, str(error)) from error
    except TooLarge as error:
        raise Refused(413, TOO_LARGE) from error
    except StorageUnavailable as error:
        raise Refused(503, NO_STORAGE) from error


def keep(upload: Upload, user: User, alt: str) -> Picture:
    """Put an upload into the library and have its renditions made."""
    picture = Picture.add(db(), user, upload, alt)
    if picture.renditions_made_at is None:
        enqueue("make_renditions", picture_id=picture.id)
    return picture

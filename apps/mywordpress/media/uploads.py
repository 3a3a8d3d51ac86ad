"""Uploads as requests: how large they may be, and what is said about one that is refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import abort, request
from werkzeug.datastructures import FileStorage

from apps.chassis.context import application, db, storage
from apps.chassis.jobs import enqueue
from apps.chassis.languages import gettext as _
from apps.chassis.pictures import NotAPicture, TooManyPixels
from apps.chassis.storage import StorageUnavailable, TooLarge
from apps.chassis.transactions import after_commit
from apps.mywordpress.accounts.guard import capable
from apps.mywordpress.accounts.models import User
from apps.mywordpress.media.kinds import MEGABYTE, MOST_BYTES, Family
from apps.mywordpress.media.models import Attachment, Upload
from apps.mywordpress.media.watch import RenditionsWatch

FORM_BYTES = 2 * MEGABYTE
# Of all that comes at once; what is not yet asked for its type must fit as well.
MOST_AT_ONCE_BYTES = max(MOST_BYTES.values())


class Refused(Exception):
    """An upload was not kept: the status to answer with, and the reason in a sentence."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the files of one request."""

    kept: Sequence[Upload]
    refused: Sequence[Refused]


def allow_uploads() -> None:
    """Let this request be as large as its files with their form; 413 before anything is read if it is larger."""
    request.max_content_length = MOST_AT_ONCE_BYTES + FORM_BYTES
    request.max_form_memory_size = FORM_BYTES
    if (request.content_length or 0) > request.max_content_length:
        abort(413, too_large())


def too_large() -> str:
    """How large each kind of file may be."""
    return _(
        "This file is too large: a picture may have %(image)d MB, a document %(document)d MB, audio %(audio)d MB.",
        **{family.value: most // MEGABYTE for family, most in MOST_BYTES.items()},
    )


def uploader() -> User:
    """The user, if their role lets them upload. To be asked before `receive`, which leaves the database alone."""
    user = capable("upload_files")
    # Decoding takes its time, in which nobody else could write to SQLite.
    db().rollback()
    return user


def uploaded() -> FileStorage | None:
    """The file that was chosen, if one was."""
    return next(iter(all_uploaded()), None)


def all_uploaded() -> Sequence[FileStorage]:
    """All files that were chosen."""
    return [file for file in request.files.getlist("file") if file.filename]


def receive_all(files: Iterable[FileStorage]) -> Outcome:
    """Check, clean and store each of several; the reasons of those that are refused begin with their names."""
    kept, refused = [], []
    for file in files:
        try:
            kept.append(receive(file))
        except Refused as error:
            refused.append(Refused(error.status, f"{file.filename}: {error.reason}"))
    return Outcome(kept, refused)


def receive(file: FileStorage) -> Upload:
    """Check, clean and store an upload; raises Refused. To be called before the database is used."""
    try:
        return Upload.store(storage(), cast("BinaryIO", file.stream), file.filename or "")
    except NotAPicture as error:
        raise Refused(415, str(error)) from error
    except TooManyPixels as error:
        raise Refused(422, str(error)) from error
    except TooLarge as error:
        raise Refused(413, too_large()) from error
    except StorageUnavailable as error:
        reason = _("The storage does not answer, so this file cannot be kept right now. Please try again in a moment.")
        raise Refused(503, reason) from error


def keep(upload: Upload, user: User, alt: str) -> Attachment:
    """Put an upload into the library and have its renditions made."""
    one = Attachment.add(db(), user, upload, alt if upload.kind.family is Family.PICTURE else "")
    if one.renditions_made_at is None:
        _have_renditions_made(one)
    return one


def _have_renditions_made(picture: Attachment) -> None:
    """By this instance if it has a watch, since then only its own disk has the file; else by the worker."""
    watch = application().watches.get("renditions")
    if isinstance(watch, RenditionsWatch):
        after_commit(watch.wake)
    else:
        enqueue("make_renditions", picture_id=picture.id)

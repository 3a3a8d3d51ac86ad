"""What is done with stored pictures away from any request: the smaller ones are made, and what nobody needs goes.

The worker does it where it sees the same files as the web tier, else each web instance for its own disk.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from apps.chassis.pictures import NotAPicture
from apps.chassis.storage import Storage
from apps.mywordpress.media.models import Attachment, Rendition

SWEEP_AFTER_SECONDS = 24 * 3600

log = logging.getLogger(__name__)


def make(picture: Attachment, storage: Storage) -> list[Rendition]:
    """Make and store the smaller ones: none of what cannot be decoded. Raises NotStored, StorageUnavailable."""
    try:
        return picture.store_renditions(storage)
    except NotAPicture:
        log.warning("picture %s cannot be decoded any more, so it stays as it is", picture.id)
        return []


def sweep(storage: Storage, reading: Callable[[], AbstractContextManager[Session]]) -> None:
    """Delete files that no row points at, once they are so old that no upload can still be about to add its row."""

    def is_referenced(key: str) -> bool:
        # A transaction for each: one that lasts for the whole sweep would keep everybody on SQLite from writing.
        with reading() as db:
            return Attachment.is_referenced(db, key)

    log.info("swept %d files", storage.sweep(is_referenced, SWEEP_AFTER_SECONDS))

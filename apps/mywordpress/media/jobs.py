"""The worker's part: smaller pictures, and no file that nobody needs."""

import logging
from datetime import timedelta

from apps.chassis.jobs import Jobs, Work, enqueue
from apps.mywordpress.media.models import Picture
from apps.mywordpress.media.pictures import NotAPicture

jobs = Jobs()
log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=1)
MOST_AT_ONCE = 5
SWEEP_AFTER_SECONDS = 24 * 3600


@jobs.job("make_renditions", deadline_seconds=120)
def make_renditions(work: Work, picture_id: int) -> None:
    """Make the smaller ones of a picture. Raises StorageUnavailable, to be tried again later."""
    with work.transaction() as db:
        picture = db.get(Picture, picture_id)
    if picture is None or picture.renditions_made_at is not None:
        return
    try:
        renditions = picture.store_renditions(work.storage)
    except NotAPicture:
        log.warning("picture %s cannot be decoded any more, so it stays as it is", picture_id)
        renditions = []
    if Picture.show_renditions(work.db, picture_id, renditions):
        enqueue("show_renditions", picture_id=picture_id)


@jobs.cadence("/every/minute")
def heal_renditions(work: Work) -> None:
    """Ask again for what a lost message or a dead letter left out, a few at a time."""
    for picture_id in Picture.without_renditions(work.db, older_than=PATIENCE, limit=MOST_AT_ONCE):
        enqueue("make_renditions", picture_id=picture_id)


@jobs.cadence("/every/day")
def sweep(work: Work) -> None:
    """Delete files that no row points at, once they are so old that no upload can still be about to add its row."""

    def is_referenced(key: str) -> bool:
        # A transaction for each: one that lasts for the whole sweep would keep everybody on SQLite from writing.
        with work.transaction() as db:
            return Picture.is_referenced(db, key)

    log.info("swept %d files", work.storage.sweep(is_referenced, SWEEP_AFTER_SECONDS))

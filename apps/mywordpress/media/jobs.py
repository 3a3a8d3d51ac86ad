"""The worker's part: smaller pictures, and no file that nobody needs. It leaves alone what it does not see."""

from datetime import timedelta

from apps.chassis.jobs import Jobs, Work, enqueue
from apps.mywordpress.freshness import changed
from apps.mywordpress.media import renditions
from apps.mywordpress.media.models import Attachment

jobs = Jobs()

PATIENCE = timedelta(minutes=1)
MOST_AT_ONCE = 5


@jobs.job("make_renditions", deadline_seconds=120)
def make_renditions(work: Work, picture_id: int) -> None:
    """Make the smaller ones of a picture. Raises StorageUnavailable, to be tried again later."""
    # A message may be left from before the storage was no longer shared.
    if not work.settings.storage_shared:
        return
    with work.transaction() as db:
        picture = db.get(Attachment, picture_id)
    if picture is None or picture.renditions_made_at is not None:
        return
    made = renditions.make(picture, work.storage)
    if Attachment.show_renditions(work.db, picture_id, made):
        changed()
        enqueue("show_renditions", picture_id=picture_id)


@jobs.cadence("/every/minute")
def heal_renditions(work: Work) -> None:
    """Ask again for what a lost message or a dead letter left out, a few at a time."""
    if not work.settings.storage_shared:
        return
    for picture in Attachment.without_renditions(work.db, older_than=PATIENCE, limit=MOST_AT_ONCE):
        enqueue("make_renditions", picture_id=picture.id)


@jobs.cadence("/every/day")
def sweep(work: Work) -> None:
    """Delete files that nobody needs."""
    if work.settings.storage_shared:
        renditions.sweep(work.storage, work.transaction)

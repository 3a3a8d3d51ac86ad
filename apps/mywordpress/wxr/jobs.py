"""The worker's part: imports go on where they are, however often they are stopped."""

import time
from datetime import timedelta

from apps.chassis.jobs import Jobs, Work, enqueue
from apps.mywordpress.wxr.fetching import Fetcher
from apps.mywordpress.wxr.models import Import
from apps.mywordpress.wxr.work import Importer

jobs = Jobs()
# Others need the worker too, so an import makes room for them from time to time.
SECONDS = 20.0
# What one step may take at most, with a file to fetch.
STEP_SECONDS = 40.0
STALLED_AFTER = timedelta(minutes=2)
KEPT_UNSTARTED = timedelta(days=2)


@jobs.job("run_import", deadline_seconds=SECONDS + STEP_SECONDS)
def run_import(work: Work, import_id: int) -> None:
    """Do a good piece of an import, and ask for the next."""
    assert work.database is not None
    importer = Importer(work.database, work.storage, Fetcher(), import_id)
    if not importer.run(time.monotonic() + min(SECONDS, work.remaining_seconds)):
        enqueue("run_import", import_id=import_id)


@jobs.cadence("/every/minute")
def resume_imports(work: Work) -> None:
    """Go on with imports that stopped, whatever became of their message."""
    for import_id in Import.stalled(work.db, STALLED_AFTER):
        enqueue("run_import", import_id=import_id)


@jobs.cadence("/every/day")
def forget_imports(work: Work) -> None:
    """Delete what was handed in and never started."""
    Import.forget_unstarted(work.db, KEPT_UNSTARTED)

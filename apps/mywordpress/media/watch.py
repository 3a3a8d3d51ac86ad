"""What each web process does where no worker sees its files: the renditions of what is on this instance's own disk.

Pictures whose file is elsewhere are left to the instance that has it.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from apps.chassis.database import Database
from apps.chassis.filelocks import alone
from apps.chassis.storage import Storage, StorageUnavailable
from apps.chassis.transactions import transaction
from apps.mywordpress.freshness import changed
from apps.mywordpress.media import renditions
from apps.mywordpress.media.models import Attachment

INTERVAL_SECONDS = 60.0
# Another process of this instance is at it, and may have looked before our upload was committed.
BUSY_SECONDS = 1.0
SWEEP_EVERY_SECONDS = 24 * 3600
PICTURES_PER_PAGE = 20

log = logging.getLogger(__name__)


class RenditionsWatch:
    """Looks for pictures without renditions: at once when woken, else each minute; one process at a time.

    `show` has a picture shown in its renditions, or all pictures for which that was left out (None). `folder`, which
    the processes of this instance share, holds their lock and when they swept last.
    """

    def __init__(
        self, database: Database, storage: Storage, folder: Path, show: Callable[[Session, int | None], object]
    ) -> None:
        self.database = database
        self.storage = storage
        self.lock = folder / "renditions.lock"
        self.swept = folder / "renditions.swept"
        self.show = show
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._failure: str | None = None

    def start(self) -> None:
        """Begin with a look, which heals what a process that was killed has left."""
        # The master of forked processes may have been told to stop before; its mark must not reach the children.
        self._stopping, self._woken = threading.Event(), threading.Event()
        threading.Thread(target=self._watch, name="renditions", daemon=True).start()

    def stop(self) -> None:
        """Ask the thread to end, after the picture that it is at."""
        self._stopping.set()
        self._woken.set()

    def wake(self) -> None:
        """Have it look now; to be called after the commit of what it shall find."""
        self._woken.set()

    def ready(self) -> Mapping[str, Any]:
        """Never red: without renditions pictures are larger, and still shown."""
        return {"ok": True, "detail": f"the last look failed: {self._failure}" if self._failure else "ok"}

    def gauges(self) -> Mapping[str, float]:
        """None: each process would tell another story of the same disk."""
        return {}

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait(self._look())
            self._woken.clear()

    def _look(self) -> float:
        """Do what is to be done, if nobody else is at it; the seconds to wait before the next time."""
        try:
            with alone(self.lock) as mine:
                if not mine:
                    return BUSY_SECONDS
                self._work()
        except Exception as error:
            self._note(error)
        else:
            self._note(None)
        # Processes that were started together must not go on looking together.
        return INTERVAL_SECONDS * random.uniform(0.9, 1)  # noqa: S311

    def _work(self) -> None:
        storage = self.storage.ready()
        if not storage["ok"]:
            raise StorageUnavailable(storage["detail"])
        for picture in self._missing():
            if self._stopping.is_set():
                return
            self._make(picture)
        self._show(None)
        self._sweep_if_due()

    def _missing(self) -> Iterator[Attachment]:
        found = self._page(after=0)
        while found:
            yield from (picture for picture in found if self.storage.exists(picture.key))
            found = self._page(after=found[-1].id)

    def _page(self, *, after: int) -> Sequence[Attachment]:
        with self._reading() as db:
            return Attachment.without_renditions(db, after=after, limit=PICTURES_PER_PAGE)

    def _make(self, picture: Attachment) -> None:
        try:
            made = renditions.make(picture, self.storage)
            with transaction(self.database) as db:
                is_new = Attachment.show_renditions(db, picture.id, made)
                if is_new:
                    changed()
            if is_new:
                log.info("made %d renditions of picture %s", len(made), picture.id)
                self._show(picture.id)
        except SQLAlchemyError:
            raise
        except Exception:
            # One bad file must not keep the others from their turn.
            log.exception("the renditions of picture %s could not be made", picture.id)

    def _show(self, picture_id: int | None) -> None:
        with transaction(self.database) as db:
            self.show(db, picture_id)

    def _sweep_if_due(self) -> None:
        if not self.swept.exists() or time.time() - self.swept.stat().st_mtime > SWEEP_EVERY_SECONDS:
            renditions.sweep(self.storage, self._reading)
            self.swept.touch()

    def _reading(self) -> Session:
        # A reader may lag behind what was just uploaded.
        return self.database.reader(pinned=True)[0]

    def _note(self, error: Exception | None) -> None:
        # The text of a database's error would tell anybody who asks for readiness its address and user.
        failure = str(error) if isinstance(error, StorageUnavailable) else type(error).__name__ if error else None
        if failure and failure != self._failure:
            log.warning("renditions are not made now: %s", error, exc_info=not isinstance(error, StorageUnavailable))
        self._failure = failure

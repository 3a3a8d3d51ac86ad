"""An import done bit by bit: each bit is a transaction of its own, so whatever stops it, the next one goes on."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy.orm import Session

from apps.chassis.database import Database
from apps.chassis.pictures import NotAPicture, TooManyPixels
from apps.chassis.storage import Storage, TooLarge
from apps.chassis.transactions import apart
from apps.mywordpress.freshness import changed
from apps.mywordpress.media.models import Upload
from apps.mywordpress.posts.rendering import OWN_PICTURE
from apps.mywordpress.wxr import notes
from apps.mywordpress.wxr.fetching import Fetcher, NotFetched
from apps.mywordpress.wxr.making import Making, make
from apps.mywordpress.wxr.making.attachments import name_in, present
from apps.mywordpress.wxr.making.made import Fetched
from apps.mywordpress.wxr.models import Import, ImportPart
from apps.mywordpress.wxr.notes import told
from apps.mywordpress.wxr.parts import Stage
from apps.mywordpress.wxr.values import readable

MOST_AT_ONCE = 40
# Others wait for what a transaction has changed, so none takes much longer than this.
SECONDS_AT_ONCE = 0.5


@dataclass(frozen=True, slots=True)
class Importer:
    """Does one import."""

    database: Database
    storage: Storage
    fetcher: Fetcher
    import_id: int

    def run(self, until: float) -> bool:
        """Go on up to this moment (of time.monotonic); answers whether all is done."""
        while time.monotonic() < until:
            if not self.step():
                return True
        return False

    def step(self) -> bool:
        """Do the next bit; False if there is none. Raises StorageUnavailable."""
        parts = apart(self.database, self._next)
        if not parts:
            apart(self.database, self._finish)
            return False
        now, fetched = self._with_files(parts)
        apart(self.database, lambda db: self._make(db, now, fetched))
        return True

    def _importing(self, db: Session) -> Import:
        return db.get_one(Import, self.import_id)

    def _next(self, db: Session) -> Sequence[ImportPart]:
        return self._importing(db).next_parts(db, MOST_AT_ONCE)

    def _finish(self, db: Session) -> None:
        self._importing(db).finish(db)

    def _make(self, db: Session, parts: Sequence[ImportPart], fetched: dict[int, Fetched]) -> None:
        importing, ends_at = self._importing(db), time.monotonic() + SECONDS_AT_ONCE
        making = Making(db, importing, fetched)
        for part in parts:
            make(making, part)
            if time.monotonic() > ends_at:
                break
        importing.work(db)
        changed()

    def _with_files(self, parts: Sequence[ImportPart]) -> tuple[Sequence[ImportPart], dict[int, Fetched]]:
        """Some of these parts, and the file of an attachment that has one: no transaction waits for a file."""
        if parts[0].stage != Stage.ATTACHMENTS:
            return parts, {}
        if self._stored_key(parts[0]) or apart(self.database, self._fetches):
            return parts[:1], {parts[0].id: self._file(parts[0])}
        return list(takewhile(lambda part: not self._stored_key(part), parts)), {}

    def _stored_key(self, part: ImportPart) -> str:
        """The key of a file that is in the storage already, as where an export is taken over with all its files."""
        found = OWN_PICTURE.search(part.fields["url"])
        return found[1] if found and self.storage.exists(found[1]) else ""

    def _fetches(self, db: Session) -> bool:
        return Making(db, self._importing(db)).fetches

    def _file(self, part: ImportPart) -> Fetched:
        fields = part.fields
        url = fields["url"].strip()
        if apart(self.database, lambda db: _has_file(db, url, readable(fields["slug"]))):
            return Fetched()
        key = self._stored_key(part)
        try:
            with self.storage.open(key) if key else self.fetcher.fetch(url) as file:
                return Fetched(Upload.store(self.storage, file, name_in(url)), is_ours=bool(key))
        except (NotFetched, NotAPicture, TooManyPixels, TooLarge) as error:
            return Fetched(reason=told(notes.FETCH_FAILED, str(error)))


def _has_file(db: Session, url: str, slug: str) -> bool:
    entry = present(db, url, slug)
    return entry is not None and bool(entry.key)

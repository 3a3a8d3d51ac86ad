"""A file that is handed in becomes rows, some at a time, before anything is made of it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from sqlalchemy.orm import Session

from apps.chassis.database import Database
from apps.chassis.transactions import apart
from apps.mywordpress.wxr.models import Import
from apps.mywordpress.wxr.parts import SITE, Draft, drafts
from apps.mywordpress.wxr.reader import elements

MOST_ROWS = 200
MOST_LETTERS = 1_000_000
LONGEST_SITE = 500


def hand_in(database: Database, stream: BinaryIO, name: str, user_id: int) -> int:
    """Take an export apart; answers the id of the import, which waits for a go.

    Raises BadFile, and keeps nothing then. Every transaction is short, however long the file.
    """
    import_id = apart(database, lambda db: Import.begin(db, user_id, name).id)
    with _or_nothing(database, import_id):
        site: dict[str, str] = {}
        for some in _batches(_drafts(stream, site)):
            _keep(database, import_id, some)
        apart(database, lambda db: db.get_one(Import, import_id).complete(db, site))
    return import_id


def _keep(database: Database, import_id: int, some: Sequence[Draft]) -> None:
    apart(database, lambda db: Import.add_parts(db, import_id, some))


@contextmanager
def _or_nothing(database: Database, import_id: int) -> Iterator[None]:
    try:
        yield
    except BaseException:
        apart(database, lambda db: _forget(db, import_id))
        raise


def _forget(db: Session, import_id: int) -> None:
    db.delete(db.get_one(Import, import_id))


def _drafts(stream: BinaryIO, site: dict[str, str]) -> Iterator[Draft]:
    for element in elements(stream):
        if element.name in SITE:
            site.setdefault(SITE[element.name], element.text.strip()[:LONGEST_SITE])
        yield from drafts(element)


def _batches(found: Iterable[Draft]) -> Iterator[list[Draft]]:
    some: list[Draft] = []
    letters = 0
    for draft in found:
        some.append(draft)
        letters += len(draft.content.get("body", "")) + len(draft.content.get("content", ""))
        if len(some) >= MOST_ROWS or letters > MOST_LETTERS:
            yield some
            some, letters = [], 0
    if some:
        yield some

"""Exports to import: a small one of our own, and WordPress's test data where they are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from apps.mywordpress.wxr.handing import hand_in
from apps.mywordpress.wxr.models import Import, ImportPart
from apps.mywordpress.wxr.notes import read
from tests.mywordpress.conftest import Journal, user

SMALL = Path(__file__).parent / "journal.xml"
THEME = Path(__file__).parents[4] / "shared" / "data" / "wxr" / "theme-unit-test-data.xml"
# What becomes of the small one where nothing is yet.
ALL_OF_IT = {
    "author": {"made": 1, "known": 1},
    "category": {"made": 2},
    "post_tag": {"made": 1},
    "nav_menu": {"made": 1},
    "genre": {"skipped": 1},
    "attachment": {"made": 1},
    "post": {"made": 7},
    "page": {"made": 2},
    "product": {"skipped": 1},
    "nav_menu_item": {"made": 3, "skipped": 1},
    "comment": {"made": 4, "skipped": 1},
}
needs_theme = pytest.mark.skipif(not THEME.exists(), reason="the theme unit test data are not beside this checkout")


def handed(journal: Journal, file: Path = SMALL) -> int:
    """An import that waits for a go."""
    assert journal.app.database is not None
    with journal.writing() as db:
        ada = user(db, "ada").id
    with file.open("rb") as stream:
        return hand_in(journal.app.database, stream, file.name, ada)


def started(journal: Journal, file: Path = SMALL, **wishes: Any) -> int:
    """An import that the worker may begin with."""
    import_id = handed(journal, file)
    with journal.writing() as db:
        assert db.get_one(Import, import_id).start(db, **wishes)
    return import_id


def imported(journal: Journal, file: Path = SMALL, **wishes: Any) -> int:
    """An import that is done."""
    import_id = started(journal, file, **wishes)
    while not is_done(journal, import_id):
        journal.work("run_import", import_id=import_id)
    return import_id


def is_done(journal: Journal, import_id: int) -> bool:
    """Whether all of an import is done."""
    with journal.writing() as db:
        return db.get_one(Import, import_id).finished_at is not None


def counts(journal: Journal, import_id: int) -> Mapping[str, Mapping[str, int]]:
    """What became of the parts of each type."""
    with journal.writing() as db:
        found: Mapping[str, Mapping[str, int]] = db.get_one(Import, import_id).counts(db)
        return found


def told(journal: Journal, import_id: int, title: str) -> list[str]:
    """What the report says of the part of this title."""
    with journal.writing() as db:
        parts = db.scalars(select(ImportPart).where(ImportPart.import_id == import_id, ImportPart.title == title))
        return [text % values for part in parts for text, values in read(part.note)]

"""An import goes on whatever stops it, and one part that fails stops nothing."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from apps.mywordpress.wxr.making.menus import LEADING
from apps.mywordpress.wxr.models import Import, ImportPart, Outcome
from tests.mywordpress.conftest import Journal, over_both
from tests.mywordpress.wxr.files import ALL_OF_IT, counts, handed, started, told

MORNING = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


@over_both
def test_an_import_that_dies_goes_on_where_it_was(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = started(journal)
    monkeypatch.setattr("apps.mywordpress.wxr.work.MOST_AT_ONCE", 2)
    died = dying_after(4, monkeypatch)
    while True:
        try:
            journal.work("run_import", import_id=import_id)
            break
        except AssertionError:
            continue
    assert died[0] >= 3
    assert counts(journal, import_id) == ALL_OF_IT


def dying_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let every job die in the middle of a transaction after some steps; answers how often it did, as it happens."""
    died, going, real = [0], [0], Import.work

    def work(importing: Import, db: Session) -> None:
        real(importing, db)
        going[0] += 1
        if going[0] > steps:
            died[0] += 1
            going[0] = 0
            raise SystemError("killed")

    monkeypatch.setattr(Import, "work", work)
    return died


def test_a_stalled_import_is_asked_for_again_and_another_one_is_not(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    stalled, going = started(journal), started(journal)
    with journal.writing() as db:
        db.execute(update(Import).where(Import.id == stalled).values(started_at=MORNING))
        db.get_one(Import, going).work(db)
    asked: list[str] = []
    monkeypatch.setattr(journal.worker.queue, "send", asked.append)
    journal.tick("/every/minute")
    assert [f'"import_id": {stalled}' in body for body in asked if "run_import" in body] == [True]


def test_what_nobody_starts_is_forgotten_after_two_days(journal: Journal) -> None:
    handed(journal)
    kept = handed(journal)
    with journal.writing() as db:
        db.execute(update(Import).where(Import.id != kept).values(created_at=MORNING))
    journal.tick("/every/day")
    with journal.writing() as db:
        assert db.scalars(select(Import.id)).all() == [kept]
        assert set(db.scalars(select(ImportPart.import_id))) == {kept}


def test_two_workers_at_once_make_everything_once(journal: Journal) -> None:
    import_id = started(journal)
    assert journal.app.database is not None
    with journal.writing() as db:
        parts = list(db.get_one(Import, import_id).next_parts(db, 10))
        assert [part.claim(db) for part in parts] == [True, True]
        assert [part.claim(db) for part in parts] == [False, False]
        for part in parts:
            part.settle(db, Outcome.WAITING, None, "")


def test_one_part_that_cannot_be_stored_stops_no_other(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("too strange")

    import_id = started(journal)
    monkeypatch.setitem(LEADING, "post_type", refuse)
    journal.work("run_import", import_id=import_id)
    found = counts(journal, import_id)
    assert found["nav_menu_item"] == {"made": 2, "skipped": 2}
    assert told(journal, import_id, "Nowhere") == ["It could not be stored: too strange."]

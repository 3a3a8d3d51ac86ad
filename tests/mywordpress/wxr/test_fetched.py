"""Imports that fetch the files of the old site."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from apps.chassis.storage import StorageUnavailable
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.posts.models import Post
from apps.mywordpress.wxr import fetching
from tests.mywordpress.conftest import Journal, over_both
from tests.mywordpress.wxr.files import SMALL, counts, imported, started, told
from tests.mywordpress.wxr.oldsite import OldSite, sending
from tests.support import samples
from tests.support.drawings import picture


@pytest.fixture
def fetched_from(old: OldSite, monkeypatch: pytest.MonkeyPatch) -> OldSite:
    """The old site, for the imports of this test too."""
    monkeypatch.setattr("apps.mywordpress.wxr.jobs.Fetcher", old.fetcher)
    monkeypatch.setattr(fetching, "_encrypted", lambda connection, host: connection)
    return old


@over_both
def test_fetched_pictures_are_in_the_library_and_shown_from_there(journal: Journal, fetched_from: OldSite) -> None:
    fetched_from.answers["/files/hill.jpg"] = sending(picture(size=(1600, 900)))
    import_id = imported(journal, fetch=True)
    assert fetched_from.asked == [("old.example", "/files/hill.jpg")]
    with journal.writing() as db:
        hill = db.scalars(select(Attachment)).one()
        post = db.scalars(select(Post).where(Post.slug == "a-walk")).one()
        assert (hill.width, hill.height, hill.source_url) == (1600, 900, "https://old.example/files/hill.jpg")
        assert f'src="/media/{hill.key}" alt="A hill" width="300"' in post.body
        assert post.cover == hill
        assert post.html.count("<img") == 2
        assert hill.renditions_made_at is None
    journal.work("make_renditions", picture_id=hill.id)
    assert told(journal, import_id, "Hill") == ["What was noted about it as camera was left out."]


@pytest.mark.parametrize(
    ("path", "make", "kind"),
    [
        ("/files/tides.pdf", samples.pdf, "application/pdf"),
        ("/files/t%C3%A4dl.csv?v=2", samples.csv, "text/csv"),
        ("/files/sea.mp3", samples.mp3, "audio/mpeg"),
    ],
)
def test_documents_and_sound_are_fetched_as_pictures_are(
    journal: Journal, fetched_from: OldSite, tmp_path: Path, path: str, make: Callable[[], bytes], kind: str
) -> None:
    fetched_from.answers[path] = sending(make())
    file = tmp_path / "journal.xml"
    file.write_text(SMALL.read_text().replace("/files/hill.jpg", path))
    import_id = imported(journal, file, fetch=True)
    assert told(journal, import_id, "Hill") == ["What was noted about it as camera was left out."]
    with journal.writing() as db:
        entry = db.scalars(select(Attachment)).one()
        assert (entry.mime_type, entry.size, entry.renditions_made_at is None) == (kind, len(make()), False)
    answer = journal.visitor().get(entry.url)
    assert (answer.status_code, answer.data) == (200, make())


def test_what_the_library_does_not_take_stays_an_entry_without_a_file(journal: Journal, fetched_from: OldSite) -> None:
    fetched_from.answers["/files/hill.jpg"] = sending(b"<html>not a picture</html>")
    import_id = imported(journal, fetch=True)
    assert told(journal, import_id, "Hill")[0].startswith("Its file could not be fetched: ")
    with journal.writing() as db:
        assert db.scalars(select(Attachment.key)).all() == [""]


def test_an_entry_without_a_file_gets_it_by_another_import_and_posts_show_it(
    journal: Journal, fetched_from: OldSite
) -> None:
    imported(journal)
    fetched_from.answers["/files/hill.jpg"] = sending(picture())
    again = imported(journal, fetch=True)
    assert counts(journal, again)["attachment"] == {"known": 1}
    imported(journal, fetch=True)
    assert len(fetched_from.asked) == 1
    with journal.writing() as db:
        hill = db.scalars(select(Attachment)).one()
        post = db.scalars(select(Post).where(Post.slug == "a-walk")).one()
        assert (hill.key != "", post.version) == (True, 2)
        assert f"/media/{hill.key}" in post.html


def test_a_storage_that_is_away_ends_the_job_and_nothing_is_skipped(
    journal: Journal, fetched_from: OldSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StorageUnavailable("the mount is gone")

    fetched_from.answers["/files/hill.jpg"] = sending(picture())
    import_id = started(journal, fetch=True)
    with monkeypatch.context() as patch:
        patch.setattr("apps.mywordpress.wxr.work.Upload.store", away)
        with pytest.raises(AssertionError, match="failed"):
            journal.work("run_import", import_id=import_id)
    assert counts(journal, import_id)["attachment"] == {"waiting": 1}
    journal.work("run_import", import_id=import_id)
    with journal.writing() as db:
        assert db.scalars(select(Attachment.key)).one() != ""

"""A journal whose instance has a disk of its own: the web process makes the renditions, and the worker leaves them."""

import io
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from apps.chassis.app import create_worker
from apps.chassis.filelocks import alone
from apps.chassis.storage import Storage
from apps.mywordpress import SITE
from apps.mywordpress.media import renditions, watch
from apps.mywordpress.media.models import Attachment, Rendition, Upload
from apps.mywordpress.media.watch import RenditionsWatch
from tests.mywordpress.conftest import Journal, Visitor, file, over_both, user
from tests.support.drawings import picture
from tests.support.waiting import wait_until


@pytest.fixture
def environ() -> dict[str, str]:
    return {"STORAGE_SHARED": "0"}


@pytest.fixture
def instance(journal: Journal) -> Iterator[Journal]:
    """The journal with its watch started."""
    journal.app.start_process()
    yield journal
    journal.app.stop_process()
    wait_until(lambda: "renditions" not in {thread.name for thread in threading.enumerate()})


def watch_of(journal: Journal) -> RenditionsWatch:
    found = journal.app.watches["renditions"]
    assert isinstance(found, RenditionsWatch)
    return found


def upload(visitor: Visitor, seed: int = 0) -> None:
    answer = visitor.post("/media", accept="application/json", file=file(picture(size=(700, 500), seed=seed)))
    assert answer.status_code == 201


def made(journal: Journal) -> list[int]:
    """The ids of the pictures that have their renditions."""
    with journal.writing() as db:
        return [one.id for one in db.query(Attachment).order_by(Attachment.id) if one.renditions_made_at]


def lacks(journal: Journal, picture_id: int) -> bool:
    return picture_id not in made(journal)


@over_both
def test_an_upload_has_its_renditions_soon_and_without_a_job(instance: Journal) -> None:
    ann, guest = instance.author(), instance.visitor()
    path = ann.post("/posts", title="With picture", body="Words.", publish="1", file=file()).location or ""
    wait_until(lambda: "srcset" in guest.get(path).text)
    wait_until(lambda: "srcset" in guest.get("/").text)
    assert instance.app.queue.oldest_age() is None


def test_what_was_left_out_is_healed_by_the_next_process(journal: Journal, request: pytest.FixtureRequest) -> None:
    upload(journal.author())
    assert made(journal) == []
    request.getfixturevalue("instance")
    wait_until(lambda: made(journal) == [1])


def test_a_picture_on_another_instances_disk_is_left_to_that_one(
    instance: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watch, "PICTURES_PER_PAGE", 1)
    elsewhere = Storage(tmp_path / "elsewhere")
    with instance.writing() as db:
        for seed in (1, 2):
            stored = Upload.store(elsewhere, io.BytesIO(picture(size=(700, 500), seed=seed)), "other.jpg")
            Attachment.add(db, user(db), stored)
    upload(instance.author(), seed=3)
    wait_until(lambda: made(instance) == [3])
    assert watch_of(instance).ready() == {"ok": True, "detail": "ok"}
    assert [record.message for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


def test_no_post_waits_for_the_pictures_of_another(
    journal: Journal, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, make = threading.Event(), renditions.make

    def wait_at_second(one: Attachment, storage: Storage) -> Sequence[Rendition]:
        assert one.id == 1 or seen.wait(10)
        return make(one, storage)

    monkeypatch.setattr(renditions, "make", wait_at_second)
    ann, guest = journal.author(), journal.visitor()
    path = ann.post("/posts", title="First", body="Words.", publish="1", file=file()).location or ""
    upload(ann, seed=2)
    request.getfixturevalue("instance")
    wait_until(lambda: "srcset" in guest.get(path).text)
    assert made(journal) == [1]
    seen.set()
    wait_until(lambda: made(journal) == [1, 2])


def test_one_bad_picture_keeps_no_other_from_its_turn(
    journal: Journal,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    make = renditions.make

    def fail_first(one: Attachment, storage: Storage) -> Sequence[Rendition]:
        if one.id == 1:
            raise MemoryError("too large")
        return make(one, storage)

    monkeypatch.setattr(renditions, "make", fail_first)
    ann = journal.author()
    upload(ann, seed=1)
    upload(ann, seed=2)
    request.getfixturevalue("instance")
    wait_until(lambda: made(journal) == [2])
    assert "the renditions of picture 1 could not be made" in caplog.text
    monkeypatch.setattr(renditions, "make", make)
    watch_of(journal).wake()
    wait_until(lambda: made(journal) == [1, 2])


def test_a_disk_that_goes_away_is_told_and_ends_nothing(journal: Journal, request: pytest.FixtureRequest) -> None:
    upload(journal.author())
    root = journal.app.storage.root
    away = root.with_name("away")
    root.rename(away)
    request.getfixturevalue("instance")
    wait_until(lambda: "No such file" in watch_of(journal).ready()["detail"])
    away.rename(root)
    watch_of(journal).wake()
    wait_until(lambda: made(journal) == [1])
    wait_until(lambda: watch_of(journal).ready()["detail"] == "ok")


def test_one_process_of_an_instance_works_at_a_time(
    journal: Journal, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "BUSY_SECONDS", 0.01)
    asked = threading.Semaphore(0)
    look = RenditionsWatch._look

    def counted(self: RenditionsWatch) -> float:
        seconds = look(self)
        asked.release()
        return seconds

    monkeypatch.setattr(RenditionsWatch, "_look", counted)
    with alone(watch_of(journal).lock) as mine:
        assert mine
        request.getfixturevalue("instance")
        upload(journal.author())
        for _ in range(3):
            assert asked.acquire(timeout=5)
        assert made(journal) == []
    wait_until(lambda: made(journal) == [1])


def test_files_that_no_row_names_are_swept_once_a_day(instance: Journal) -> None:
    ours = watch_of(instance)
    wait_until(ours.swept.exists)
    upload(instance.author())
    wait_until(lambda: made(instance) == [1])
    orphan = instance.app.storage.put(io.BytesIO(b"orphan"), "jpg", 100)
    for path in instance.app.storage.root.glob("??/??/*"):
        os.utime(path, (0, 0))
    upload(instance.author(), seed=2)
    wait_until(lambda: made(instance) == [1, 2])
    assert instance.app.storage.exists(orphan.key)
    os.utime(ours.swept, (0, 0))
    ours.wake()
    wait_until(lambda: not instance.app.storage.exists(orphan.key))
    with instance.writing() as db:
        keys = [row.key for table in (Attachment, Rendition) for row in db.query(table)]
    assert all(map(instance.app.storage.exists, keys))


def test_a_worker_leaves_alone_what_it_does_not_see(journal: Journal, tmp_path: Path) -> None:
    elsewhere = f"file://{tmp_path}/elsewhere"
    settings = replace(journal.settings, worker=True, storage_url=elsewhere)
    journal.worker = create_worker(settings, SITE)
    upload(journal.author())
    with journal.writing() as db:
        db.get_one(Attachment, 1).created_at -= timedelta(days=2)
    shutil.rmtree(tmp_path / "elsewhere")
    # A message from before, and what would ask for another one; each fails the test unless it is answered with 200.
    journal.work("make_renditions", picture_id=1)
    journal.tick("/every/minute")
    journal.tick("/every/day")
    assert journal.app.queue.oldest_age() is None
    assert journal.worker.watches == {}
    assert lacks(journal, 1)


def test_where_the_storage_is_shared_nothing_watches(tmp_path: Path) -> None:
    from apps.chassis.app import create_app
    from apps.chassis.settings import Settings

    assert (
        "renditions"
        not in create_app(Settings.from_environ({"APP": "mywordpress", "VAR_DIR": str(tmp_path)}), SITE).watches
    )

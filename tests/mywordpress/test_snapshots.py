"""A journal in a folder, and back again elsewhere: all of it as of one moment, or nothing at all."""

import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apps.chassis import snapshots
from apps.chassis.app import Application, create_app
from apps.chassis.commands import CommandError
from apps.chassis.settings import Settings
from apps.chassis.storage import Storage
from apps.chassis.transactions import transaction
from apps.mywordpress import SITE
from apps.mywordpress.media.models import KEYS, Attachment
from apps.mywordpress.media.renditions import sweep
from apps.mywordpress.posts.models import Post
from tests.chassis.damages import flipped
from tests.mywordpress.conftest import Journal, Visitor, file, over_both
from tests.support.drawings import picture
from tests.support.waiting import wait_until

Elsewhere = Callable[..., Settings]
Opener = Callable[[Settings], Application]
OTHER = {"sqlite": "mysql", "mysql": "sqlite"}
PICTURES = 4


def flip(path: Path) -> None:
    path.write_bytes(flipped(path.read_bytes()))


either_damage = pytest.mark.parametrize("damage", [flip, Path.unlink])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots" / "today"


@pytest.fixture
def elsewhere(tmp_path: Path, request: pytest.FixtureRequest) -> Elsewhere:
    """Makes the settings of an empty site with a database of the kind and a storage of its own."""

    def make(kind: str = "sqlite") -> Settings:
        environ = {"APP": "mywordpress", "VAR_DIR": str(tmp_path / "elsewhere")}
        if kind == "mysql":
            server = request.getfixturevalue("mariadb")
            server.create("journal_restored")
            environ["DATABASE_URL"] = server.url("journal_restored")
        settings = Settings.from_environ(environ)
        settings.data_dir.mkdir(parents=True)
        return settings

    return make


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens the site of these settings as it is."""
    apps: list[Application] = []

    def open_site(settings: Settings) -> Application:
        apps.append(create_app(settings, SITE))
        return apps[-1]

    yield open_site
    for app in apps:
        assert app.database is not None
        app.database.dispose()
        for backend in (app.session_store, app.cache, app.queue):
            getattr(backend, "close", lambda: None)()


def write(ann: Visitor, title: str, seed: int) -> None:
    """A post with a picture of its own."""
    drawn = file(picture("PNG", (20, 20), seed=seed))
    assert ann.post("/posts", title=title, body="Words.", publish="1", file=drawn).status_code == 303


@pytest.fixture
def written(journal: Journal) -> Journal:
    """The journal with some posts that show pictures, one of which has its renditions."""
    ann = journal.author()
    for number in range(PICTURES - 1):
        write(ann, f"Post {number}", number)
    assert ann.post("/media", accept="application/json", file=file()).status_code == 201
    journal.work("make_renditions", picture_id=PICTURES)
    return journal


def keys(app: Application) -> Sequence[str]:
    assert app.database is not None
    with transaction(app.database) as db:
        return sorted(value for column in KEYS for (value,) in db.query(column))


def titles(app: Application) -> list[str]:
    assert app.database is not None
    with transaction(app.database) as db:
        return [post.title for post in db.query(Post).order_by(Post.id)]


def assert_whole(app: Application) -> None:
    """Every row's file is there, and readers get every page with its picture."""
    assert app.database is not None
    assert all(map(app.storage.is_intact, keys(app)))
    guest = Visitor(app)
    with transaction(app.database) as db:
        paths = [post.path for post in db.query(Post)]
    for path in paths:
        page = guest.get(path)
        shown = re.search(r'<img src="(/media/[^"]+)"', page.text)
        assert page.status_code == 200
        assert shown is not None
        assert guest.get(shown[1]).data.startswith(b"\x89PNG")


@over_both
def test_what_is_taken_while_people_write_is_a_whole_site_in_another_kind_of_database(
    written: Journal,
    kind: str,
    folder: Path,
    elsewhere: Elsewhere,
    opened: Opener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ann, bring, turns = written.author(), snapshots._Copying._bring, threading.Lock()

    def bring_while_writing(self: Any, key: str) -> None:
        with turns:
            write(ann, "Later", 1000)
        bring(self, key)

    monkeypatch.setattr(snapshots._Copying, "_bring", bring_while_writing)
    taken = snapshots.take(SITE, written.settings, folder)
    monkeypatch.undo()
    assert (taken.files, taken.rows["posts"]) == (PICTURES + 3, PICTURES - 1)
    assert len(titles(written.app)) == PICTURES - 1 + taken.files
    assert snapshots.verify(SITE, folder) == taken
    settings = elsewhere(OTHER[kind])
    assert snapshots.restore(SITE, settings, folder) == taken
    other = opened(settings)
    assert titles(other) == ["Post 0", "Post 1", "Post 2"]
    assert_whole(other)
    assert len(keys(other)) == taken.files
    assert Visitor(other).sign_in().status_code == 303


def test_a_picture_that_goes_while_it_is_taken_is_in_neither_rows_nor_files(
    written: Journal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, bring = written.app.storage, snapshots._Copying._bring
    unused = file(picture("PNG", (30, 30)))
    answer = written.author().post("/media", accept="application/json", file=unused)
    gone = answer.get_json()["url"].removeprefix("/media/")
    os.utime(storage.path(gone), (0, 0))

    def delete_and_sweep(self: Any, key: str) -> None:
        with written.writing() as db:
            for one in db.query(Attachment).where(Attachment.key == gone):
                one.delete(db)
        sweep(storage, written.writing)
        bring(self, key)

    monkeypatch.setattr(snapshots._Copying, "_bring", delete_and_sweep)
    taken = snapshots.take(SITE, written.settings, folder)
    assert not storage.exists(gone)
    assert (taken.rows["pictures"], snapshots.verify(SITE, folder)) == (PICTURES, taken)


def kill_at(path: Path, settings: Settings, target: Path, *words: str) -> dict[str, int]:
    """Kill the command when it reads this file; answers what it has copied, with each file's inode."""
    content = path.read_bytes()
    path.unlink()
    # Whoever opens it waits.
    os.mkfifo(path)
    others = inodes(path.parents[2]).keys() - {path.name}
    environ = {**os.environ, "VAR_DIR": str(settings.var), "DATABASE_URL": settings.database_url}
    process = subprocess.Popen([sys.executable, "-m", "apps.mywordpress", *words], env=environ)
    wait_until(lambda: inodes(target).keys() == others, 30)
    process.kill()
    process.wait()
    path.unlink()
    path.write_bytes(content)
    return inodes(target)


def inodes(root: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in root.glob("??/??/*")}


def test_what_was_killed_goes_on_and_copies_nothing_twice(
    written: Journal, folder: Path, elsewhere: Elsewhere, opened: Opener
) -> None:
    middle = keys(written.app)[3]
    copied = kill_at(written.app.storage.path(middle), written.settings, folder / "media", "snapshot", str(folder))
    with pytest.raises(CommandError, match="has no manifest"):
        snapshots.verify(SITE, folder)
    write(written.author(), "Written after the first try", 99)
    (folder / "database.4711.unfinished").write_bytes(b"half")
    left = Storage(folder / "media").put(io.BytesIO(b"what no row names any more"), "png", 100)
    taken = snapshots.take(SITE, written.settings, folder)
    assert copied.items() <= inodes(folder / "media").items()
    assert sorted(path.name for path in folder.iterdir()) == ["database", "manifest", "media"]
    assert not (folder / "media" / left.key).exists()

    settings = elsewhere()
    target = settings.data_dir / "media"
    copied = kill_at(folder / "media" / middle, settings, target, "restore", str(folder))
    assert snapshots.restore(SITE, settings, folder) == taken
    assert copied.items() <= inodes(target).items()
    other = opened(settings)
    assert titles(other)[-1] == "Written after the first try"
    assert_whole(other)


@either_damage
@pytest.mark.parametrize("what", ["database", "media"])
def test_a_flipped_byte_or_a_lost_file_is_named_and_no_row_is_written(
    written: Journal,
    folder: Path,
    elsewhere: Elsewhere,
    opened: Opener,
    what: str,
    damage: Callable[[Path], Any],
) -> None:
    snapshots.take(SITE, written.settings, folder)
    path = folder / what if what == "database" else folder / what / keys(written.app)[2]
    damage(path)
    named = rf"{re.escape(str(path))} is (damaged|missing)$"
    with pytest.raises(CommandError, match=named):
        snapshots.verify(SITE, folder)
    settings = elsewhere()
    with pytest.raises(CommandError, match=named):
        snapshots.restore(SITE, settings, folder)
    if what == "media":
        assert titles(opened(settings)) == []


def test_a_changed_manifest_is_found_out(written: Journal, folder: Path) -> None:
    snapshots.take(SITE, written.settings, folder)
    manifest = folder / "manifest"
    for other in (flipped(manifest.read_bytes()), manifest.read_bytes().replace(b'"files": 7', b'"files": 8'), b"[]"):
        manifest.write_bytes(other)
        with pytest.raises(CommandError, match="manifest is damaged"):
            snapshots.verify(SITE, folder)


@either_damage
def test_a_file_that_the_site_has_lost_is_named_and_makes_no_snapshot(
    written: Journal, folder: Path, damage: Callable[[Path], Any]
) -> None:
    path = written.app.storage.path(keys(written.app)[0])
    whole = path.read_bytes()
    damage(path)
    with pytest.raises(CommandError, match=rf"{path} is (damaged|missing)$"):
        snapshots.take(SITE, written.settings, folder)
    assert not (folder / "manifest").exists()
    path.write_bytes(whole)
    assert snapshots.take(SITE, written.settings, folder).files == PICTURES + 3


def test_a_site_with_rows_is_replaced_only_when_asked(written: Journal, folder: Path) -> None:
    snapshots.take(SITE, written.settings, folder)
    write(written.author(), "Later", 99)
    flip(written.app.storage.path(broken := keys(written.app)[0]))
    with pytest.raises(CommandError, match="--replace"):
        snapshots.restore(SITE, written.settings, folder)
    assert not written.app.storage.is_intact(broken)
    snapshots.restore(SITE, written.settings, folder, replace=True)
    assert "Later" not in titles(written.app)
    assert_whole(written.app)


def test_a_folder_of_something_else_is_left_alone(written: Journal, folder: Path) -> None:
    with pytest.raises(CommandError, match="holds something else"):
        snapshots.take(SITE, written.settings, written.settings.data_dir)
    assert_whole(written.app)
    snapshots.take(SITE, written.settings, folder)
    with pytest.raises(CommandError, match="is a whole snapshot already"):
        snapshots.take(SITE, written.settings, folder)
    assert folder.stat().st_mode & 0o077 == 0


def test_a_missing_mount_is_named_on_both_ways(written: Journal, folder: Path, elsewhere: Elsewhere) -> None:
    unmounted = replace(written.settings, storage_require_mount=True)
    with pytest.raises(CommandError, match="is not a mount point"):
        snapshots.take(SITE, unmounted, folder)
    snapshots.take(SITE, written.settings, folder)
    with pytest.raises(CommandError, match="is not a mount point"):
        snapshots.restore(SITE, replace(elsewhere(), storage_require_mount=True), folder)

"""Storage: atomic, durable, content-addressed, and never outside its folder."""

import errno
import hashlib
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.chassis.frame import current_record
from apps.chassis.storage import KEY, NotStored, Storage, StorageUnavailable, StoredFile, TooLarge, open_storage

pytestmark = pytest.mark.unit

DAY = 24 * 3600.0
MEGABYTE = 1024 * 1024


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return open_storage(f"file://{tmp_path}/media", require_mount=False)


def put(storage: Storage, content: bytes, limit_bytes: int = MEGABYTE) -> StoredFile:
    return storage.put(io.BytesIO(content), "png", limit_bytes)


def leftovers(storage: Storage) -> list[Path]:
    return [path for path in (storage.root / ".incoming").glob("*") if path.name != "lock"]


def grow_old(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds, time.time() - seconds))


def unreferenced(key: str) -> bool:
    return False


def test_what_was_stored_is_read_back_under_the_hash_of_its_content(storage: Storage) -> None:
    stored = put(storage, b"a picture")
    digest = hashlib.sha256(b"a picture").hexdigest()
    assert stored == StoredFile(f"{digest[:2]}/{digest[2:4]}/{digest}.png", 9)
    with storage.open(stored.key) as file:
        assert file.read() == b"a picture"
    assert storage.path(stored.key).read_bytes() == b"a picture"
    assert storage.exists(stored.key)
    assert leftovers(storage) == []


def test_the_same_content_is_stored_once_and_becomes_young_again(storage: Storage) -> None:
    first = put(storage, b"same")
    grow_old(storage.path(first.key), 2 * DAY)
    assert put(storage, b"same") == first
    assert time.time() - storage.path(first.key).stat().st_mtime < 60


def test_content_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(storage: Storage) -> None:
    assert put(storage, b"x" * 200_000, limit_bytes=200_000).size == 200_000
    with pytest.raises(TooLarge):
        put(storage, b"x" * 200_001, limit_bytes=200_000)
    assert leftovers(storage) == []


def test_an_endless_stream_is_left_as_soon_as_the_limit_is_passed(storage: Storage) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(TooLarge):
        storage.put(cast(BinaryIO, stream), "png", 100_000)
    assert stream.given == 100_001


def test_a_deleted_file_is_gone_and_deleting_it_again_is_no_error(storage: Storage) -> None:
    key = put(storage, b"short-lived").key
    storage.delete(key)
    storage.delete(key)
    assert not storage.exists(key)
    with pytest.raises(NotStored):
        storage.open(key)


@pytest.mark.parametrize("suffix", ["", ".png", "PNG", "p/ng", "../x", "toolongsuffix", "png\n"])
def test_a_suffix_is_letters_and_digits_only(storage: Storage, suffix: str) -> None:
    with pytest.raises(ValueError, match="not a suffix"):
        storage.put(io.BytesIO(b"x"), suffix, 10)


HASH = hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../../etc/passwd",
        "/etc/passwd",
        f"{HASH[:2]}/{HASH[2:4]}/{HASH}.png\n",
        f"{HASH[:2]}/{HASH[2:4]}/../../{HASH}.png",
        f"00/11/{HASH}.png",
        f"{HASH[:2]}/{HASH[2:4]}/{HASH}",
        ".incoming/lock",
        f"{HASH[:2]}/{HASH[2:4]}/{HASH}.png\x00",
    ],
)
def test_what_is_no_key_names_no_file(storage: Storage, key: str) -> None:
    with pytest.raises(NotStored):
        storage.path(key)
    with pytest.raises(NotStored):
        storage.open(key)
    assert not storage.exists(key)


@given(st.one_of(st.text(), st.from_regex(re.compile(r"[0-9a-f./]*"), fullmatch=True), st.from_regex(KEY)))
def test_no_key_leads_out_of_the_folder(key: str) -> None:
    storage = Storage(Path("/nowhere/media"), require_mount=True)
    try:
        path = storage.path(key)
    except NotStored:
        return
    assert Path(os.path.normpath(path)) == path
    assert path.is_relative_to(storage.root)
    assert len(path.relative_to(storage.root).parts) == 3


def test_storage_that_is_touched_is_noted_in_the_record(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    record = current_record()
    monkeypatch.setattr("apps.chassis.storage.current_record", lambda: record)
    put(storage, b"noted")
    assert record.storage == "file"


def test_without_its_mount_nothing_is_written_and_readiness_says_so(tmp_path: Path) -> None:
    storage = open_storage(f"file://{tmp_path}/efs", require_mount=True)
    with pytest.raises(StorageUnavailable, match="not a mount point"):
        put(storage, b"lost")
    ready = storage.ready()
    assert ready["ok"] is False
    assert "not a mount point" in ready["detail"]
    assert list(tmp_path.iterdir()) == []


def test_a_mount_point_is_good_for_storing(tmp_path: Path) -> None:
    # /dev/shm is a mount point of every Linux, and a folder in it is not.
    if not os.path.ismount("/dev/shm"):
        pytest.skip("no /dev/shm here")
    assert open_storage("file:///dev/shm", require_mount=True).ready()["ok"] is True
    assert open_storage("file:///dev/shm/folder", require_mount=True).ready()["ok"] is False


def test_a_folder_that_vanished_is_unavailable_not_empty(storage: Storage) -> None:
    key = put(storage, b"kept").key
    storage.root.rename(storage.root.with_name("elsewhere"))
    with pytest.raises(StorageUnavailable, match="No such file"):
        put(storage, b"more")
    with pytest.raises(StorageUnavailable, match="No such file"):
        storage.open(key)
    assert storage.ready()["ok"] is False


def test_a_full_disk_is_unavailable_and_leaves_nothing(tmp_path: Path) -> None:
    storage = small_disk(tmp_path)
    try:
        with pytest.raises(StorageUnavailable, match=os.strerror(errno.ENOSPC)):
            storage.put(io.BytesIO(os.urandom(MEGABYTE)), "png", 2 * MEGABYTE)
        assert leftovers(storage) == []
        assert put(storage, b"small enough").size == 12
    finally:
        subprocess.run(["umount", str(storage.root)], check=True)


def test_a_read_only_disk_is_unavailable(tmp_path: Path) -> None:
    storage = small_disk(tmp_path)
    try:
        key = put(storage, b"before").key
        subprocess.run(["mount", "-o", "remount,ro", str(storage.root)], check=True)
        with pytest.raises(StorageUnavailable, match="cannot be written to"):
            put(storage, b"after")
        with pytest.raises(StorageUnavailable, match=os.strerror(errno.EROFS)):
            storage.delete(key)
        assert storage.ready()["ok"] is False
        assert storage.path(key).read_bytes() == b"before"
    finally:
        subprocess.run(["umount", str(storage.root)], check=True)


def small_disk(tmp_path: Path) -> Storage:
    root = tmp_path / "disk"
    root.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(root)], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting needs root")
    return Storage(root, require_mount=True)


ENDLESS_PUT = """
import sys
from apps.chassis.storage import open_storage

class Slow:
    def read(self, size):
        print("reading", flush=True)
        return b"x" * size

open_storage(sys.argv[1]).put(Slow(), "png", 10**12)
"""


def test_a_process_killed_in_the_middle_leaves_no_visible_file(storage: Storage) -> None:
    command = [sys.executable, "-c", ENDLESS_PUT, f"file://{storage.root}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(20):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert list(storage.root.rglob("*.png")) == []
    (leftover,) = leftovers(storage)
    assert storage.sweep(unreferenced, DAY) == 0
    grow_old(leftover, 2 * DAY)
    assert storage.sweep(unreferenced, DAY) == 1
    assert leftovers(storage) == []


def test_sweeping_takes_what_is_old_and_referenced_by_nobody(storage: Storage) -> None:
    wanted, orphan, young = (put(storage, content).key for content in (b"wanted", b"orphan", b"young"))
    for key in (wanted, orphan):
        grow_old(storage.path(key), 2 * DAY)
    assert storage.sweep(lambda key: key == wanted, DAY) == 1
    assert [storage.exists(key) for key in (wanted, orphan, young)] == [True, False, True]


def test_what_is_stored_again_while_a_sweep_runs_survives_it(storage: Storage) -> None:
    key = put(storage, b"again").key
    grow_old(storage.path(key), 2 * DAY)

    def store_it_again(asked: str) -> bool:
        assert put(storage, b"again").key == asked == key
        return False

    assert storage.sweep(store_it_again, DAY) == 0
    assert storage.exists(key)


def test_storing_and_sweeping_at_once_lose_nothing(storage: Storage) -> None:
    stopping = threading.Event()

    def sweep() -> None:
        while not stopping.is_set():
            storage.sweep(unreferenced, 5)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for _ in range(100):
            key = put(storage, b"contended").key
            assert storage.exists(key)
            grow_old(storage.path(key), DAY)
    finally:
        stopping.set()
        sweeper.join()


@pytest.mark.parametrize("url", ["s3://bucket", "file:relative", "file://host/folder", "/folder", ""])
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="file:///absolute/folder"):
        open_storage(url, require_mount=False)

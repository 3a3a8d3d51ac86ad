"""A mount that goes away in the worst moment: nothing is written to the disk below it."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from apps.chassis.storage import Storage, StorageUnavailable
from tests.support.mounts import namespace


def test_a_mount_that_goes_between_look_and_write_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.ismount", lambda path: True)
    with pytest.raises(StorageUnavailable, match="not a mount point"):
        Storage(tmp_path, require_mount=True).put(io.BytesIO(b"anything"), "png", 100)
    assert list(tmp_path.iterdir()) == []


LOST_WITHIN_A_PUT = """
import io, subprocess, sys
from apps.chassis.storage import Storage, StorageUnavailable
from pathlib import Path
root = Path(sys.argv[1])
storage = Storage(root, require_mount=True)
class Losing(io.BytesIO):
    def read(self, size=-1):
        subprocess.run(["umount", "--lazy", str(root)], check=not self.tell())
        return super().read(size)
storage.put(Losing(bytes(200_000)), "jpg", 300_000)
print(sorted(path.name for path in root.iterdir()))
try:
    storage.sweep(lambda key: False, 0)
except StorageUnavailable as error:
    print(error)
"""


def test_nothing_is_written_below_a_mount_that_is_lost_within_an_upload(tmp_path: Path) -> None:
    with namespace() as space:
        space.mount(tmp_path)
        command = space.within([sys.executable, "-c", LOST_WITHIN_A_PUT, str(tmp_path)])
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[0] == "[]"
    assert "is not a mount point" in said[1]
    assert list(tmp_path.iterdir()) == []

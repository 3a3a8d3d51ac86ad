"""Files that go from one storage to another: none that is not what its key names."""

import io
import os
from pathlib import Path

import pytest

from apps.chassis.storage import Damaged, Storage

pytestmark = pytest.mark.unit

DAY = 24 * 3600.0


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "media")


def put(storage: Storage, content: bytes) -> str:
    return storage.put(io.BytesIO(content), "png", 100).key


def test_what_comes_for_a_key_is_kept_only_if_it_is_what_the_key_names(storage: Storage, tmp_path: Path) -> None:
    key = put(storage, b"a picture")
    other = Storage(tmp_path / "other")
    with pytest.raises(Damaged):
        other.take(key, io.BytesIO(b"b picture"))
    assert [path.name for path in other.root.rglob("*")] == [".incoming"]
    other.take(key, io.BytesIO(b"a picture"))
    assert other.is_intact(key)
    other.path(key).write_bytes(b"b picture")
    assert other.exists(key)
    assert not other.is_intact(key)


def test_what_is_renewed_is_not_swept_and_what_is_gone_is_told(storage: Storage) -> None:
    key = put(storage, b"a picture")
    os.utime(storage.path(key), (0, 0))
    assert storage.renew(key)
    assert storage.sweep(lambda _: False, DAY) == 0
    storage.delete(key)
    assert not storage.renew(key)

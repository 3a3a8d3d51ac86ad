"""Files that visitors gave us: content-addressed, written atomically and durably, on a local or a shared disk."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from apps.chassis.frame import current_record

KEY = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{60}\.[a-z0-9]{1,8}", re.ASCII)
SUFFIX = re.compile(r"[a-z0-9]{1,8}", re.ASCII)
CHUNK_BYTES = 64 * 1024
INCOMING = ".incoming"


class StorageUnavailable(Exception):
    """The disk cannot be used now: full, read-only, missing or not mounted. The text says which."""


class TooLarge(Exception):
    """More bytes came than the caller's limit allows; nothing was kept."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"larger than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class NotStored(LookupError):
    """No file has this key, or it is not a key at all."""


class Damaged(Exception):
    """What came is not what its key names."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What `put` stored: its key, to be kept in a row, and its size in bytes."""

    key: str
    size: int


def open_storage(url: str, require_mount: bool = False) -> Storage:
    """The storage that `url` names (`file:///absolute/folder`); raises ValueError for any other URL."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise ValueError(f"storage takes file:///absolute/folder, not {url!r}")
    return Storage(Path(unquote(parts.path)), require_mount=require_mount)


class Storage:
    """A folder of files named by the SHA-256 of their content, shared by any number of processes and hosts.

    A file is visible under its key only when it is complete and on the disk. With `require_mount` nothing is written
    unless the folder itself is a mount point. Every method that touches the disk may raise StorageUnavailable.
    """

    def __init__(self, root: Path, *, require_mount: bool = False) -> None:
        self.root = root
        self.require_mount = require_mount
        # A folder below a missing mount must never be made: it would fill the instance's own disk in silence.
        if not require_mount:
            with suppress(OSError):
                root.mkdir(parents=True, exist_ok=True)

    def put(self, stream: BinaryIO, suffix: str, limit_bytes: int) -> StoredFile:
        """Store what `stream` still holds; when this returns, it survives a power failure.

        The same content has the same key, and storing it again makes it as young as new. Raises TooLarge as soon as
        more than `limit_bytes` bytes came, ValueError for a suffix that is not 1 to 8 of a-z and 0-9.
        """
        if not SUFFIX.fullmatch(suffix):
            raise ValueError(f"not a suffix: {suffix!r}")
        current_record().storage = "file"
        return self._store(stream, suffix, limit_bytes)

    def take(self, key: str, stream: BinaryIO) -> None:
        """Store what `stream` still holds, as `put` does, or raise Damaged and keep nothing if `key` is not its key."""
        self._store(stream, self.path(key).suffix[1:], sys.maxsize, key)

    def renew(self, key: str) -> bool:
        """Make the file as young as new, so that no sweep takes it soon; False if there is none."""
        self.path(key)
        with self._held() as root, _disk(self.root), _lock(root):
            try:
                os.utime(root / key)
            except FileNotFoundError:
                return False
            return True

    def is_intact(self, key: str) -> bool:
        """Whether the file is there and is what its key names; reads all of it. May raise OSError."""
        try:
            with self.path(key).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == Path(key).stem
        except FileNotFoundError:
            return False

    def open(self, key: str) -> BinaryIO:
        """The file's content, or NotStored."""
        with _disk(self.root):
            try:
                return self.path(key).open("rb")
            except FileNotFoundError:
                self._refuse_unless_ready()
                raise NotStored(key) from None

    def path(self, key: str) -> Path:
        """Where the file of this key is or would be; always inside the folder. NotStored if it is no key."""
        if not KEY.fullmatch(key):
            raise NotStored(key)
        current_record().storage = "file"
        return self.root / key

    def exists(self, key: str) -> bool:
        """Whether a complete file has this key."""
        return KEY.fullmatch(key) is not None and (self.root / key).is_file()

    def delete(self, key: str) -> None:
        """Remove the file; one that is gone already is no error."""
        with _disk(self.root):
            self.path(key).unlink(missing_ok=True)

    def sweep(self, referenced: Callable[[str], bool], older_than_seconds: float) -> int:
        """Delete files that nobody references and leftovers of broken uploads; answers how many.

        Only what is older than `older_than_seconds` goes. A file stored again while this runs is young and stays.
        """
        with self._held() as root, _disk(self.root):
            stale = [path for path in _files(root) if _age(path) > older_than_seconds]
            unreferenced = (path for path in stale if not referenced(_key(root, path)))
            swept = sum(_sweep_one(root, path, older_than_seconds) for path in unreferenced)
            return swept + sum(_sweep_one(root, path, older_than_seconds) for path in _leftovers(root))

    def ready(self) -> Mapping[str, Any]:
        """`{"ok": bool, "detail": str}`, the detail saying why nothing can be stored. Raises and writes nothing."""
        reason = self._trouble()
        return {"ok": reason is None, "detail": reason or "can be written to"}

    @contextmanager
    def _held(self) -> Iterator[Path]:
        """The folder, once it is known that it can be written to; a mount that is required cannot change meanwhile.

        It may go between a look and a write, which would then fill the instance's own disk below it. So what was
        looked at is opened, and all paths begin at what is open.
        """
        self._refuse_unless_ready()
        if not self.require_mount:
            yield self.root
            return
        with _disk(self.root):
            descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            if os.fstat(descriptor).st_dev == self.root.parent.stat().st_dev:
                raise StorageUnavailable(self._unmounted)
            yield Path(f"/proc/self/fd/{descriptor}")
        finally:
            os.close(descriptor)

    def _refuse_unless_ready(self) -> None:
        reason = self._trouble()
        if reason:
            raise StorageUnavailable(reason)

    def _trouble(self) -> str | None:
        if self.require_mount and not os.path.ismount(self.root):
            return self._unmounted
        try:
            status = os.statvfs(self.root)
        except OSError as error:
            return _reason(self.root, error)
        if status.f_flag & os.ST_RDONLY or not os.access(self.root, os.W_OK | os.X_OK):
            return f"{self.root} cannot be written to"
        return f"no space is left in {self.root}" if status.f_bavail == 0 else None

    @property
    def _unmounted(self) -> str:
        return f"{self.root} is not a mount point, and STORAGE_REQUIRE_MOUNT asks for one"

    def _store(self, stream: BinaryIO, suffix: str, limit_bytes: int, wanted: str | None = None) -> StoredFile:
        with self._held() as root:
            temporary = root / INCOMING / uuid.uuid4().hex
            try:
                digest, size = self._receive(stream, temporary, limit_bytes)
                key = f"{digest[:2]}/{digest[2:4]}/{digest}.{suffix}"
                if wanted not in (None, key):
                    raise Damaged(wanted)
                self._publish(temporary, root, key)
            finally:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
        return StoredFile(key, size)

    def _receive(self, stream: BinaryIO, temporary: Path, limit_bytes: int) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with _disk(self.root):
            temporary.parent.mkdir(exist_ok=True)
            file = temporary.open("xb")
        with file:
            while chunk := stream.read(min(CHUNK_BYTES, limit_bytes - size + 1)):
                size += len(chunk)
                if size > limit_bytes:
                    raise TooLarge(limit_bytes)
                digest.update(chunk)
                with _disk(self.root):
                    file.write(chunk)
            with _disk(self.root):
                file.flush()
                os.fsync(file.fileno())
        return digest.hexdigest(), size

    def _publish(self, temporary: Path, root: Path, key: str) -> None:
        final = root / key
        with _disk(self.root), _lock(root):
            final.parent.mkdir(parents=True, exist_ok=True)
            os.utime(temporary)
            temporary.replace(final)
        with _disk(self.root):
            # The names must be as durable as the content, or a row could outlive its file.
            for folder in (final.parent, final.parent.parent, root):
                fsync_folder(folder)


def _sweep_one(root: Path, path: Path, older_than_seconds: float) -> bool:
    with _lock(root):
        # Asked again under the lock: between listing and deleting, an upload may have renewed this very file.
        try:
            stale = _age(path) > older_than_seconds
        except FileNotFoundError:
            return False
        if stale:
            path.unlink()
        return stale


@contextmanager
def _lock(root: Path) -> Iterator[None]:
    """Renaming into place and sweeping exclude each other, between hosts too: NFS makes flock a lock of its own."""
    (root / INCOMING).mkdir(exist_ok=True)
    with (root / INCOMING / "lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _files(root: Path) -> Iterator[Path]:
    return (path for path in root.glob("??/??/*") if KEY.fullmatch(_key(root, path)))


def _leftovers(root: Path) -> Iterator[Path]:
    return (path for path in (root / INCOMING).glob("*") if path.name != "lock")


def _key(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


@contextmanager
def _disk(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(_reason(root, error)) from error


def _reason(root: Path, error: OSError) -> str:
    return f"{root}: {error.strerror or error}"


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def fsync_folder(folder: Path) -> None:
    """Have the names in this folder survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

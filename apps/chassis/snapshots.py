"""A site in one folder: all rows of its database as of one moment, and every file that they name.

    FOLDER/database   what `backup` writes
    FOLDER/media/     the files, by their keys
    FOLDER/manifest   counts and checksums, written last: without it a folder is no snapshot yet

A file never changes, and is on the disk before the row that names it is committed. So the files that the rows of one
moment name may be copied after that moment, however long it takes. Only a sweep takes a file away, once no row names it
and it is a day old; most files are older than that, so one may go whose row was deleted after that moment. Then the
rows are read again, as of a later moment at which none names it, and a file that they still name is lost.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from apps.chassis import backups
from apps.chassis.commands import CommandError
from apps.chassis.filelocks import alone
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.chassis.sites import Site
from apps.chassis.storage import Damaged, NotStored, Storage, StorageUnavailable, fsync_folder, open_storage

FORMAT = 1
DATABASE, MEDIA, MANIFEST = "database", "media", "manifest"
# Marks a folder as ours until it is complete, and keeps a second process out.
BEGUN = "unfinished"
MOST_NAMED = 20
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot has; its text begins the sentence that tells a person what became of it."""

    site: str
    taken_at: str
    rows: Mapping[str, int]
    files: int
    bytes: int
    database_sha256: str
    snapshot: int = FORMAT

    def write(self, folder: Path) -> None:
        """Make the folder a snapshot, in one step that survives a power failure."""
        unfinished = folder / f"{MANIFEST}.{BEGUN}"
        with unfinished.open("w") as file:
            json.dump(asdict(self) | {"sha256": _seal(asdict(self))}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / MANIFEST)
        fsync_folder(folder)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The manifest of this folder; raises CommandError if there is none, or another than was written."""
        try:
            fields = json.loads((folder / MANIFEST).read_bytes())
            if fields.pop("sha256") != _seal(fields):
                raise ValueError
            return cls(**fields)
        except FileNotFoundError:
            raise CommandError(f"{folder} has no manifest, so it is no snapshot, or one that is to go on") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise CommandError(f"{folder / MANIFEST} is damaged, or was written by a later release") from None

    def __str__(self) -> str:
        size = f"{self.bytes / 1_000_000:.1f} MB"
        return f"{sum(self.rows.values())} rows of {len(self.rows)} tables and {self.files} files of {size}"


def take(site: Site, settings: Settings, folder: Path) -> Manifest:
    """Copy the site as of this moment into the folder, while others go on writing.

    What an interrupted one has copied there is not copied again. Raises CommandError if the folder holds anything else,
    or if a file that rows name is missing or damaged; it names them all, and the folder is no snapshot then.
    """
    _refuse_occupied(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(folder / BEGUN) as mine, _told():
        if not mine:
            raise CommandError(f"{folder}: another process is writing it")
        _refuse_occupied(folder)
        source, copies = open_storage(settings.storage_url, settings.storage_require_mount), Storage(folder / MEDIA)
        # Without this each file would be told as missing.
        if source.require_mount and not source.root.is_mount():
            raise StorageUnavailable(source.ready()["detail"])
        rows, keys = _gathered(site, settings, folder, _Copying(source, copies))
        # What an interrupted one has left, and what was named before the rows were read again.
        copies.sweep(keys.__contains__, -1)
        size = sum(copies.path(key).stat().st_size for key in keys)
        checksum = _checksum(folder / DATABASE)
        taken = Manifest(site.name, datetime.now(UTC).isoformat(), rows, len(keys), size, checksum)
        taken.write(folder)
        (folder / BEGUN).unlink()
    return taken


def verify(site: Site, folder: Path) -> Manifest:
    """Read all of the folder and check it; raises CommandError, which names what is missing or damaged."""
    manifest, keys = _checked(site, folder)
    copies, wrong = Storage(folder / MEDIA), {}
    for key in sorted(keys):
        if not copies.is_intact(key):
            wrong[key] = "is damaged" if copies.exists(key) else "is missing"
    _refuse(copies, wrong)
    return manifest


def restore(site: Site, settings: Settings, folder: Path, *, replace: bool = False) -> Manifest:
    """Bring the files into the storage, each checked, and then all rows into the database, in one transaction.

    Files that are there already are not copied again, so an interrupted one goes on. The database is as it was unless
    all went well; it must be empty, or is to be replaced. Raises CommandError, which names what is missing or damaged.
    """
    manifest, keys = _checked(site, folder)
    migrate(site, settings)
    if not replace:
        backups.refuse_rows(site, settings)
    copies = Storage(folder / MEDIA)
    with _told():
        target = open_storage(settings.storage_url, settings.storage_require_mount)
        _refuse(copies, _Copying(copies, target).bring(keys))
    backups.restore(site, settings, folder / DATABASE, replace=replace)
    return manifest


def _refuse_occupied(folder: Path) -> None:
    if (folder / MANIFEST).exists():
        raise CommandError(f"{folder} is a whole snapshot already")
    # The folder of a site has its files in a folder of the same name as ours, and they would be taken for leftovers.
    if folder.exists() and any(folder.iterdir()) and not (folder / BEGUN).exists():
        raise CommandError(f"{folder} holds something else: a snapshot takes a folder of its own")


def _gathered(
    site: Site, settings: Settings, folder: Path, copying: "_Copying"
) -> tuple[Mapping[str, int], Collection[str]]:
    """The rows and the keys of a moment whose files are all copied."""
    wrong: Mapping[str, str] = {}
    while True:
        # Of a moment that is past by now.
        for stale in folder.glob(f"{DATABASE}*"):
            stale.unlink()
        rows = backups.backup(site, settings, folder / DATABASE)
        keys = _keys(site, folder)
        before, wrong = wrong, copying.bring(keys)
        if not wrong:
            return rows, keys
        # Missed once, a file may have been swept after its row was deleted; missed and still named, it is lost.
        if before.keys() & wrong.keys():
            _refuse(copying.source, wrong)


@dataclass
class _Copying:
    """Brings files from one storage to another; what this one has brought it does not look at again."""

    source: Storage
    target: Storage
    done: set[str] = field(default_factory=set)

    def bring(self, keys: Collection[str]) -> Mapping[str, str]:
        """Have all of them in the target; answers what is the matter with those that cannot be had."""
        wanted = sorted(set(keys) - self.done)
        # A file is soon copied, and long on its way to the disk, which takes several at once.
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = dict(zip(wanted, pool.map(self._tried, wanted), strict=True))
        self.done.update(key for key, what in found.items() if not what)
        return {key: what for key, what in found.items() if what}

    def _tried(self, key: str) -> str:
        """Bring one; answers what is the matter with it, if anything is."""
        try:
            self._bring(key)
        except (NotStored, FileNotFoundError):
            return "is missing"
        except Damaged:
            return "is damaged"
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        return ""

    def _bring(self, key: str) -> None:
        # Renewed before it is looked at, so that no sweep takes it before the rows come that name it.
        if self.target.renew(key) and self.target.is_intact(key):
            return
        with self.source.path(key).open("rb") as file:
            self.target.take(key, file)


def _checked(site: Site, folder: Path) -> tuple[Manifest, Collection[str]]:
    """The manifest and the keys of a snapshot whose database is as it was written."""
    manifest = Manifest.read(folder)
    database = folder / DATABASE
    if not database.is_file() or _checksum(database) != manifest.database_sha256:
        raise CommandError(f"{database} is {'damaged' if database.exists() else 'missing'}")
    return manifest, _keys(site, folder)


def _keys(site: Site, folder: Path) -> Collection[str]:
    """The files that the rows of the backup name; some name none yet."""
    assert site.files is not None
    columns = {(column.class_.__tablename__, column.key) for column in site.files()}
    return set(filter(None, backups.values(site, folder / DATABASE, columns)))


def _refuse(storage: Storage, wrong: Mapping[str, str]) -> None:
    if not wrong:
        return
    named = [f"{storage.root / key} {what}" for key, what in list(wrong.items())[:MOST_NAMED]]
    more = [f"and {len(wrong) - MOST_NAMED} more"] if len(wrong) > MOST_NAMED else []
    raise CommandError("\n".join(named + more))


def _checksum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _seal(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except StorageUnavailable as error:
        raise CommandError(str(error)) from error

"""The files of a bundle or of a source folder, and their lines."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

LARGEST_READ = 4_000_000
UNREADABLE = (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, zlib.error, EOFError)
LISTED = ("ls-files", "-z", "--others")
SKIPPED = {".git", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".mypy_cache"}


class Unreadable(Exception):
    """It is neither a folder nor a zip file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, or a symbolic link and where it leads."""

    read: Callable[[], bytes]
    link: str | None = None
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """Files by their names inside, with slashes; `label` is what findings put before those."""

    label: str
    files: Mapping[str, Entry]
    bundle: bool = False
    size: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)

    def where(self, name: str) -> str:
        """A file as findings call it."""
        if name in self.shown:
            return self.shown[name]
        return name if self.label in ("", ".") else f"{self.label}/{name}"

    def read(self, name: str) -> bytes:
        """The first four megabytes of a file; nothing if there is none or it cannot be read."""
        entry = self.files.get(name)
        return entry.read() if entry and entry.link is None else b""

    def lines(self, name: str) -> list[str]:
        return self.read(name).decode("utf-8", "replace").split("\n")

    def below(self, folder: str) -> Iterator[str]:
        """The names of all files in a folder and its folders."""
        return (name for name in sorted(self.files) if name.startswith(f"{folder}/"))


def of_path(path: Path) -> Tree:
    """Raises Unreadable."""
    return of_folder(path) if path.is_dir() else of_zip(path)


def of_zip(path: Path) -> Tree:
    try:
        # Left open for those who read the files, and closed when the last of them is gone.
        bundle = zipfile.ZipFile(path)
        entries = [entry for entry in bundle.infolist() if not entry.is_dir()]
        files = {entry.filename: _packed(bundle, entry) for entry in entries}
        return Tree(str(path), files, bundle=True, size=path.stat().st_size)
    except UNREADABLE as error:
        raise Unreadable(f"no zip file: {error}") from error


def _packed(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Entry:
    mode = entry.external_attr >> 16
    link = bundle.read(entry).decode("utf-8", "replace") if stat.S_ISLNK(mode) else None
    return Entry(partial(_unpack, bundle, entry.filename), link, bool(mode & 0o100))


def _unpack(bundle: zipfile.ZipFile, name: str) -> bytes:
    try:
        with bundle.open(name) as file:
            return file.read(LARGEST_READ)
    except (*UNREADABLE, KeyError):
        return b""


def of_files(files: Mapping[str, Path]) -> Tree:
    """Files that lie elsewhere than in a bundle, by their names in one."""
    shown = {name: str(path) for name, path in files.items()}
    return Tree("", {name: _lying(path) for name, path in files.items()}, shown=shown)


def of_folder(path: Path) -> Tree:
    found = _chosen(path)
    names = _walked(path) if found is None else found
    return Tree(str(path), {name: _lying(path / name) for name in sorted(names) if os.path.lexists(path / name)})


def _lying(path: Path) -> Entry:
    link = str(path.readlink()) if path.is_symlink() else None
    return Entry(partial(_read, path), link, os.access(path, os.X_OK))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_READ)
    except OSError:
        return b""


def _chosen(path: Path) -> list[str] | None:
    """What the eb CLI would pack of it: all but what .ebignore names, or else what git keeps; None for everything."""
    ignore = path / ".ebignore"
    if ignore.exists():
        with tempfile.TemporaryDirectory(prefix="check-") as empty:
            _git("init", "-q", "--bare", empty)
            trees = (f"--git-dir={empty}", f"--work-tree={path.absolute()}")
            return _git(*trees, "-C", str(path), *LISTED, f"--exclude-from={ignore.absolute()}")
    # Only a repository of its own: another one around it may ignore the whole folder.
    return _git("-C", str(path), *LISTED, "--cached", "--exclude-standard") if (path / ".git").exists() else None


def _git(*arguments: str) -> list[str] | None:
    """What git lists; None if it cannot."""
    command = ["git", *arguments]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if answer.returncode else [name for name in os.fsdecode(answer.stdout).split("\0") if name]


def _walked(path: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(path):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if name not in SKIPPED and not (here / name / "pyvenv.cfg").exists()]
        for name in (*files, *links):
            inner = here / name
            if inner.is_symlink() or inner.is_file():
                yield inner.relative_to(path).as_posix()

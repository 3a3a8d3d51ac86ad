"""Bundles of this working tree as it stands, by way of a repository in which all of it is committed."""

import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

from beanstalk import bundle
from beanstalk.commands import ROOT

AUTHOR = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false")
EVERY = [(app, tier) for app in bundle.APPS for tier in bundle.TIERS]


def repository(folder: Path) -> Path:
    """A repository with one commit of what bundles are made of, and of something that belongs into none."""
    names = git(
        ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "--", *bundle.SOURCES, "tests/conftest.py"
    )
    for name in names.splitlines():
        # What was deleted and not yet committed is listed too.
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    """Commit all that there is."""
    git(folder, "add", "--all")
    git(folder, *AUTHOR, "commit", "--quiet", "--message", "All of it")


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True).stdout


def unpack(file: Path, folder: Path) -> Path:
    """The bundle's files below `folder`, with the execute bits that it says."""
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            Path(archive.extract(entry, folder)).chmod(entry.external_attr >> 16 & 0o777)
    return folder


def made(folder: Path) -> Mapping[str, Path]:
    """All bundles of the repository by their names, such as `myclothes-web`."""
    return {file.stem: file for file in bundle.make(EVERY, folder)}

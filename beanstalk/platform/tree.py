"""A version's own file system: a folder with what Amazon Linux and the platform have made before a deployment."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path, PurePosixPath

from beanstalk.platform.failed import Failed
from beanstalk.platform.here import Home

FOLDERS = (
    *("etc/systemd/system", "etc/tmpfiles.d", "etc/cron.d", "etc/logrotate.d", "mnt", "srv", "efs", "home/webapp"),
    *("var/app/venv", "var/tmp", "var/cache", "opt/elasticbeanstalk/deployment"),
)
FILES = ("etc/fstab", "etc/environment")
STAGING, CURRENT = "/var/app/staging", "/var/app/current"


def grow(root: Path, home: Home) -> None:
    """Make the tree. Logs, /run and /var/lib stay what they are from one version to the next, as on one instance."""
    for name in FOLDERS:
        (root / name).mkdir(parents=True)
    for name in FILES:
        (root / name).touch()
    for name, kept in (("var/log", home.logs), ("run", home.run), ("var/lib", home.folder / "lib")):
        kept.mkdir(exist_ok=True)
        (root / name).symlink_to(kept)
    (root / "var/run").symlink_to("../run")


def unpack(bundle: Path, folder: Path) -> None:
    """Leave the bundle's files in `folder`. Raises Failed for what is no bundle."""
    try:
        with zipfile.ZipFile(bundle) as archive:
            for entry in archive.infolist():
                _refuse_outsiders(entry.filename)
                path = Path(archive.extract(entry, folder))
                if mode := entry.external_attr >> 16 & 0o777:
                    path.chmod(mode | 0o600)
    except (OSError, zipfile.BadZipFile) as error:
        raise Failed(f"{bundle}: {getattr(error, 'strerror', None) or error}") from None


def _refuse_outsiders(name: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise Failed(f"the bundle's entry {name} is outside of it")


def remove(root: Path) -> None:
    """Remove a tree, and nothing that its links name."""
    if os.path.lexists(root):
        shutil.rmtree(root)

"""What a stage would configure, for one that is this machine: production, with its data below one folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from beanstalk import var
from beanstalk.refusals import Refused


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one instance. `shared` is for what outlives instances, and is used by both tiers of a site."""

    folder: Path
    shared: Path
    sockets: Path

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def calls(self) -> Path:
        """The file of all calls of stand-ins."""
        return self.folder / "calls"

    @property
    def stand_ins(self) -> Path:
        return self.folder / "stand-ins"

    @property
    def mounts(self) -> Path:
        return self.shared / "mounts"


def refuse_unusable(folder: Path) -> None:
    """Raise Refused for a folder whose name would not survive in a script or in nginx's configuration."""
    if re.search(r"[^\w./+@-]", str(folder)):
        raise Refused(f"{folder}: take a folder without spaces or other special characters, by VAR_DIR")


def properties(app: str, port: int, shared: Path) -> Mapping[str, str]:
    """The environment properties that no bundle holds."""
    shared.mkdir(parents=True, exist_ok=True)
    (shared / app).mkdir(exist_ok=True)
    return {
        "ENVIRONMENT": "production",
        "SECRET_KEY": var.secret_key(shared),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TRUSTED_PROXY_HOPS": "1",
        "VAR_DIR": str(shared),
        "QUEUE_URL": f"sqlite:///{shared}/{app}/queue.sqlite3",
        "NTP_SERVER": "off",
        "AWS_EC2_METADATA_DISABLED": "true",
    } | (SHARED_FILES if app == "mywordpress" else {})


# Its files are on a file system that is mounted by the bundle's own hook.
SHARED_FILES = {
    "STORAGE_URL": "file:///mnt/media",
    "EFS_FILE_SYSTEM": "fs-00000000000000000",
    "EFS_ACCESS_POINT": "fsap-00000000000000000",
}

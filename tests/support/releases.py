"""Releases of a tiny app, written to disk for the tests of migrations."""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import MetaData

REVISION = '''"""Revision {number:04}."""

import sqlalchemy as sa
from alembic import op

revision = "{number:04}"
down_revision = {before!r}


def upgrade() -> None:
    {change}
'''


@dataclass(frozen=True)
class Release:
    """What migrations ask of a site."""

    package: str
    metadata: Callable[[], MetaData] | None = MetaData


def write_release(folder: Path, package: str, changes: list[str]) -> Release:
    """Write an importable package with one revision per change; `folder` must be on the path for imports."""
    versions = folder / package / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / package / "__init__.py").touch()
    for number, change in enumerate(changes, 1):
        before = f"{number - 1:04}" if number > 1 else None
        text = REVISION.format(number=number, before=before, change=change)
        (versions / f"{number:04}_change.py").write_text(text)
    importlib.invalidate_caches()
    sys.modules.pop(package, None)
    return Release(package)

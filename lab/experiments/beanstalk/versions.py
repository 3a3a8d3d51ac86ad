"""Versions of a bundle: the same code with another number, or with a bug that no health check sees."""

import zipfile
from pathlib import Path

from beanstalk import bundle
from beanstalk.commands import ROOT

APP, TIER = "whatisthetime", "web"
# Shown where a zone would be, so that each answer tells which version it is from.
NUMBER = "option_settings:\n  aws:elasticbeanstalk:application:environment:\n    AVAILABILITY_ZONE: version {number}\n"
BUGGY = "apps/whatisthetime/pages/converter.py"
BUG = """

@blueprint.before_request
def forget_how_to_convert() -> None:
    raise LookupError("a bug that only whoever converts a time will see")
"""


def first(folder: Path) -> Path:
    """Version 1: the bundle of what is committed."""
    commit = bundle.committed(ROOT)
    plain = folder / "plain.zip"
    plain.write_bytes(bundle.zipped(bundle.contents(commit.files, APP, TIER), commit.at))
    return numbered(plain, 1)


def numbered(plain: Path, number: int, *, buggy: bool = False) -> Path:
    """That bundle as this version."""
    file = plain.with_name(f"version-{number}.zip")
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as changed:
        for entry in given.infolist():
            more = BUG if buggy and entry.filename == BUGGY else ""
            changed.writestr(entry, given.read(entry) + more.encode())
        changed.writestr(".ebextensions/99-version.config", NUMBER.format(number=number))
    return file

"""An export as a file for somebody to take away."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, cast

from sqlalchemy.orm import Session

from apps.mywordpress.wxr.export import export

SPOOLED_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Download:
    """A file, and how it is to be called."""

    stream: BinaryIO
    name: str


def export_file(db: Session, base: str, only: str) -> Download:
    """The export in a temporary file, since the session ends before the answer is sent."""
    # It is closed with the answer.
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(SPOOLED_BYTES))  # noqa: SIM115
    for text in export(db, base, only):
        file.write(text.encode("utf-8", "replace"))
    file.seek(0)
    return Download(file, f"mywordpress.{only}.{datetime.now(UTC):%Y-%m-%d}.xml")

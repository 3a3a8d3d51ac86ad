"""Kinds of columns that mean the same on every database, and the clock that fills them."""

from datetime import UTC, datetime

from sqlalchemy import String, Text
from sqlalchemy.dialects.mysql import MEDIUMTEXT, VARCHAR
from sqlalchemy.types import TypeEngine


def exact(length: int) -> TypeEngine[str]:
    """Text compared code point by code point; MariaDB's usual collations call `a` and `ä` equal."""
    return String(length).with_variant(VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")


def long_text() -> TypeEngine[str]:
    """Text of up to 16 MB; MariaDB's plain TEXT ends at 64 KB."""
    return Text().with_variant(MEDIUMTEXT(), "mysql", "mariadb")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)

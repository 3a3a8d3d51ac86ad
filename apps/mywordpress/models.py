"""What the tables of all nouns share."""

from datetime import UTC, datetime

from sqlalchemy import MetaData, String, Text
from sqlalchemy.dialects.mysql import MEDIUMTEXT, VARCHAR
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from apps.chassis.database import NAMING


class Base(DeclarativeBase):
    """Every table of this site."""

    metadata = MetaData(naming_convention=NAMING)


def exact(length: int) -> TypeEngine[str]:
    """Text compared code point by code point on every database.

    MariaDB's usual collations call `a` and `ä` equal, and so would refuse the second of two different slugs.
    """
    return String(length).with_variant(VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")


def long_text() -> TypeEngine[str]:
    """Text of up to 16 MB; MariaDB's plain TEXT ends at 64 KB."""
    return Text().with_variant(MEDIUMTEXT(), "mysql", "mariadb")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)

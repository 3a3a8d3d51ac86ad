"""What the tables of all nouns share."""

from datetime import UTC, datetime

from sqlalchemy import MetaData, String
from sqlalchemy.dialects.mysql import VARCHAR
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from apps.chassis.database import NAMING


class Base(DeclarativeBase):
    """Every table of this site."""

    metadata = MetaData(naming_convention=NAMING)


def exact(length: int) -> TypeEngine[str]:
    """Text that is compared character by character on every database; MariaDB would else call `a` and `Ä` equal."""
    return String(length).with_variant(VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)

"""What the tables of all nouns share."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from apps.chassis.database import NAMING


class Base(DeclarativeBase):
    """Every table of this site."""

    metadata = MetaData(naming_convention=NAMING)

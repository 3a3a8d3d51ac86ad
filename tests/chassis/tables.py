"""The one table that the tests of the chassis write to."""

from sqlalchemy import Column, Integer, MetaData, String, Table

from apps.chassis.database import NAMING

METADATA = MetaData(naming_convention=NAMING)
NOTES = Table(
    "notes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("text", String(20), nullable=False, unique=True),
    Column("views", Integer, nullable=False, server_default="0"),
)

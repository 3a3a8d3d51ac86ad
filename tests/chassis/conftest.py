"""Databases for the tests of the chassis, one of each kind."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table

from apps.chassis.database import NAMING, Database
from tests.services.mariadb import Replication

METADATA = MetaData(naming_convention=NAMING)
NOTES = Table(
    "notes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("text", String(20), nullable=False, unique=True),
    Column("views", Integer, nullable=False, server_default="0"),
)
_numbers = itertools.count(1)


@pytest.fixture
def mysql_url(replication: Replication) -> str:
    """The URL of a new, empty database on the primary."""
    name = f"test_{next(_numbers)}"
    replication.create(name)
    return replication.primary.url(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/database.sqlite3"


@pytest.fixture(params=["sqlite", "mysql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a new, empty database; once of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database of each kind with one table, `notes`."""
    database = Database(url)
    with database.writer() as session:
        METADATA.create_all(session.connection())
        session.commit()
    yield database
    database.dispose()

"""A small MariaDB database as it stands, to be made again elsewhere in a tenth of the time that migrating takes."""

from typing import Any, NamedTuple

from sqlalchemy import create_engine

from apps.chassis.engines import normalised


class Copied(NamedTuple):
    """A table: what makes it, and its rows."""

    name: str
    statement: str
    rows: list[tuple[Any, ...]]


def copied(url: str) -> list[Copied]:
    """All tables of the database."""
    engine = create_engine(normalised(url))
    with engine.connect() as connection:
        tables = []
        for (name,) in connection.exec_driver_sql("SHOW TABLES").all():
            statement = connection.exec_driver_sql(f"SHOW CREATE TABLE `{name}`").one()[1]
            rows = [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM `{name}`").all()]  # noqa: S608
            tables.append(Copied(name, statement, rows))
    engine.dispose()
    return tables


def paste(url: str, tables: list[Copied]) -> None:
    """Make these tables in an empty database."""
    engine = create_engine(normalised(url))
    with engine.begin() as connection:
        connection.exec_driver_sql("SET foreign_key_checks = 0")
        for table in tables:
            connection.exec_driver_sql(table.statement.replace("%", "%%"))
            if table.rows:
                places = ", ".join(["%s"] * len(table.rows[0]))
                connection.exec_driver_sql(f"INSERT INTO `{table.name}` VALUES ({places})", table.rows)  # noqa: S608
    engine.dispose()

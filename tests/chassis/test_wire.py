"""What is read by our own hand is what PyMySQL would have read, from a real server."""

from collections.abc import Iterator
from threading import Timer
from typing import Any

import pymysql
import pytest
from sqlalchemy import make_url

from apps.chassis.engines import LOST_CODES
from apps.chassis.wire import Wire
from tests.services.endpoint import Endpoint
from tests.services.mariadb import MariaDb

NAME = "wire"
TABLE = """
CREATE OR REPLACE TABLE kinds (
  a INT, b BIGINT UNSIGNED, c DECIMAL(20, 6), d DOUBLE, e DATETIME(6), f DATETIME, g DATE, h TIME(3), i TIMESTAMP,
  j VARCHAR(300), k LONGTEXT, l VARBINARY(300), m LONGBLOB, n BOOLEAN, o BIT(9), p YEAR, q JSON, r ENUM('x', 'y'),
  s CHAR(3), t VARCHAR(9) CHARACTER SET latin1
) CHARACTER SET utf8mb4
"""
FULL = """
INSERT INTO kinds VALUES (
  -7, 18446744073709551615, -12.345678, 1.5e-30, '2026-02-28 23:59:59.000001', '0001-01-01 00:00:00', '2026-02-28',
  '-12:34:56.789', '2026-02-28 23:59:59', '텍스트 😀', REPEAT('é', 70000), X'00FF80', REPEAT(X'00', 251), 1,
  b'100000001', 2026, '{"a": "é"}', 'y', 'ab ', 'é'
)
"""
STATEMENTS = (
    "SELECT * FROM kinds",
    "SELECT 1, '', NULL, NULL, 'a' AS `1`",
    "SELECT REPEAT('a', 250), REPEAT('b', 251), REPEAT('c', 65535), REPEAT('d', 65536)",
    # Longer than one packet can be.
    "SELECT REPEAT('a', 16000000), REPEAT('b', 2000000), 3",
    "SELECT CAST('2026-01-01' AS DATE), NOW(6) > 0, COUNT(*), SUM(a), AVG(a), MAX(e) FROM kinds",
    "SELECT a FROM kinds WHERE a = 1000",
    "SHOW WARNINGS",
    "DO 1",
)


@pytest.fixture(scope="module")
def arguments(mariadb: MariaDb) -> dict[str, Any]:
    mariadb.create(NAME)
    url = make_url(mariadb.url(NAME))
    whole = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
    return whole | {"database": NAME, "charset": "utf8mb4"}


@pytest.fixture(scope="module")
def filled(arguments: dict[str, Any]) -> dict[str, Any]:
    with pymysql.connect(**arguments, autocommit=True) as plain, plain.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = ''")
        cursor.execute(TABLE)
        cursor.execute(FULL)
        cursor.execute("INSERT INTO kinds () VALUES ()")
        cursor.execute("INSERT INTO kinds (e, f, g) VALUES ('0000-00-00', '2026-02-00', '0000-00-00')")
    return arguments


@pytest.fixture
def wire(filled: dict[str, Any]) -> Iterator[Any]:
    with Wire(**filled) as wire:
        yield wire


def read(connection: Any, statement: str) -> Any:
    """All that a cursor tells of it."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount, cursor.description, cursor.fetchall()


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_value_and_column_is_that_of_pymysql(filled: dict[str, Any], wire: Any, statement: str) -> None:
    with pymysql.connect(**filled) as plain:
        told = read(plain, statement)
    # The second time, its columns are known.
    assert read(wire, statement) == told
    assert read(wire, statement) == told


def test_a_column_that_has_become_another_one_is_read_anew(wire: Any) -> None:
    read(wire, "CREATE OR REPLACE TEMPORARY TABLE moved (a INT)")
    read(wire, "INSERT INTO moved VALUES (1)")
    assert read(wire, "SELECT a FROM moved")[2] == ((1,),)
    read(wire, "ALTER TABLE moved MODIFY a VARCHAR(9)")
    assert read(wire, "SELECT a FROM moved")[2] == (("1",),)


def test_an_error_amid_the_rows_is_raised_and_the_connection_is_good_for_more(wire: Any) -> None:
    late = "SELECT REPEAT('a', 100000) UNION ALL SELECT IF(SLEEP(0.01) = 0, (SELECT a FROM kinds), 1)"
    with pytest.raises(pymysql.err.OperationalError, match="more than 1 row"):
        read(wire, late)
    assert read(wire, "SELECT 1")[2] == ((1,),)


def test_an_end_amid_the_rows_is_a_lost_connection(filled: dict[str, Any]) -> None:
    between = Endpoint(filled["port"])
    with Wire(**filled | {"port": between.port}) as cut:
        Timer(0.3, between.cut).start()
        with pytest.raises(pymysql.err.OperationalError) as lost:
            read(cut, "SELECT REPEAT('a', 100000) UNION ALL SELECT SLEEP(5)")
    assert lost.value.args[0] in LOST_CODES
    between.stop()

"""SQLAlchemy engines for SQLite, MariaDB and MySQL, set up alike: strict, in UTC, bounded in time, few round trips."""

import re
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState

from apps.chassis import sqlite
from apps.chassis.filelocks import WriterQueue
from apps.chassis.frame import current_record
from apps.chassis.sqlite import BUSY_SECONDS

CONNECT_SECONDS = 3
# For a server that another one stands in for: until that is asked, a thread waits.
READER_CONNECT_SECONDS = 1
STATEMENT_SECONDS = 10
LOCK_SECONDS = 5
POOL_SECONDS = 3
MIGRATION_SECONDS = 3600
# Not even a connection that never fails may keep an address for longer than this.
RECYCLE_SECONDS = 300

READ_ONLY_CODES = frozenset({1290, 1836})
LOST_CODES = frozenset({1053, 1927, 2002, 2003, 2005, 2006, 2013, 2055, 4031})

_READS = re.compile(
    r"\s*\(?\s*(select|with|values|show|explain|describe|savepoint|release|rollback|pragma\s+[\w.]+\s*($|\())",
    re.I,
)
_WRITES_INSIDE = re.compile(r"\b(insert|update|delete|replace)\s+(into|from|\w+\s+set)\b", re.I)

# One statement instead of four, because each is a round trip of every new connection. READ COMMITTED: our conditional
# updates decide by their row count, so the gap locks of REPEATABLE READ would only add deadlocks; and a repeated
# select sees what was committed meanwhile. MariaDB and MySQL name that variable differently, hence the comments.
# The lock waits also bound how long a migration that waits for a table makes everybody else wait behind it.
_SESSION = (
    "SET time_zone = '+00:00', sql_mode = 'TRADITIONAL', autocommit = {autocommit}"
    ", innodb_lock_wait_timeout = {lock}, lock_wait_timeout = {lock}"
    "/*M!100000 , tx_isolation = 'READ-COMMITTED' *//*!80000 , transaction_isolation = 'READ-COMMITTED' */"
)


class ReadOnlyRequest(RuntimeError):
    """A safe request tried to write: a bug of the view, not of the visitor."""


def normalised(url: str) -> URL:
    """The URL with its driver spelled out; raises ValueError for a database that is not supported."""
    parsed = make_url(url)
    name = parsed.get_backend_name()
    if name == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("takes sqlite:///relative/path or sqlite:////absolute/path")
        return parsed
    if name not in ("mysql", "mariadb"):
        raise ValueError(f"{name} is not supported; takes sqlite, mysql or mariadb")
    return parsed.set(drivername="mysql+pymysql").update_query_dict({"charset": "utf8mb4"})


def writing_engine(url: URL, *, pool_size: int) -> Engine:
    """An engine that may write. Nothing is connected yet."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_writing(url, pool_size)
    return _mysql_engine(url, pool_size, autocommit=False, statement_seconds=STATEMENT_SECONDS)


def reading_engine(url: URL, *, pool_size: int, connect_seconds: float = CONNECT_SECONDS) -> Engine:
    """An engine that refuses to write. Nothing is connected yet; connecting may take so long."""
    if url.get_backend_name() == "sqlite":
        engine = _sqlite_reading(url, pool_size)
    else:
        engine = _mysql_engine(
            url, pool_size, autocommit=True, statement_seconds=STATEMENT_SECONDS, connect_seconds=connect_seconds
        )
    event.listen(engine, "before_cursor_execute", _refuse_writes)
    return engine


def drop_together(writing: Engine, reading: Engine) -> None:
    """Let the reading pool be dropped when the writer turns out to be another server now: reading would not notice."""

    def drop(context: ExceptionContext) -> None:
        if is_lost(context.original_exception):
            reading.dispose()

    event.listen(writing, "handle_error", drop)


def migrating_engine(url: URL) -> Engine:
    """An engine that may take an hour over one statement, for whoever changes tables."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_writing(url, 1)
    return _mysql_engine(url, 1, autocommit=False, statement_seconds=MIGRATION_SECONDS)


def code_of(error: BaseException | None) -> int | None:
    """The server's or driver's error number, if the error carries one."""
    code = error.args[0] if error is not None and error.args else None
    return code if isinstance(code, int) else None


def is_read_only(error: BaseException | None) -> bool:
    """Whether a server refused because it is no writer (any more); 1290 alone says so of other options, too."""
    return code_of(error) in READ_ONLY_CODES and "read" in str(error).lower()


def is_lost(error: BaseException | None) -> bool:
    """Whether the server could not be reached, or went away, or is no writer (any more)."""
    return code_of(error) in LOST_CODES or is_read_only(error)


def _mysql_engine(
    url: URL,
    pool_size: int,
    *,
    autocommit: bool,
    statement_seconds: float,
    connect_seconds: float = CONNECT_SECONDS,
) -> Engine:
    engine = create_engine(
        url,
        connect_args={
            "connect_timeout": connect_seconds,
            "read_timeout": statement_seconds,
            "write_timeout": statement_seconds,
            "init_command": _SESSION.format(lock=LOCK_SECONDS, autocommit=int(autocommit)),
            "autocommit": None,
        },
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_SECONDS,
        pool_recycle=RECYCLE_SECONDS,
        pool_use_lifo=True,
        pool_reset_on_return=None,
        # Under READ COMMITTED each select has its own snapshot anyway, so reading needs no transaction: no ROLLBACK,
        # and no lock on a table's definition that would make a migration wait.
        skip_autocommit_rollback=autocommit,
    )
    if not autocommit:
        _roll_back_what_is_left(engine)
    event.listen(engine, "handle_error", _drop_lost_connections)
    event.listen(engine, "before_cursor_execute", _note)
    return engine


def _sqlite_reading(url: URL, pool_size: int) -> Engine:
    engine = _sqlite_engine(url, pool_size)
    # One snapshot for the whole page, like everything else that SQLite does, costs next to nothing.
    event.listen(engine, "begin", lambda connection: _begin_sqlite(connection, "BEGIN"))
    return engine


def _sqlite_writing(url: URL, pool_size: int) -> Engine:
    engine, queue = _sqlite_engine(url, pool_size), WriterQueue(Path(url.database or ""))

    def begin(connection: Connection) -> None:
        if "turn" not in connection.info:
            key = queue.enter(connection.get_execution_options().get("wait_seconds", BUSY_SECONDS))
            if key is None:
                raise OperationalError("BEGIN IMMEDIATE", {}, sqlite.locked_for_too_long())
            connection.info["turn"] = key
        # It takes the lock at once; a writer that first reads could not wait for it later without risking a deadlock.
        _begin_sqlite(connection, "BEGIN IMMEDIATE")

    def end(record: ConnectionPoolEntry) -> None:
        key = record.info.pop("turn", None)
        if key is not None:
            queue.leave(key)

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", lambda _, record: end(record))
    event.listen(engine, "invalidate", lambda _, record, __: end(record))
    return engine


def _sqlite_engine(url: URL, pool_size: int) -> Engine:
    path = Path(url.database or "")
    engine = create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_timeout=POOL_SECONDS)
    event.listen(engine, "do_connect", lambda *_: sqlite.connect(path, durable=True))
    event.listen(engine, "before_cursor_execute", _note)
    return engine


def _begin_sqlite(connection: Connection, statement: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    # Past SQLAlchemy, where a statement costs ten times what this one does.
    try:
        driver.execute(statement)
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, {}, error) from error


def _roll_back_what_is_left(engine: Engine) -> None:
    """Let no transaction return to the pool open, at no cost: SQLAlchemy would roll back after each commit, too."""

    def began(connection: Connection) -> None:
        connection.info["open"] = True

    def ended(connection: Connection) -> None:
        if not connection.invalidated:
            connection.info["open"] = False

    def reset(driver: DBAPIConnection, record: ConnectionPoolEntry, _: PoolResetState) -> None:
        if record.info.pop("open", False):
            driver.rollback()

    event.listen(engine, "begin", began)
    event.listen(engine, "commit", ended)
    event.listen(engine, "rollback", ended)
    event.listen(engine, "reset", reset)


def _drop_lost_connections(context: ExceptionContext) -> None:
    # Marked as a disconnect, the whole pool is dropped: after a failover every connection in it leads to the old
    # server, which may be alive and read-only. The next connect asks for the address anew.
    if is_lost(context.original_exception):
        context.is_disconnect = True


def _note(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
    current_record().queries += 1
    if not reads_only(statement):
        connection.info["wrote"] = True


def _refuse_writes(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
    if not reads_only(statement):
        raise ReadOnlyRequest(f"a safe request must not write: {statement[:200]}")


def reads_only(statement: str) -> bool:
    """Whether the statement is known to change nothing; what is not known counts as a write."""
    start = _READS.match(statement)
    if start is None:
        return False
    return start[1].lower() != "with" or _WRITES_INSIDE.search(statement) is None

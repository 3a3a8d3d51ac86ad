"""SQLite files that several processes share, safely.

SQLite's locks belong to a process, and two things drop or forge them: a fork while the file is open, even if the child
opens it anew, and closing any other handle of the file in a process that uses it. Both lose committed transactions
without a word. So connections are made here only; they are closed before a fork, and nothing else opens the file.
"""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apps.chassis.filelocks import WriterQueue
from apps.chassis.forks import after_fork, before_fork

BUSY_SECONDS = 5.0
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

_open: dict[int, "weakref.ref[Connection]"] = {}
# A child must not even close what its parent left open, so it is kept here, untouched, until the child ends.
_abandoned: list[object] = []
_unsafe: set[Path] = set()


def path_of(url: str) -> Path:
    """The file that a `sqlite:///relative` or `sqlite:////absolute` URL names; raises ValueError for any other URL."""
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite" or not path:
        raise ValueError("takes sqlite:///relative/path or sqlite:////absolute/path")
    return Path(path)


def is_locked(error: BaseException | None) -> bool:
    """Whether SQLite gave up because another connection held the lock for too long."""
    return isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", 0) & 0xFF in LOCKED


def abandon(thing: object) -> None:
    """Keep what the parent process owns from being closed in this child."""
    _abandoned.append(thing)


class Connection(sqlite3.Connection):
    """A connection that is known to be open until it is closed."""

    path: Path

    def close(self) -> None:
        """Close; a second time does nothing."""
        super().close()
        _open.pop(id(self), None)


def connect(path: Path, *, durable: bool) -> Connection:
    """A connection in autocommit mode, with a write-ahead log and foreign keys; any thread may use it.

    The file and its folder are made if need be, the file for this user's eyes only. Raises OSError if the folder cannot
    be made, sqlite3.OperationalError if the file cannot be opened, RuntimeError if this process was forked while
    another thread of its parent had the file open.
    """
    path = path.absolute()
    if path in _unsafe:
        raise RuntimeError(f"{path.name} was in use by another thread when this process was forked")
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=Connection
    )
    connection.path = path
    _remember(connection)
    try:
        _prepare(connection, durable=durable, is_new=is_new)
    except BaseException:
        connection.close()
        raise
    return connection


def _remember(connection: Connection) -> None:
    key = id(connection)
    _open[key] = weakref.ref(connection, lambda _: _open.pop(key, None))


def _prepare(connection: Connection, *, durable: bool, is_new: bool) -> None:
    if is_new:
        connection.execute("PRAGMA schema_version")
        # By its name, because to open and close it here could drop another thread's locks. The log takes its mode over.
        connection.path.chmod(0o600)
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")


def _use_write_ahead_log(connection: Connection) -> None:
    deadline = time.monotonic() + BUSY_SECONDS
    # The switch ignores the busy timeout when two connections want it at once, so the waiting is done here.
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not is_locked(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _give_up_what_the_parent_has_open() -> None:
    for reference in list(_open.values()):
        connection = reference()
        if connection is not None:
            _unsafe.add(connection.path)
            abandon(connection)
    _open.clear()


os.register_at_fork(after_in_child=_give_up_what_the_parent_has_open)


def locked_for_too_long() -> sqlite3.OperationalError:
    """What SQLite raises itself when it has waited in vain."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    error.sqlite_errorname = "SQLITE_BUSY"
    return error


class SqliteFile:
    """One SQLite file: a connection per thread, opened at first use and closed before a fork.

    `schema` is a script that may run any number of times (`CREATE TABLE IF NOT EXISTS`). When `durable`, a committed
    transaction survives a power loss; otherwise it survives the death of the process, and the file stays consistent.
    """

    _opened: list[tuple[weakref.ref[threading.Thread], Connection]]

    def __init__(self, path: Path, schema: str, *, durable: bool) -> None:
        self.path = path
        self.schema = schema
        self.durable = durable
        self._is_prepared = False
        self._queue = WriterQueue(path)
        self._start()
        before_fork(self._close_own)
        after_fork(self._start_anew)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode, open for as long as this object lives.

        Raises what `connect` raises.
        """
        found: Connection | None = getattr(self._local, "connection", None)
        return found or self._open()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its beginning: commits, or rolls back on any exception.

        Raises sqlite3.OperationalError when the lock is not free within five seconds.
        """
        connection = self.connection()
        with self._turn(), _transaction(connection):
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        # SQLite's own way of waiting starves some writers for as long as others keep coming, so they queue here.
        key = self._queue.enter(BUSY_SECONDS)
        if key is None:
            raise locked_for_too_long()
        try:
            yield
        finally:
            self._queue.leave(key)

    def close(self) -> None:
        """Close the connections of all threads; only for when no thread uses the file any more."""
        with self._lock:
            _close_all(self._opened)
            self._local = threading.local()

    def _open(self) -> Connection:
        with self._lock:
            self._close_those_of_dead_threads()
            connection = connect(self.path, durable=self.durable)
            self._opened.append((weakref.ref(threading.current_thread()), connection))
            if not self._is_prepared:
                with self._turn():
                    connection.executescript(f"BEGIN IMMEDIATE;\n{self.schema}\n;COMMIT;")
                self._is_prepared = True
        self._local.connection = connection
        return connection

    def _close_those_of_dead_threads(self) -> None:
        living = []
        for thread, connection in self._opened:
            owner = thread()
            if owner is not None and owner.is_alive():
                living.append((thread, connection))
            else:
                connection.close()
        self._opened[:] = living

    def _close_own(self) -> None:
        connection: Connection | None = getattr(self._local, "connection", None)
        with self._lock:
            self._close_those_of_dead_threads()
            if connection is not None and not connection.in_transaction:
                connection.close()
                self._opened[:] = [pair for pair in self._opened if pair[1] is not connection]
                del self._local.connection

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._local = threading.local()
        self._opened = []
        self._at_the_end = weakref.finalize(self, _close_all, self._opened)
        self._at_the_end.atexit = False

    def _start_anew(self) -> None:
        self._at_the_end.detach()
        self._start()


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    # A transaction that begins by reading cannot wait for the lock later on; it fails at once.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _close_all(opened: list[tuple[weakref.ref[threading.Thread], Connection]]) -> None:
    while opened:
        opened.pop()[1].close()

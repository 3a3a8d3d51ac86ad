"""SQLite files that several processes share: sessions, cache and queue of a single machine."""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apps.chassis.forks import after_fork

BUSY_SECONDS = 5.0
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

# A child must neither use nor close what its parent opened: closing drops the locks and may delete the log
# that the parent goes on using. So whatever was open at a fork is kept here, untouched, until the child ends.
_abandoned: list[object] = []


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


class SqliteFile:
    """One SQLite file: a connection per thread, opened at first use and never carried over a fork.

    `schema` is a script that may run any number of times (`CREATE TABLE IF NOT EXISTS`). When `durable`, a committed
    transaction survives a power loss; otherwise it survives the death of the process, and the file stays consistent.
    """

    _opened: list[tuple[weakref.ref[threading.Thread], sqlite3.Connection]]
    _is_prepared: bool

    def __init__(self, path: Path, schema: str, *, durable: bool) -> None:
        self.path = path
        self.schema = schema
        self.synchronous = "FULL" if durable else "NORMAL"
        self._start()
        after_fork(self._start_anew)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode, open for as long as this object lives.

        Raises sqlite3.OperationalError or OSError if the file cannot be opened.
        """
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        return found or self._open()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its beginning: commits, or rolls back on any exception.

        Raises sqlite3.OperationalError when the lock is not free within five seconds.
        """
        connection = self.connection()
        # A transaction that begins by reading cannot wait for the lock later on; it fails at once.
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the connections of all threads; only for when no thread uses the file any more."""
        with self._lock:
            _close_all(self._opened)
            self._local = threading.local()

    def _open(self) -> sqlite3.Connection:
        with self._lock:
            self._close_those_of_dead_threads()
            connection = self._connect()
            self._opened.append((weakref.ref(threading.current_thread()), connection))
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

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # What visitors entrust to us is for this user's eyes only; SQLite gives its log the same mode.
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            use_write_ahead_log(connection)
            connection.execute(f"PRAGMA synchronous = {self.synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
            if not self._is_prepared:
                connection.executescript(f"BEGIN IMMEDIATE;\n{self.schema}\n;COMMIT;")
                self._is_prepared = True
        except BaseException:
            connection.close()
            raise
        return connection

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._local = threading.local()
        self._opened = []
        self._is_prepared = False
        self._at_the_end = weakref.finalize(self, _close_all, self._opened)
        self._at_the_end.atexit = False

    def _start_anew(self) -> None:
        self._at_the_end.detach()
        abandon(self._opened)
        self._start()


def _close_all(opened: list[tuple[weakref.ref[threading.Thread], sqlite3.Connection]]) -> None:
    while opened:
        opened.pop()[1].close()


def use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers and one writer work at once; raises sqlite3.OperationalError if the file stays locked."""
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

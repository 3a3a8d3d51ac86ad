"""The database of one app: one writer, its readers, and who reads where."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.types import TypeDecorator, TypeEngine

from apps.chassis import engines
from apps.chassis.forks import after_fork, before_fork
from apps.chassis.replicas import Replicas
from apps.chassis.sqlite import abandon

WRITER = "writer"

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware datetimes in UTC out, to the microsecond; a naive one raises ValueError."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        if dialect.name in ("mysql", "mariadb"):
            from sqlalchemy.dialects import mysql

            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Database:
    """A writer and its readers. Nothing is connected before it is used, and nothing is carried over a fork."""

    _made: dict[str, tuple[Engine, Engine]]

    def __init__(
        self, url: str, replica_urls: Sequence[str] = (), *, max_lag_seconds: float = 2.0, pool_size: int = 8
    ) -> None:
        self.url = engines.normalised(url)
        self.reader_urls = {f"reader-{i + 1}": engines.normalised(replica) for i, replica in enumerate(replica_urls)}
        if replica_urls and self.url.get_backend_name() == "sqlite":
            raise ValueError("SQLite has no replicas")
        self.pool_size = pool_size
        if self.url.get_backend_name() != "sqlite":
            # Loaded before the fork, so that all processes share it and no first page waits for it.
            import pymysql  # noqa: F401
        self.replicas = Replicas(self.url, self.reader_urls, max_lag_seconds, self.recycle_writer)
        self._start()
        before_fork(self._close_files)
        after_fork(self._start_anew)

    @property
    def pin_seconds(self) -> float:
        """For how long whoever wrote must read from the writer so as to see it; 0 without readers."""
        return self.replicas.pin_seconds

    @property
    def stale_seconds(self) -> float | None:
        """How old the readers' data may be while the writer cannot be reached, else None."""
        return self.replicas.stale_seconds()

    def writer(self) -> Session:
        """A new session that may write; the caller closes it."""
        return _session(self._engines(WRITER)[0], WRITER)

    def reader(self, *, pinned: bool = False) -> tuple[Session, str]:
        """A new session that refuses to write, and its role: a reader in rotation, else (or when pinned) the writer.

        Writing through it raises ReadOnlyRequest. The caller closes it.
        """
        role = WRITER if pinned else self.replicas.choose() or WRITER
        return _session(self._engines(role)[1], role), role

    def suspect(self, role: str) -> None:
        """Take a reader that just failed out of rotation until it has been sampled again."""
        self.replicas.suspect(role)

    def recycle_writer(self) -> None:
        """Let every connection to the writer be made anew, so that its address is asked for again."""
        with self._lock:
            made = self._made.pop(WRITER, ())
        for engine in made:
            engine.dispose()

    def start(self) -> None:
        """Start sampling the readers' lag in this process, if there are any; any further call does nothing."""
        self.replicas.start()

    def stop(self) -> None:
        """Stop sampling; readers leave the rotation."""
        self.replicas.stop()

    def dispose(self) -> None:
        """Stop sampling and close all idle connections."""
        self.stop()
        with self._lock:
            made, self._made = self._made, {}
        for engine in (engine for pair in made.values() for engine in pair):
            engine.dispose()

    def ready(self) -> dict[str, Any]:
        """The state of the writer, asked now, and of each reader as last sampled; raises nothing."""
        detail, readers = self._ask_writer(), self.readers()
        away = [name for name, reader in readers.items() if not reader["in_rotation"]]
        ok = detail == "ok"
        return {
            "ok": ok,
            "detail": f"{detail}, out of rotation: {', '.join(away)}" if away else detail,
            "readers": readers,
        }

    def readers(self) -> dict[str, dict[str, Any]]:
        """Each reader as last sampled, `in_rotation` and `lag_seconds` (None if unknown); asks nobody."""
        return self.replicas.report()

    def _ask_writer(self) -> str:
        try:
            with self._engines(WRITER)[1].connect() as connection:
                if self.url.get_backend_name() == "sqlite":
                    connection.execute(text("SELECT 1"))
                elif connection.scalar(text("SELECT @@global.read_only + @@global.innodb_read_only")):
                    return "down: read-only"
        except SQLAlchemyError as error:
            # The text of the error would tell anybody the server's address and user.
            number = engines.code_of(getattr(error, "orig", None))
            return f"down: {type(error).__name__}" + (f" {number}" if number else "")
        return "ok"

    def _engines(self, role: str) -> tuple[Engine, Engine]:
        made = self._made.get(role)
        return made if made is not None else self._make(role)

    def _make(self, role: str) -> tuple[Engine, Engine]:
        with self._lock:
            if role not in self._made:
                self._made[role] = self._pair(role)
            return self._made[role]

    def _pair(self, role: str) -> tuple[Engine, Engine]:
        if role in self.reader_urls:
            url, seconds = self.reader_urls[role], engines.READER_CONNECT_SECONDS
            reading = engines.reading_engine(url, pool_size=self.pool_size, connect_seconds=seconds)
            return reading, reading
        writing = engines.writing_engine(self.url, pool_size=self.pool_size)
        reading = engines.reading_engine(self.url, pool_size=self.pool_size)
        engines.drop_together(writing, reading)
        return writing, reading

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._made = {}

    def _close_files(self) -> None:
        if self.url.get_backend_name() == "sqlite":
            self.recycle_writer()

    def _start_anew(self) -> None:
        abandon(self._made)
        self._start()


def _session(engine: Engine, role: str) -> Session:
    # Objects stay readable after the commit, so that neither a template nor an after_commit action selects again.
    return _Session(engine, expire_on_commit=False, info={"role": role})


def wrote(session: Session) -> bool:
    """Whether the session's last transaction changed anything, or may have."""
    connection_info = session.info.get("connection_info", {})
    return bool(connection_info.get("wrote"))


class _Session(Session):
    pass


def _remember_connection(session: Session, _: SessionTransaction, connection: Connection) -> None:
    connection.info.pop("wrote", None)
    session.info["connection_info"] = connection.info


event.listen(_Session, "after_begin", _remember_connection)

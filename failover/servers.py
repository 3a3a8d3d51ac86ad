"""One MariaDB server, as the promoter asks and commands it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pymysql
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from failover.settings import Address

COMMAND_SECONDS = 15.0
# For ever, as good as: a writer that gave up waiting would acknowledge what only it has.
FOREVER_MILLISECONDS = 365 * 24 * 3600 * 1000
# The source has not got, or has no longer got, what the follower has: it must be made anew.
NOT_ON_SOURCE = 1236

OTHERS = (
    "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID()"
    " AND user <> 'system user' AND command NOT IN ('Binlog Dump', 'Daemon', 'Killed')"
)

Row = Mapping[str, Any]


class Unreachable(Exception):
    """No answer came. A server that answers anything, if only that it is full, is not unreachable."""


class Unfit(Exception):
    """The server cannot become the writer; the message says why."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a server said of itself when it was asked; `source` is whom it follows, or empty."""

    read_only: bool
    source: str = ""
    receives: bool = False
    applies: bool = False
    stopped: bool = False
    trouble: str = ""

    @property
    def follows(self) -> bool:
        return self.receives and self.applies

    @classmethod
    def of(cls, read_only: bool, status: Row | None) -> "Sample":
        """Read the row of SHOW SLAVE STATUS, if there is one."""
        if status is None:
            return cls(read_only)
        receiving, applies = status["Slave_IO_Running"], status["Slave_SQL_Running"] == "Yes"
        diverged = status["Last_IO_Errno"] == NOT_ON_SOURCE or status["Last_SQL_Errno"]
        return cls(
            read_only=read_only,
            source=f"{status['Master_Host']}:{status['Master_Port']}",
            receives=receiving == "Yes",
            applies=applies,
            stopped=receiving == "No" or not applies,
            trouble=(status["Last_SQL_Error"] or status["Last_IO_Error"]) if diverged else "",
        )


class Server:
    """A server by its address. Each command raises Unreachable, or pymysql.Error with what the server refused."""

    def __init__(self, address: Address, timeout: float) -> None:
        self.address = address
        self.name = address.name
        self._timeout = timeout
        self._connection: Connection[DictCursor] | None = None

    def probe(self) -> Sample:
        """What it says of itself, soon or not at all. The connection is kept: a server that is full still answers."""
        try:
            if self._connection is None:
                self._connection = self._connect(self._timeout)
            (said,) = _rows(self._connection, "SELECT @@global.read_only AS read_only")
            return Sample.of(bool(said["read_only"]), next(iter(_rows(self._connection, "SHOW SLAVE STATUS")), None))
        except Exception as error:
            self.close()
            raise _judged(error) from error

    def close(self) -> None:
        """Close the connection that is kept, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None and connection.open:
            connection._force_close()  # type: ignore[attr-defined]

    def execute(self, *statements: str) -> list[Row]:
        """Run these statements on a connection of their own; the rows of the last one."""
        return self._run(statements, COMMAND_SECONDS)

    def ask(self, question: str) -> list[Row]:
        """The rows of a statement that is answered soon or not at all."""
        return self._run([question], 2 * self._timeout)

    def _run(self, statements: Sequence[str], seconds: float) -> list[Row]:
        try:
            with self._connect(seconds) as connection:
                return [_rows(connection, statement) for statement in statements][-1]
        except Exception as error:
            raise _judged(error) from error

    def position(self) -> str:
        """All that it has committed, as a GTID position."""
        return str(self.ask("SELECT @@global.gtid_binlog_pos AS position")[0]["position"])

    def has_applied(self, position: str, seconds: float) -> bool:
        """Whether it, a follower, has applied all up to this position, or does so within some seconds."""
        (row,) = self.execute(f"SELECT MASTER_GTID_WAIT('{position}', {seconds}) AS waited")
        return bool(row["waited"] == 0)

    def has_received(self, position: str) -> bool:
        """Whether it, a follower, has all up to this position, be it applied or not."""
        status = self._status()
        return status is not None and _covers(status["Gtid_IO_Pos"], position)

    def applied(self) -> str:
        """All that it, a follower, has applied."""
        return str(self.ask("SELECT @@global.gtid_slave_pos AS position")[0]["position"])

    # Followers

    def follow(self, source: Address) -> None:
        """Let it follow from where it is, whether it was a follower or a writer before."""
        demoted = "" if self._status() else ", MASTER_DEMOTE_TO_SLAVE=1"
        escape = pymysql.converters.escape_string
        self.execute(
            "STOP SLAVE",
            f"CHANGE MASTER TO MASTER_HOST='{escape(source.host)}', MASTER_PORT={source.port},"
            f" MASTER_USER='{escape(source.user)}', MASTER_PASSWORD='{escape(source.password)}',"
            f" MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=1, MASTER_USE_GTID=slave_pos{demoted}",
            "START SLAVE",
        )

    def acknowledge(self) -> None:
        """Let it, from the next start of its replication, tell the writer what it has received."""
        # When it stops it says so to its writer, which may be dead: it must not wait for that for five seconds.
        self.execute(
            "SET GLOBAL rpl_semi_sync_slave_enabled = 1",
            "SET GLOBAL rpl_semi_sync_slave_kill_conn_timeout = 1",
        )

    def resume(self) -> None:
        """Let it receive and apply again. It forgets what it had received and not applied, and asks for it anew."""
        self.execute("START SLAVE")

    def _status(self) -> Row | None:
        return next(iter(self.ask("SHOW SLAVE STATUS")), None)

    # From follower to writer

    def stop_receiving(self) -> None:
        """Acknowledge nothing any more: from now on its writer, dead or alive, can acknowledge no commit either."""
        self.execute("STOP SLAVE IO_THREAD")

    def apply_all(self, seconds: float) -> None:
        """Return when it has applied all that it ever acknowledged; raises Unfit if it does not get there."""
        deadline = time.monotonic() + seconds
        while True:
            status = self._status()
            if status is None or status["Slave_SQL_Running"] != "Yes":
                raise Unfit(f"{self.name} does not apply what it received: {(status or {}).get('Last_SQL_Error')}")
            if self.has_applied(status["Gtid_IO_Pos"], 0.5):
                return
            if time.monotonic() > deadline:
                raise Unfit(f"{self.name} is still applying what it received")

    def promote(self) -> None:
        """Let it follow nobody and take writes. Done again it changes nothing."""
        self.execute("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL rpl_semi_sync_slave_enabled = 0")
        self.loosen()
        self.execute("SET GLOBAL read_only = 0")

    # Writers

    def guard(self) -> None:
        """Acknowledge no commit from now on before the standby has it."""
        self.execute(
            "SET GLOBAL rpl_semi_sync_master_wait_point = AFTER_SYNC",
            f"SET GLOBAL rpl_semi_sync_master_timeout = {FOREVER_MILLISECONDS}",
            "SET GLOBAL rpl_semi_sync_master_wait_no_slave = 1",
            "SET GLOBAL rpl_semi_sync_master_enabled = 1",
        )

    def is_guarded(self) -> bool:
        """Whether it waits for the standby, and the standby is there."""
        rows = self.ask("SHOW STATUS LIKE 'Rpl_semi_sync_master_%'")
        said = {row["Variable_name"]: row["Value"] for row in rows}
        return said["Rpl_semi_sync_master_status"] == "ON" and int(said["Rpl_semi_sync_master_clients"]) == 1

    def loosen(self) -> None:
        """Acknowledge commits that nobody else has; those that wait are acknowledged now."""
        self.execute("SET GLOBAL rpl_semi_sync_master_enabled = 0")

    def retire(self) -> None:
        """Take no writes any more, and let nobody know of one that happened without the standby."""
        # In this order: commits that wait for a standby for ever would make read_only wait, too; and whoever made them
        # must be gone before they are let go.
        self.disconnect()
        self.loosen()
        self.execute("SET GLOBAL read_only = 1")

    def disconnect(self) -> None:
        """End the connections of everybody but ourselves and the followers."""
        rows = self.ask(OTHERS)
        for row in rows:
            self._end_connection(int(row["id"]))

    def _end_connection(self, number: int) -> None:
        try:
            self.execute(f"KILL {number}")
        except pymysql.OperationalError as error:
            # 1094: it has gone by itself meanwhile.
            if error.args[0] != 1094:
                raise

    def _connect(self, seconds: float) -> "Connection[DictCursor]":
        return pymysql.connect(
            host=self.address.host,
            port=self.address.port,
            user=self.address.user,
            password=self.address.password,
            connect_timeout=max(1, round(self._timeout)),
            read_timeout=seconds,
            write_timeout=seconds,
            autocommit=True,
            cursorclass=DictCursor,
        )


def _rows(connection: "Connection[DictCursor]", statement: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _covers(position: str, wanted: str) -> bool:
    # A position names the last transaction of each domain; their numbers rise, whichever server wrote them.
    reached = _numbers(position)
    return all(reached.get(domain, 0) >= number for domain, number in _numbers(wanted).items())


def _numbers(position: str) -> dict[str, int]:
    parts = (gtid.strip().split("-") for gtid in position.split(",") if gtid)
    return {domain: int(number) for domain, _, number in parts}


def _judged(error: Exception) -> Exception:
    """The error itself if a server sent it, else Unreachable."""
    code = error.args[0] if error.args else None
    from_server = isinstance(error, pymysql.MySQLError) and isinstance(code, int) and 0 < code < 2000
    # What MariaDB added to MySQL's errors; 2000 and on are the client's own.
    from_server = from_server or (isinstance(code, int) and 3000 <= code < 5000)
    return error if from_server else Unreachable(str(error))

"""A real MariaDB server, alone or as primary and replica, started from nothing in about two seconds."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import pymysql
from pymysql.connections import Connection

USER, PASSWORD = "app", "app-password"
RIGHTS = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, TRIGGER, CREATE VIEW, "
    "CREATE TEMPORARY TABLES, LOCK TABLES, PROCESS"
)
START_SECONDS = 30.0

CONFIGURATION = """
[mariadbd]
datadir = {folder}/data
tmpdir = {folder}
socket = {folder}/socket
pid-file = {folder}/pid
log-error = {folder}/errors
port = {port}
server-id = {server_id}
bind-address = 127.0.0.1
skip-name-resolve
plugin-dir = /usr/lib/mysql/plugin
character-set-server = utf8mb4
log-bin = binlog
log-slave-updates
gtid-strict-mode = 1
slave-net-timeout = 4
performance-schema = off
innodb-buffer-pool-size = 64M
innodb-log-file-size = 16M
max-connections = 200
"""


class MariaDb:
    """A server on a free loopback port in a folder of its own; `stop` removes both."""

    def __init__(self, server_id: int = 1, *, data: Path | None = None, options: str = "") -> None:
        self.server_id = server_id
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="mariadb-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._own(self._folder)
        if data is None:
            self._install()
        else:
            shutil.copytree(data, self._folder / "data")
        self._own(self._folder)
        text = CONFIGURATION.format(folder=self._folder, port=self.port, server_id=server_id)
        (self._folder / "my.cnf").write_text(text + options)

    @property
    def data(self) -> Path:
        """The folder of its tables; to be copied only while the server is down."""
        return self._folder / "data"

    @property
    def pid(self) -> int:
        assert self._process is not None, "not running"
        return self._process.pid

    def start(self, *, read_only: bool = False) -> None:
        """Start (again) and wait until it answers queries; raises RuntimeError with the end of its log."""
        options = [f"--defaults-file={self._folder / 'my.cnf'}", f"--read-only={int(read_only)}", *_as_user()]
        self._process = subprocess.Popen(
            ["mariadbd", *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"MariaDB does not start: {(self._folder / 'errors').read_text()[-2000:]}")
            time.sleep(0.02)

    def allow(self) -> None:
        """Make the user that `url` names: an ordinary one, whom `read_only` stops from writing."""
        for statement in (f"CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'", f"GRANT {RIGHTS} ON *.* TO {USER}@'%'"):
            self.execute(statement)

    def create(self, database: str) -> None:
        """Make an empty database, in place of the one of that name if there is one."""
        self.execute(f"DROP DATABASE IF EXISTS `{database}`")
        self.execute(f"CREATE DATABASE `{database}` CHARACTER SET utf8mb4")

    def url(self, database: str, *, port: int | None = None) -> str:
        """The URL of a database as the ordinary user; `port` when something stands in between."""
        return f"mysql://{USER}:{PASSWORD}@127.0.0.1:{port or self.port}/{database}"

    def execute(self, statement: str) -> list[dict[str, Any]]:
        """Run one statement as root and give its rows."""
        with self.connect() as connection, connection.cursor(pymysql.cursors.DictCursor) as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    def connect(self) -> "Connection[Any]":
        """A connection as root, in autocommit mode; good as a context that closes it."""
        return pymysql.connect(unix_socket=str(self._folder / "socket"), user="root", autocommit=True)

    def kill(self) -> None:
        """Die at once, as if the power went."""
        self._end(signal.SIGKILL)

    def shut_down(self) -> None:
        """End in order; `start` brings it back with its data."""
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        """Hang: accept connections and answer nothing, until `unpause`."""
        os.kill(self.pid, signal.SIGSTOP)
        os.waitpid(self.pid, os.WUNTRACED)

    def unpause(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End for good and remove everything."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)
            self._process = None

    def _answers(self) -> bool:
        # PyMySQL forgets to close a socket that nobody listens on, so it is only let in when somebody does.
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self._folder / "socket"))
            self.execute("SELECT 1")
        except (OSError, pymysql.Error):
            return False
        return True

    def _install(self) -> None:
        command = ["mariadb-install-db", "--no-defaults", f"--datadir={self.data}", *_as_user()]
        # A server that starts removes what others have for the moment in a folder that they share.
        command += ["--auth-root-authentication-method=normal", "--skip-test-db", f"--tmpdir={self._folder}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"MariaDB does not install: {done.stdout}{done.stderr}")

    def _own(self, folder: Path) -> None:
        if os.getuid() != 0:
            return
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, _account(), _account())


class Replication:
    """A primary and a replica that follows it; the replica is read-only until promoted."""

    def __init__(self) -> None:
        self.primary = MariaDb(1)
        # A copy of the fresh folder is made sooner than a second installation.
        self.replica = MariaDb(2, data=self.primary.data)

    def start(self) -> None:
        """Start both and wait until the replica follows."""
        self.primary.start()
        self.replica.start(read_only=True)
        self.primary.allow()
        self.follow()

    def stop(self) -> None:
        """End both for good."""
        self.primary.stop()
        self.replica.stop()

    def create(self, database: str) -> None:
        """Make an empty database on both."""
        self.primary.create(database)
        self.catch_up()

    def follow(self, *, delay_seconds: int = 0) -> None:
        """Let the replica follow the primary, `delay_seconds` behind."""
        self.replica.execute("STOP SLAVE")
        self.replica.execute(
            f"CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={self.primary.port}, MASTER_USER='root', "
            f"MASTER_CONNECT_RETRY=1, MASTER_USE_GTID=slave_pos, MASTER_DELAY={delay_seconds}"
        )
        self.replica.execute("START SLAVE")
        if not delay_seconds:
            self.catch_up()

    def stop_sql_thread(self) -> None:
        """Let the replica receive, and not apply."""
        self.replica.execute("STOP SLAVE SQL_THREAD")

    def resume(self) -> None:
        """Let the replica apply again, and wait until it has caught up."""
        self.replica.execute("START SLAVE")
        self.catch_up()

    def catch_up(self, seconds: float = 10) -> None:
        """Wait until the replica has applied all that the primary has committed; raises TimeoutError."""
        position = self.primary.execute("SELECT @@gtid_binlog_pos AS p")[0]["p"]
        if self.replica.execute(f"SELECT MASTER_GTID_WAIT('{position}', {seconds}) AS w")[0]["w"] != 0:
            raise TimeoutError(str(self.replica.execute("SHOW SLAVE STATUS")))

    def promote(self) -> None:
        """Make the replica the writer."""
        for statement in ("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = 0"):
            self.replica.execute(statement)


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_user() -> list[str]:
    return [f"--user={_account()}"] if os.getuid() == 0 else []


def _account() -> str:
    # MariaDB refuses to run as root; Debian makes an account for it.
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "mysql" if "mysql" in names else "nobody"

"""Two MariaDB servers of which either may be the writer, a reader, and the real promoter with its endpoint."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pymysql

from beanstalk.commands import ROOT
from tests.services.mariadb import MariaDb, free_port
from tests.services.relay_process import RelayProcess
from tests.support.waiting import wait_until

# One thread alone could not keep up with eight who write.
OF_ALL = "slave-parallel-threads = 4\nmaster-retry-count = 0\nsync-binlog = 1\n"
# Nobody follows by themselves after a start, but readers: a standby forgets then what it had acknowledged.
OF_THE_TWO = OF_ALL + "skip-slave-start\n"
PROMOTER, PASSWORD = "promoter", "a password: with/signs@in it"
RIGHTS = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, TRIGGER, EVENT, CREATE VIEW, SHOW VIEW, "
    "CREATE ROUTINE, ALTER ROUTINE, LOCK TABLES, RELOAD, PROCESS, SUPER, READ_ONLY ADMIN, CONNECTION ADMIN, "
    "BINLOG ADMIN, BINLOG MONITOR, REPLICATION SLAVE, REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, SLAVE MONITOR"
)
SECONDS = 60.0


class Cluster:
    """`first` is the writer at the start; a site finds the writer at `endpoint_port`: the promoter's or the relay's."""

    def __init__(self, relay: RelayProcess | None = None) -> None:
        self.first = MariaDb(1, options=OF_THE_TWO)
        self._make_accounts()
        self.second = MariaDb(2, data=self.first.data, options=OF_THE_TWO)
        self.reader = MariaDb(3, data=self.first.data, options=OF_ALL)
        self.relay = relay
        self.endpoint_port = relay.port if relay else free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="failover-"))
        self._promoter: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start everything and wait until the standby is in step and the reader follows."""
        for server in self.servers:
            server.start(read_only=True)
        if self.relay:
            self.relay.start()
        self.start_promoter()
        wait_until((self._folder / "state.json").exists, SECONDS)
        self.wait_until_in_step()

    def stop(self) -> None:
        """End everything for good."""
        self.kill_promoter()
        if self.relay:
            self.relay.stop()
        for server in self.servers:
            server.stop()

    @property
    def servers(self) -> tuple[MariaDb, MariaDb, MariaDb]:
        return self.first, self.second, self.reader

    def name(self, server: MariaDb) -> str:
        return f"127.0.0.1:{server.port}"

    def url(self, database: str) -> str:
        """The URL of a database by way of the endpoint, as the ordinary user."""
        return self.first.url(database, port=self.endpoint_port)

    def create(self, database: str) -> None:
        """Make an empty database everywhere."""
        self.writer.create(database)
        wait_until(lambda: self.reader.execute(f"SHOW DATABASES LIKE '{database}'"), SECONDS)

    def connect(self, database: str | None = None) -> "pymysql.connections.Connection[Any]":
        """A connection by way of the endpoint, as the ordinary user."""
        return pymysql.connect(
            host="127.0.0.1", port=self.endpoint_port, user="app", password="app-password", database=database,
            autocommit=True, connect_timeout=2, read_timeout=20,
        )  # fmt: skip

    # The promoter

    def start_promoter(self) -> None:
        """Let it watch, (again) from what it saved."""
        with (self._folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "failover", "watch"]
            self._promoter = subprocess.Popen(command, env=self._environ(), cwd=ROOT, stdout=log, stderr=log)

    def kill_promoter(self) -> None:
        """End it at once, and its endpoint with it unless that is a process of its own."""
        if self._promoter is not None:
            self._promoter.kill()
            self._promoter.wait()
            self._promoter = None

    def end_promoter(self) -> int:
        """Ask it to end; its exit code."""
        assert self._promoter is not None
        self._promoter.terminate()
        promoter, self._promoter = self._promoter, None
        return promoter.wait(SECONDS)

    def forget(self) -> None:
        """Lose what the promoter saved."""
        (self._folder / "state.json").unlink()

    def command(self, *words: str, **environ: str) -> str:
        """What one of its other commands says, failing or not."""
        command = [sys.executable, "-m", "failover", *words]
        return subprocess.run(
            command,
            env=self._environ() | environ,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ).stdout

    @property
    def log(self) -> str:
        """All that it has said."""
        return (self._folder / "log").read_text()

    @property
    def state(self) -> dict[str, Any]:
        """What it has saved."""
        found: dict[str, Any] = json.loads((self._folder / "state.json").read_text())
        return found

    @property
    def writer(self) -> MariaDb:
        """Who is the writer, by what it has saved."""
        return self.first if self.state["writer"] == self.name(self.first) else self.second

    def wait_until_in_step(self) -> None:
        """Wait until a loss of the writer would lose nothing, and the reader follows; AssertionError with the log."""
        try:
            wait_until(lambda: self.state["in_step"] and not self.state["unusable"], SECONDS)
            wait_until(lambda: self.follows(self.reader), SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log}") from None

    def follows(self, server: MariaDb) -> bool:
        """Whether it receives and applies."""
        status = server.execute("SHOW SLAVE STATUS")
        return bool(status) and status[0]["Slave_IO_Running"] == status[0]["Slave_SQL_Running"] == "Yes"

    def _make_accounts(self) -> None:
        # Before there is a binary log that anybody follows, so that all three begin alike.
        self.first.start()
        self.first.allow()
        password = f"IDENTIFIED BY '{PASSWORD}'"
        self.first.execute(f"CREATE USER {PROMOTER}@'%' {password}")
        self.first.execute(f"GRANT {RIGHTS} ON *.* TO {PROMOTER}@'%'")
        self.first.execute("RESET MASTER")
        self.first.shut_down()

    def _environ(self) -> dict[str, str]:
        announced = f"announce://127.0.0.1:{self.relay.promoter_port}" if self.relay else None
        return {
            "PATH": os.environ["PATH"],
            "FAILOVER_SERVERS": f"{self._address(self.first)},{self._address(self.second)}",
            "FAILOVER_READERS": self._address(self.reader),
            "FAILOVER_FIRST": self.name(self.first),
            "FAILOVER_ENDPOINT": announced or f"relay://127.0.0.1:{self.endpoint_port}",
            "FAILOVER_STATE": str(self._folder / "state.json"),
        }

    def _address(self, server: MariaDb) -> str:
        return f"mysql://{PROMOTER}:{PASSWORD.replace('/', '%2F').replace('@', '%40')}@{self.name(server)}"

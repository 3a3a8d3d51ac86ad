"""A follower made anew from another server, when its history is not the writer's.

It goes by SQL alone, so that it works wherever the servers are: `mariadb-dump` reads the source in one transaction
with its position, `mariadb` writes the clone. Accounts are not touched: they are the same everywhere.
"""

import logging
import os
import subprocess
import threading

import pymysql

from failover.servers import Server, Unreachable
from failover.settings import Address

OWN = ("information_schema", "performance_schema", "mysql", "sys")
# Ordinary users are thrown out while this is so; it ends with the server's restart at the latest.
KEEP_OUT = "being cloned"


log = logging.getLogger(__name__)


class CloneFailed(Exception):
    """The clone is not usable; the message says what the programs said."""


class Clones:
    """Those that are being made, each in a thread of its own, since the writer must be watched meanwhile."""

    def __init__(self) -> None:
        self._threads: dict[str, threading.Thread] = {}
        self._made: set[str] = set()

    def start(self, target: Server, source: Server) -> None:
        """Begin; whether it succeeded is told by `take_made`, sooner or later."""
        thread = threading.Thread(target=self._make, args=(target, source), name=f"clone-{target.name}", daemon=True)
        self._threads[target.name] = thread
        thread.start()

    def is_making(self, name: str) -> bool:
        """Whether this server is being made anew now."""
        return name in self._threads and self._threads[name].is_alive()

    def take_made(self) -> set[str]:
        """Those that were finished since this was asked last."""
        made = {name for name in self._made.copy() if not self.is_making(name)}
        self._made -= made
        return made

    def _make(self, target: Server, source: Server) -> None:
        try:
            clone(source, target)
        except (Unreachable, CloneFailed, OSError, pymysql.Error) as error:
            log.warning("%s could not be made anew: %s", target.name, error)
        else:
            self._made.add(target.name)


def clone(source: Server, target: Server) -> None:
    """Replace all databases of `target` by those of `source`, and let it follow from there; raises CloneFailed.

    Nobody can read the half of it meanwhile. What `target` had is gone from the first moment on.
    """
    target.execute(f"SET GLOBAL init_connect = '{KEEP_OUT}'", "STOP SLAVE", "SET GLOBAL read_only = 1")
    target.disconnect()
    target.execute("RESET SLAVE ALL", "RESET MASTER", "SET GLOBAL gtid_slave_pos = ''")
    for database in _databases(target):
        target.execute("SET SESSION sql_log_bin = 0", f"DROP DATABASE `{database}`")
    _copy(source.address, target.address, _databases(source))
    target.follow(source.address)
    target.execute("SET GLOBAL init_connect = ''")


def _databases(server: Server) -> list[str]:
    return [name for row in server.execute("SHOW DATABASES") if (name := str(row["Database"])) not in OWN]


def _copy(source: Address, target: Address, databases: list[str]) -> None:
    # No transaction of the source's binary log may get into the clone's by this way, or it would have them twice.
    load = ["mariadb", *_login(target), "--init-command=SET SESSION sql_log_bin = 0"]
    dump = [
        "mariadb-dump",
        *_login(source),
        "--single-transaction",
        "--master-data",
        "--gtid",
        "--routines",
        "--events",
    ]
    dump += ["--triggers", "--hex-blob", "--databases", *databases]
    reading = subprocess.Popen(dump, env=_environ(source), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert reading.stdout is not None
    with reading:
        loaded = subprocess.run(load, env=_environ(target), stdin=reading.stdout, capture_output=True, check=False)
        reading.stdout.close()
        said = reading.stderr.read() if reading.stderr else b""
    if reading.returncode or loaded.returncode:
        raise CloneFailed((said + loaded.stderr).decode(errors="replace")[-1000:])


def _login(address: Address) -> list[str]:
    # No option file of this machine may have a say, so this one comes first.
    return ["--no-defaults", f"--host={address.host}", f"--port={address.port}", f"--user={address.user}"]


def _environ(address: Address) -> dict[str, str]:
    # A password among the arguments could be read by everybody on this machine.
    return {"PATH": os.environ.get("PATH", os.defpath), "MYSQL_PWD": address.password}

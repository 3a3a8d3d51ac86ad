"""A MariaDB and a Redis for one measurement, started from nothing and removed afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.servers import free_port

START_SECONDS = 30
# As a primary has it: a log for its readers, and each commit on the disk.
OPTIONS = {
    "bind-address": "127.0.0.1",
    "character-set-server": "utf8mb4",
    "innodb-buffer-pool-size": "256M",
    "innodb-flush-log-at-trx-commit": "1",
    "log-bin": "binlog",
    "max-connections": "200",
    "server-id": "1",
}


@contextmanager
def mariadb(*databases: str) -> Iterator[list[str] | None]:
    """The URLs of these empty databases; None where MariaDB is not installed."""
    if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
        yield None
        return
    with _folder() as folder:
        data, socket, port = folder / "data", folder / "socket", free_port()
        install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", *_as_user()]
        install += ["--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(install, check=True, capture_output=True)
        options = OPTIONS | {"datadir": str(data), "socket": str(socket), "port": str(port)}
        command = ["mariadbd", "--no-defaults", *_as_user(), *(f"--{name}={value}" for name, value in options.items())]
        with _running(command):
            _until(lambda: _made(socket, databases))
            yield [f"mysql://lab:lab@127.0.0.1:{port}/{name}" for name in databases]


@contextmanager
def redis() -> Iterator[str | None]:
    """The URL of a Redis without its database's number; None where it is not installed."""
    if not shutil.which("redis-server"):
        yield None
        return
    from redis import Redis

    port = free_port()
    with _folder() as folder:
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", ""]
        with _running(command), Redis(port=port) as client:
            _until(lambda: _is_up(client.ping))
            yield f"redis://127.0.0.1:{port}"


def _made(socket: Path, databases: tuple[str, ...]) -> bool:
    import pymysql

    if not socket.exists():
        return False
    with pymysql.connect(unix_socket=str(socket), user="root") as connection, connection.cursor() as cursor:
        cursor.execute("CREATE USER lab@'%' IDENTIFIED BY 'lab'")
        cursor.execute("GRANT ALL ON *.* TO lab@'%'")
        for name in databases:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    return True


def _is_up(ping: Callable[[], object]) -> bool:
    try:
        return bool(ping())
    except OSError:
        return False
    except Exception as error:
        # The client's errors are no OSErrors; loaded lazily, it cannot be named above.
        if type(error).__name__ != "ConnectionError":
            raise
        return False


def _until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError("a server does not start")
        time.sleep(0.05)


@contextmanager
def _running(command: list[str]) -> Iterator[None]:
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if _as_user():
            shutil.chown(folder, "mysql")
        yield folder


def _as_user() -> list[str]:
    """MariaDB refuses to run as root, and has a user of its own where it is installed."""
    is_root = os.getuid() == 0
    return ["--user=mysql"] if is_root and any(entry.pw_name == "mysql" for entry in pwd.getpwall()) else []

import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from apps.chassis import sqlite
from apps.chassis.sqlite import SqliteFile, path_of

pytestmark = pytest.mark.unit

SCHEMA = "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);"
INCREMENT = "INSERT INTO counters VALUES ('visits', 1) ON CONFLICT DO UPDATE SET value = value + 1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "counters.sqlite3"


@pytest.fixture
def file(path: Path) -> SqliteFile:
    return SqliteFile(path, SCHEMA, durable=True)


def visits(file: SqliteFile) -> int:
    row = file.connection().execute("SELECT value FROM counters").fetchone()
    return int(row[0]) if row else 0


def run(script: str, path: Path) -> "subprocess.Popen[str]":
    head = f"from pathlib import Path\nfrom tests.chassis.test_sqlite import *\npath = Path({str(path)!r})\n"
    return subprocess.Popen([sys.executable, "-c", head + script], text=True, stdout=subprocess.PIPE)


def test_a_transaction_commits_at_its_end(file: SqliteFile, path: Path) -> None:
    with file.transaction() as connection:
        connection.execute(INCREMENT)
    assert visits(SqliteFile(path, SCHEMA, durable=True)) == 1


def test_a_transaction_that_fails_leaves_nothing(file: SqliteFile) -> None:
    def fail() -> None:
        with file.transaction() as connection:
            connection.execute(INCREMENT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert visits(file) == 0
    with file.transaction() as connection:
        connection.execute(INCREMENT)
    assert visits(file) == 1


def test_threads_and_processes_never_lose_an_update(file: SqliteFile, path: Path) -> None:
    # All of them open a file that does not exist yet, so its making is part of the race.
    count = (
        "file = SqliteFile(path, SCHEMA, durable=False)\n"
        "for _ in range(50):\n with file.transaction() as c: c.execute(INCREMENT)"
    )
    processes = [run(count, path) for _ in range(4)]

    def increment() -> None:
        for _ in range(50):
            with file.transaction() as connection:
                connection.execute(INCREMENT)

    threads = [threading.Thread(target=increment) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert visits(file) == 8 * 50


def test_a_killed_process_leaves_nothing_half_done(file: SqliteFile, path: Path) -> None:
    process = run(
        "file = SqliteFile(path, SCHEMA, durable=True)\n"
        "with file.transaction() as c: c.execute(INCREMENT)\n"
        "with file.transaction() as c:\n c.execute(INCREMENT); print('inside', flush=True); input()",
        path,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "inside\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert visits(file) == 1


def test_a_child_and_its_parent_lose_nothing(path: Path) -> None:
    """SQLite would let the child believe in locks that only its parent has, and drop the log that it writes to."""
    process = run(
        "import os\n"
        "file = SqliteFile(path, SCHEMA, durable=True)\n"
        "with file.transaction() as c: c.execute(INCREMENT)\n"
        "(told, tell), (go, let_go) = os.pipe(), os.pipe()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        " with file.transaction() as c: c.execute(INCREMENT)\n"
        " os.write(tell, b'.')\n"
        " os.read(go, 1)\n"
        " with file.transaction() as c: c.execute(INCREMENT)\n"
        " os._exit(0)\n"
        "os.read(told, 1)\n"
        "with file.transaction() as c: c.execute(INCREMENT)\n"
        "file.close()\n"
        "increment_elsewhere(path)\n"
        "os.write(let_go, b'.')\n"
        "assert os.waitpid(child, 0)[1] == 0",
        path,
    )
    process.communicate()
    assert process.returncode == 0
    assert visits(SqliteFile(path, SCHEMA, durable=True)) == 5


def increment_elsewhere(path: Path) -> None:
    """In a process that opens the file, writes, and is the last one to close it, as far as it can see."""
    script = (
        "file = SqliteFile(path, SCHEMA, durable=True)\n"
        "with file.transaction() as c: c.execute(INCREMENT)\n"
        "file.close()"
    )
    process = run(script, path)
    process.communicate()
    assert process.returncode == 0


def test_a_child_refuses_a_file_that_another_thread_had_open(path: Path) -> None:
    process = run(
        "import os\n"
        "file = SqliteFile(path, SCHEMA, durable=True)\n"
        "done, opened = threading.Event(), threading.Event()\n"
        "thread = threading.Thread(target=lambda: (file.connection(), opened.set(), done.wait()))\n"
        "thread.start(); opened.wait()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        " try: file.connection()\n"
        " except RuntimeError as error: os._exit(7)\n"
        " os._exit(0)\n"
        "status = os.waitpid(child, 0)[1]\n"
        "done.set(); thread.join()\n"
        "assert os.waitstatus_to_exitcode(status) == 7",
        path,
    )
    process.communicate()
    assert process.returncode == 0


def test_a_second_thread_drops_no_lock_of_the_first(file: SqliteFile, path: Path) -> None:
    """Any other handle of the file that this process closes would, and the next process would delete the log."""
    with file.transaction() as connection:
        connection.execute(INCREMENT)
    done, opened = threading.Event(), threading.Event()

    def use() -> None:
        file.connection()
        opened.set()
        done.wait()

    thread = threading.Thread(target=use)
    thread.start()
    opened.wait()
    increment_elsewhere(path)
    for _ in range(10):
        with file.transaction() as connection:
            connection.execute(INCREMENT)
    increment_elsewhere(path)
    done.set()
    thread.join()
    file.close()
    assert visits(SqliteFile(path, SCHEMA, durable=True)) == 13


def test_nobody_starves_while_others_keep_writing(file: SqliteFile, path: Path) -> None:
    file.connection()
    write = (
        "import time\n"
        "file = SqliteFile(path, SCHEMA, durable=False)\n"
        "waits = []\n"
        "def write():\n"
        " for _ in range(25):\n"
        "  began = time.monotonic()\n"
        "  with file.transaction() as c:\n"
        "   waits.append(time.monotonic() - began); c.execute(INCREMENT); time.sleep(0.02)\n"
        "threads = [threading.Thread(target=write) for _ in range(2)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
        "print(max(waits))"
    )
    longest = [float(process.communicate()[0]) for process in [run(write, path) for _ in range(4)]]
    assert visits(file) == 4 * 2 * 25
    assert max(longest) < 2


def test_connections_of_dead_threads_are_closed(file: SqliteFile) -> None:
    found: list[sqlite3.Connection] = []
    thread = threading.Thread(target=lambda: found.append(file.connection()))
    thread.start()
    thread.join()
    assert file.connection() is not found[0]
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        found[0].execute("SELECT 1")


def test_only_this_user_can_read_the_file(file: SqliteFile, path: Path) -> None:
    with file.transaction() as connection:
        connection.execute(INCREMENT)
        modes = {member.stat().st_mode & 0o777 for member in path.parent.iterdir()}
    assert modes == {0o600}


def test_a_lock_that_is_not_given_back_is_an_error_in_time(
    file: SqliteFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    other = SqliteFile(path, SCHEMA, durable=True)
    other.connection()
    with file.transaction(), pytest.raises(sqlite3.OperationalError) as caught, other.transaction():
        pass
    assert sqlite.is_locked(caught.value)
    assert not sqlite.is_locked(sqlite3.OperationalError("no such table"))


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_durability_is_the_owners_choice(path: Path, durable: bool, level: int) -> None:
    file = SqliteFile(path, SCHEMA, durable=durable)
    connection = file.connection()
    assert connection.execute("PRAGMA synchronous").fetchone() == (level,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_urls_name_files_as_sqlalchemy_has_them() -> None:
    assert path_of("sqlite:///var/x.sqlite3") == Path("var/x.sqlite3")
    assert path_of("sqlite:////srv/x.sqlite3") == Path("/srv/x.sqlite3")
    for url in ("sqlite:", "sqlite:///", "redis:///x", "/srv/x"):
        with pytest.raises(ValueError, match="takes sqlite"):
            path_of(url)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match="taken"):
        SqliteFile(tmp_path / "taken" / "x.sqlite3", SCHEMA, durable=True).connection()
    assert [member.name for member in tmp_path.iterdir()] == ["taken"]

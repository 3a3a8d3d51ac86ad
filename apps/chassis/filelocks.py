"""Locks over all threads and processes of this machine: a queue of writers before a file, and a place for only one."""

import fcntl
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# One waits at the door and should not miss its opening; the others have time.
DOOR_SECONDS = 0.001
LINE_SECONDS = 0.004


class WriterQueue:
    """Who writes to `path` next. It locks two files beside it, never the file itself, and makes them if need be."""

    def __init__(self, path: Path) -> None:
        self.line = path.with_name(f"{path.name}.line")
        self.door = path.with_name(f"{path.name}.door")

    def enter(self, seconds: float) -> int | None:
        """Wait for our turn, but not longer than `seconds`; gives the key that `leave` takes, or None in vain."""
        deadline = time.monotonic() + seconds
        # Whoever leaves must stand in line again behind the next one, who alone waits at the door. With one lock,
        # a busy thread would be back at it each time before anybody else has woken up.
        line = _lock(self.line, deadline, LINE_SECONDS)
        if line is None:
            return None
        try:
            return _lock(self.door, deadline, DOOR_SECONDS)
        finally:
            _unlock(line)

    def leave(self, key: int) -> None:
        """Let the next one in; may be called by another thread than the one that entered."""
        _unlock(key)


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether this is the only one here: False at once if somebody else is. Who is killed has left."""
    key = _lock(path, 0.0, 0.0)
    try:
        yield key is not None
    finally:
        if key is not None:
            _unlock(key)


def _lock(path: Path, deadline: float, pause: float) -> int | None:
    lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        while not _try(lock):
            if time.monotonic() > deadline:
                os.close(lock)
                return None
            time.sleep(random.uniform(pause / 2, pause))  # noqa: S311
    except BaseException:
        os.close(lock)
        raise
    return lock


def _try(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unlock(lock: int) -> None:
    # Closing alone would not unlock, if a child process were forked meanwhile and has the file open, too.
    fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)

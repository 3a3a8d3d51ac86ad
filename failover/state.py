"""What the promoter must still know after it was killed: who is the writer, and whether the standby has everything."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path


class NotAppointed(Exception):
    """No writer was ever named."""


class Busy(Exception):
    """Another promoter works with the same state."""


@dataclass(frozen=True, slots=True)
class State:
    """`in_step`: no commit is acknowledged that the standby has not received. `unusable` servers wait for a clone."""

    writer: str
    in_step: bool = False
    unusable: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "State":
        """What was saved last; raises NotAppointed."""
        try:
            found = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise NotAppointed(f"{path} is missing") from None
        return cls(found["writer"], found["in_step"], tuple(found["unusable"]))

    def save(self, path: Path) -> None:
        """Keep it so that neither a crash nor a loss of power leaves anything but the old or the new one."""
        keep(path, json.dumps(asdict(self)))


def keep(path: Path, text: str) -> None:
    """Write the file so that neither a crash nor a loss of power leaves anything but the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Be the only one on this machine who acts on the state at `path`; raises Busy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"another promoter holds {path}") from None
        yield

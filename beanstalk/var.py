"""The folder of everything that a laptop's sites remember."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from beanstalk.refusals import Refused

LEAST_BYTES = 32 * 1024 * 1024
LOCK = "running"


def folder(environ: Mapping[str, str], root: Path) -> Path:
    """Where the data lives: VAR_DIR, or var/ beside the code."""
    return (root / (environ.get("VAR_DIR", "").strip() or "var")).absolute()


@contextmanager
def locked(var: Path) -> Iterator[None]:
    """Hold the folder for this process alone; the lock goes with the process, however that ends."""
    _prepare(var)
    with (var / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"{var} is in use: the sites run already (stop them with Ctrl-C in their terminal)") from None
        yield


def secret_key(var: Path) -> str:
    """This machine's own key, made at first use and readable by its owner only."""
    path = var / "secret-key"
    if not path.exists():
        # Written aside and renamed, so that an interruption leaves no half a key that every later start would use.
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        draft.rename(path)
    return path.read_text()


def reset(var: Path) -> None:
    """Remove all that is in the folder; refused while the sites run."""
    if not var.exists():
        return
    with ExitStack() as held:
        for folder in (var, *(lock.parent for lock in var.glob(f"platform/*/{LOCK}"))):
            held.enter_context(locked(folder))
        for path in var.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()


def _prepare(var: Path) -> None:
    var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(var).free
    if free < LEAST_BYTES:
        raise Refused(f"{var}: only {free // 1024 // 1024} MB are free on its disk; free some, 32 MB at the least")

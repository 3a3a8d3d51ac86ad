"""Child processes that leave nobody behind: each leads a group of its own, and ends when we do."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
Process = subprocess.Popen[bytes]


def spawn(command: Sequence[str], environ: Mapping[str, str], folder: Path, output: int) -> Process:
    """Start a process as the leader of a group, writing to `output`. Call it from the main thread only.

    A Ctrl-C at the terminal does not reach it, and on Linux SIGTERM does as soon as we are gone, however we went.
    """
    return subprocess.Popen(
        command,
        env=environ,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_end_with(os.getpid()) if sys.platform == "linux" else None,  # noqa: PLW1509
    )


def stop(processes: Iterable[Process], seconds: float, wait: Callable[[float], object] = time.sleep) -> None:
    """Ask all to end, and after `seconds` end whatever is left of their groups; `wait` passes the time meanwhile."""
    running = list(processes)
    for process in running:
        process.terminate()
    deadline = time.monotonic() + seconds
    while any(process.poll() is None for process in running) and time.monotonic() < deadline:
        wait(0.01)
    for process in running:
        kill(process)


def kill(process: Process) -> None:
    """End the whole group at once, its leader's children included; nothing happens when none is left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def how(process: Process) -> str:
    """How an ended process ended."""
    code = process.returncode
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def _end_with(parent: int) -> Callable[[], None]:
    # This runs between fork and exec, where nothing may be imported and no lock be taken.
    def prepare() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return prepare

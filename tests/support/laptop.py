"""`make run` as a person sees it: a command in a terminal of its own, its output, and Ctrl-C."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from beanstalk.commands import ROOT
from beanstalk.plan import PORTS, free_port
from tests.support.waiting import wait_until

UP = "Ctrl-C stops everything."


class Laptop:
    """One run of the three sites with their data in `var`, on free ports."""

    def __init__(
        self,
        var: Path,
        environ: Mapping[str, str] | None = None,
        *,
        command: Sequence[str] = (sys.executable, "-m", "beanstalk", "local"),
        folder: Path = ROOT,
    ) -> None:
        self.var = var
        self.ports = {f"{name.upper()}_PORT": str(free_port()) for name in PORTS}
        self.environ = _clean() | {"VAR_DIR": str(var)} | self.ports | dict(environ or {})
        self.began = time.monotonic()
        self.output = ""
        # A session of its own, so that a signal to the group reaches what a terminal's Ctrl-C would reach.
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports.values()]

    def wait_until_up(self, seconds: float = 60) -> float:
        """Wait for the welcome; answers the seconds since the command was given."""

        def is_up() -> bool:
            assert self.process.poll() is None, self.output
            return UP in self.output

        wait_until(is_up, seconds)
        return time.monotonic() - self.began

    def interrupt(self) -> float:
        """Press Ctrl-C and wait; answers the seconds that it took."""
        began = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(20)
        self._reader.join(5)
        return time.monotonic() - began

    def wait(self, seconds: float = 20) -> int:
        """Wait until it ends by itself; answers the exit code."""
        code = self.process.wait(seconds)
        self._reader.join(5)
        return code

    def left(self) -> list[int]:
        """The living processes that work with this data, by their environment."""
        return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if self._works_with(path)]

    def end(self) -> None:
        """Leave nothing behind, whatever the test has shown."""
        for pid in [*self.left(), self.process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(5)
        self._reader.join(5)

    def _works_with(self, environ: Path) -> bool:
        try:
            return f"VAR_DIR={self.var}".encode() in environ.read_bytes().split(b"\0")
        except OSError:
            return False

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.output += line


def _clean() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYENV_ROOT", "PYENV_VERSION")
    names = [name for name in os.environ if name in kept or name.startswith(("PIP_", "SSL_"))]
    return {name: os.environ[name] for name in names}

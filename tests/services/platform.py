"""`python -m beanstalk run` in a process of its own, with all its folders in one of the test's."""

import http.client
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from beanstalk.commands import ROOT
from beanstalk.plan import free_port
from beanstalk.platform import control
from tests.support.waiting import wait_until

# What is installed for the first bundle may have to be fetched.
START_SECONDS = 300.0
STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """What came back to one request."""

    status: int
    body: str
    headers: Mapping[str, str]


class Platform:
    """One app and tier. What is installed for a bundle is kept in `venvs` for the next run of the tests."""

    def __init__(self, app: str, tier: str, var: Path, venvs: Path) -> None:
        self.name = (app, tier)
        self.port = free_port()
        self.folder = var / "platform" / f"{app}-{tier}"
        self.environ = {**os.environ, "VAR_DIR": str(var)}
        self._said = var / f"{app}-{tier}.said"
        (var / "platform").mkdir(parents=True, exist_ok=True)
        if not (var / "platform" / "venvs").exists():
            (var / "platform" / "venvs").symlink_to(venvs)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, bundle: Path, **properties: str) -> None:
        """Return when it serves; raises AssertionError with what it said if it ends before that."""
        self.begin(bundle, **properties)
        wait_until(self._serves_or_ended, START_SECONDS)
        assert "serves at" in self.said(), self.said()

    def begin(self, bundle: Path, **properties: str) -> None:
        """Start it and wait for nothing."""
        given = [f"{name}={value}" for name, value in properties.items()]
        words = ["run", *self.name, "--bundle", str(bundle), "--port", str(self.port)]
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "beanstalk", *words, *(["--env", *given] if given else [])],
                cwd=ROOT,
                env=self.environ,
                stdout=said,
                stderr=said,
            )

    def ended(self) -> int:
        """Its exit code, once it has ended by itself."""
        assert self.process
        return self.process.wait(START_SECONDS)

    def deploy(self, bundle: Path) -> "subprocess.CompletedProcess[str]":
        return self._ask("deploy", *self.name, "--bundle", str(bundle))

    def setenv(self, *changes: str) -> "subprocess.CompletedProcess[str]":
        return self._ask("setenv", *self.name, *changes)

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to a visitor who comes by http."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode("utf-8", "replace"), dict(response.getheaders()))
        finally:
            connection.close()

    def said(self) -> str:
        return self._said.read_text(errors="replace")

    def log(self, name: str) -> str:
        """A file below the instance's /var/log."""
        return (self.folder / "log" / name).read_text(errors="replace")

    def calls(self) -> list[str]:
        """The calls of what only Amazon Linux has."""
        return (self.folder / "calls").read_text().splitlines()

    def processes(self) -> list[int]:
        """Everything that runs for this instance, by its folder in the command or in the environment."""
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if self._is_ours(path)]

    def stop(self) -> int:
        """Ask it to end; answers its exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End it by force, and remove what its next start would."""
        assert self.process
        self.process.kill()
        self.process.wait()
        control.forget(self.folder)

    def _ask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "beanstalk", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True)

    def _serves_or_ended(self) -> bool:
        assert self.process
        return "serves at" in self.said() or self.process.poll() is not None

    def _is_ours(self, path: Path) -> bool:
        sign = str(self.folder).encode() + b"/"
        try:
            return sign in (path / "cmdline").read_bytes() or sign in (path / "environ").read_bytes()
        except OSError:
            return False

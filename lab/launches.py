"""One instance of the journal from nothing to its first page, by `python -m beanstalk run`, each phase timed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from beanstalk.commands import ROOT
from lab.servers import free_port

PHASES = ("unpack", "environment", "migrations", "start", "content", "first page")
# What the platform says when a phase begins; one that it does not mention took no time.
SAID = {
    "Installing the requirements": "environment",
    "container_commands: ": "migrations",
    "Starting ": "start",
}
SERVES = " serves at "
PAGE_SECONDS = 30


@dataclass
class Clock:
    """Seconds of each phase, by when the next one begins."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))
    phase: str = PHASES[0]
    since: float = field(default_factory=time.perf_counter)

    def turn(self, phase: str) -> None:
        """From now on it is this phase."""
        now = time.perf_counter()
        self.seconds[self.phase] += now - self.since
        self.phase, self.since = phase, now

    def hear(self, line: str) -> None:
        """Turn to the phase that begins with this line, if one does."""
        for said, phase in SAID.items():
            if line.startswith(said):
                self.turn(phase)


@dataclass(frozen=True)
class Launch:
    """An instance that serves: nothing is in its database yet."""

    port: int
    clock: Clock
    folder: Path

    @property
    def media(self) -> Path:
        """What the instance has mounted for its files."""
        return self.folder / "platform/shared/mounts/media"

    @property
    def environments(self) -> Path:
        """Where the platform keeps the virtual environments of bundles."""
        return self.folder / "platform/venvs"

    def command(self, *words: str) -> None:
        """Run a command of the site on the instance, with what its servers have in their environment."""
        root = self.folder / "platform/mywordpress-web/versions/1"
        told = (root / "opt/elasticbeanstalk/deployment/env").read_text().splitlines()
        python = next((root / "var/app/venv").glob("*/bin/python"))
        environ = {"PATH": os.environ["PATH"], **dict(line.split("=", 1) for line in told)}
        line = [str(python), "-m", "apps.mywordpress", *words]
        subprocess.run(line, cwd=root / "var/app/current", env=environ, check=True, stdout=subprocess.DEVNULL)

    def await_page(self, text: str) -> None:
        """Return when the front page has this text, which ends the last phase."""
        self.clock.turn("first page")
        deadline = time.perf_counter() + PAGE_SECONDS
        while text not in self._page():
            if time.perf_counter() > deadline:
                raise RuntimeError(f"the front page has no {text!r}")
        self.clock.turn("")

    def _page(self) -> str:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/", timeout=PAGE_SECONDS) as answer:
                return str(answer.read().decode())
        except URLError:
            return ""


@contextmanager
def launched(folder: Path, bundle: Path, properties: Mapping[str, str], environ: Mapping[str, str]) -> Iterator[Launch]:
    """An instance below this folder; `environ` is for who prepares it. Raises RuntimeError if it comes to nothing."""
    clock, port = Clock(), free_port()
    command = [sys.executable, "-m", "beanstalk", "run", "mywordpress", "web", "--bundle", str(bundle)]
    command += ["--port", str(port), "--env", *(f"{name}={value}" for name, value in properties.items())]
    variables = {**os.environ, **environ, "VAR_DIR": str(folder)}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _hear(process, clock)
        yield Launch(port, clock, folder)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _hear(process: "subprocess.Popen[str]", clock: Clock) -> None:
    """Listen until it serves."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        clock.hear(line)
        if SERVES in line:
            clock.turn("content")
            return
    raise RuntimeError("".join(said))

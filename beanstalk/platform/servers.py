"""The processes of a bundle's Procfile."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from beanstalk import processes
from beanstalk.platform.extensions import Options
from beanstalk.platform.failed import Failed

LINE = re.compile(r"^([A-Za-z0-9_-]+):\s*(\S.*)$")
PYTHON = "aws:elasticbeanstalk:container:python"


def commands(bundle: Path, options: Options) -> dict[str, str]:
    """The command of each process by name, the proxied one first. Raises Failed for a line that is none."""
    procfile = bundle / "Procfile"
    if not procfile.exists():
        return {"web": _platforms_own(options)}
    found = {}
    for line in filter(str.strip, procfile.read_text("utf-8").splitlines()):
        match = LINE.match(line)
        if match is None:
            raise Failed(f"Procfile: this line has no name and command: {line}")
        found[match[1]] = match[2]
    if not found:
        raise Failed("Procfile: it names no process")
    main = "web" if "web" in found else next(iter(found))
    return {main: found.pop(main), **found}


def _platforms_own(options: Options) -> str:
    processes_, threads = options.get((PYTHON, "NumProcesses"), "1"), options.get((PYTHON, "NumThreads"), "15")
    target = options.get((PYTHON, "WSGIPath"), "application")
    return f"gunicorn --bind 127.0.0.1:8000 --workers={processes_} --threads={threads} {shlex.quote(target)}"


@dataclass
class Servers:
    """All processes of one version, started again when they end, as the platform's are."""

    commands: Mapping[str, str]
    environ: Mapping[str, str]
    folder: Path
    logs: Path
    running: dict[str, processes.Process] = field(default_factory=dict)

    def start(self) -> None:
        """Start all."""
        for name in self.commands:
            self._start(name)

    def all(self) -> list[processes.Process]:
        """Those that have been started."""
        return list(self.running.values())

    def ended(self) -> dict[str, processes.Process]:
        """Those that have ended by themselves."""
        return {name: process for name, process in self.running.items() if process.poll() is not None}

    def start_again(self, name: str) -> None:
        """Start one that has ended, after ending what it left."""
        processes.kill(self.running[name])
        self._start(name)

    def said(self, name: str) -> str:
        """The end of what a process has printed."""
        return "\n".join(self._log(name).read_text(errors="replace").splitlines()[-20:])

    def _start(self, name: str) -> None:
        with self._log(name).open("ab") as log:
            # A shell in between would end at the signal that its server takes as a wish to finish first.
            words = ["sh", "-c", f"exec env {self.commands[name]}"]
            self.running[name] = processes.spawn(words, self.environ, self.folder, log.fileno())

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.stdout.log"

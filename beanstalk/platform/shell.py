"""The bundle's commands and hooks, run one after another as the platform's root would run them."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from beanstalk import processes


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and all that it printed. Code 124: it was ended because it took too long."""

    code: int
    output: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands with an environment that holds nothing of ours; their output goes to files below `logs` too."""

    environ: Mapping[str, str]
    logs: Path
    seconds: float

    def run(self, command: str | Sequence[str], folder: Path, log: str, extra: Mapping[str, str] | None = None) -> Done:
        """Run to the end, and end all that it leaves in the foreground's group. A text is one for the shell."""
        words = ["sh", "-c", command] if isinstance(command, str) else list(command)
        with tempfile.TemporaryFile() as said:
            try:
                process = processes.spawn(words, {**self.environ, **(extra or {})}, folder, said.fileno())
            except OSError as error:
                return Done(126, f"{words[0]}: {error.strerror}")
            code = self._wait(process)
            said.seek(0)
            output = said.read().decode(errors="replace")
        with (self.logs / log).open("a") as file:
            file.write(output)
        return Done(code, output.strip())

    def _wait(self, process: processes.Process) -> int:
        try:
            return process.wait(self.seconds)
        except subprocess.TimeoutExpired:
            return 124
        finally:
            processes.kill(process)

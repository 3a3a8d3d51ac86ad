"""The real program `eb`, told to ask loopback for everything."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / ".venv-awsebcli" / "bin" / "eb"


class Eb:
    """Runs as for a person who has no profile and no history on this machine."""

    def __init__(self, program: Path) -> None:
        self.program = program

    def run(
        self, folder: Path, *words: str, home: Path, environ: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run `eb WORDS` in a folder; what it says and its exit code."""
        kept = {name: value for name, value in os.environ.items() if not _is_personal(name)}
        return subprocess.run(
            [str(self.program), *words],
            cwd=folder,
            env={**kept, "HOME": str(home), **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )


def _is_personal(name: str) -> bool:
    return name.startswith(("AWS_", "GIT_", "PYTHON")) or name.lower().endswith("_proxy")


def find_eb() -> Eb | None:
    """The program in the environment of its own beside the project; None if it is not there."""
    return Eb(PROGRAM) if PROGRAM.is_file() else None

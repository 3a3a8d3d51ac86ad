"""The real program `schemathesis`, which asks an API whatever its description allows, and what it does not."""

import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent
PROGRAM = FOLDER.parents[1] / ".venv-schemathesis" / "bin" / "schemathesis"
# A stream of events lasts for a minute, so it has tests of its own.
UNLIKE_THE_OTHERS = "/api/stream/{zone}"


def find_schemathesis() -> Path | None:
    """The program in the environment of its own beside the project; None if it is not there."""
    return PROGRAM if PROGRAM.is_file() else None


def run(program: Path, description: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Test with all checks against the description at this URL, reports going to `folder`; status 0 if all is well."""
    options = ["--checks", "all", "--exclude-path", UNLIKE_THE_OTHERS, "--no-color", "--suppress-health-check", "all"]
    command = [str(program), "--config-file", str(FOLDER / "schemathesis.toml"), "run", description, *options]
    return subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True, timeout=300)

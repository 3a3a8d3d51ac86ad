"""The checker of CloudFormation templates, by the real program `cfn-lint`."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / ".venv-cfn-lint" / "bin" / "cfn-lint"


class CfnLint:
    """Runs in the environment that the Makefile prepares for it."""

    def __init__(self, program: Path) -> None:
        self.program = program

    def findings(self, templates: Sequence[Path], regions: Sequence[str]) -> str:
        """What it finds in these templates, warnings too; nothing if all is well."""
        command = [str(self.program), "--regions", *regions, "--template", *map(str, templates)]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.stdout + done.stderr


def find_cfn_lint() -> CfnLint | None:
    """The program, or None if it is not there."""
    return CfnLint(PROGRAM) if PROGRAM.is_file() else None

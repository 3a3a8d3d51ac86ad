"""Run the unit tests, which start the three sites too, on every other supported Python of this machine.

`python tools/pythons.py` makes an environment for each (.venv-3.12, ...) and answers 0 when all of them pass.
"""

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = ["requirements.txt", "requirements-test.txt"]


def main() -> int:
    """Test on each in turn, and stop at the first that fails."""
    others = [python for python in _found() if _minor(python) != sys.version_info[1]]
    for python in others:
        code = _test(python, f".venv-3.{_minor(python)}")
        if code:
            print(f"make test: the unit tests do not pass on {python}", file=sys.stderr)
            return code
    return 0


def _found() -> list[str]:
    search = ["sh", str(Path(__file__).with_name("python.sh")), "all"]
    return subprocess.run(search, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def _minor(python: str) -> int:
    return int(subprocess.check_output([python, "-c", "import sys; print(sys.version_info[1])"]))


def _test(python: str, environment: str) -> int:
    made = subprocess.run([python, str(Path(__file__).with_name("environment.py")), environment, *REQUIREMENTS])
    if made.returncode:
        return made.returncode
    print(f"Unit tests on {python} ...", flush=True)
    # The browser's library is not installed here, so the tests that import it are not even read.
    select = ["-m", "unit", "--ignore", "tests/functional", "-q", "-p", "no:cacheprovider"]
    return subprocess.run([f"{environment}/bin/python", "-m", "pytest", *select], stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main())

"""Run the unit tests, which start the three sites too, on every other supported Python of this machine.

`python tools/pythons.py` makes an environment for each (.venv-3.12, ...) and answers 0 when all of them pass.
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOOLS = Path(__file__).parent
REQUIREMENTS = ["requirements.txt", "requirements-test.txt"]


def main() -> int:
    """Test on all at once, then show each one's closing line, or all that one says which does not pass."""
    others = [python for python in _found() if _minor(python) != sys.version_info[1]]
    for python in others:
        made = subprocess.run([python, str(TOOLS / "environment.py"), _environment(python), *REQUIREMENTS])
        if made.returncode:
            return made.returncode
    print(f"Unit tests on {' and '.join(others) or 'no other Python'} ...", flush=True)
    with ThreadPoolExecutor() as at_once:
        failed = [python for python, passed in zip(others, at_once.map(_test, others), strict=True) if not passed]
    if failed:
        print(f"make test: the unit tests do not pass on {' and '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _found() -> list[str]:
    search = ["sh", str(TOOLS / "python.sh"), "all"]
    return subprocess.run(search, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def _minor(python: str) -> int:
    return int(subprocess.check_output([python, "-c", "import sys; print(sys.version_info[1])"]))


def _environment(python: str) -> str:
    return f".venv-3.{_minor(python)}"


def _test(python: str) -> bool:
    # The browser's library is not installed here, so the tests that import it are not even read.
    select = ["-m", "unit", "--ignore", "tests/functional", "-q", "-p", "no:cacheprovider"]
    command = [f"{_environment(python)}/bin/python", "-m", "pytest", *select]
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said).returncode
        said.seek(0)
        lines = said.read().splitlines() or ["it said nothing"]
    print("\n".join([f"{python}:", *lines] if code else [f"{python}: {lines[-1]}"]), flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main())

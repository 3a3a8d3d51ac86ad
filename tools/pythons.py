"""Run the unit tests on every other supported Python of this machine.

`python tools/pythons.py prepare` makes an environment for each (.venv-3.12, ...), `test` tests on all at once.
The answer is 0 when all pass.
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOOLS = Path(__file__).parent
REQUIREMENTS = ["requirements.txt", "requirements-test.txt"]


def main(task: str) -> int:
    """Prepare for all, or test on all at once."""
    others = [python for python in _found() if _minor(python) != sys.version_info[1]]
    return _prepare(others) or (0 if task == "prepare" else _test(others))


def _prepare(others: list[str]) -> int:
    for python in others:
        make = [python, str(TOOLS / "environment.py"), "--no-compile", _environment(python), *REQUIREMENTS]
        if code := subprocess.run(make).returncode:
            return code
    return 0


def _test(others: list[str]) -> int:
    """Show each one's closing line, or all that one says which does not pass."""
    print(f"Unit tests on {' and '.join(others) or 'no other Python'} ...", flush=True)
    with ThreadPoolExecutor() as at_once:
        passed = list(at_once.map(_passes, others))
    failed = [python for python, well in zip(others, passed, strict=True) if not well]
    if failed:
        print(f"the unit tests do not pass on {' and '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _found() -> list[str]:
    search = ["sh", str(TOOLS / "python.sh"), "all"]
    return subprocess.run(search, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def _minor(python: str) -> int:
    return int(subprocess.check_output([python, "-c", "import sys; print(sys.version_info[1])"]))


def _environment(python: str) -> str:
    return f".venv-3.{_minor(python)}"


def _passes(python: str) -> bool:
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
    sys.exit(main(sys.argv[1]))

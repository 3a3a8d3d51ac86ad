"""Make a virtual environment and install pinned requirements into it, once; nothing but the standard library is needed.

`python tools/environment.py FOLDER REQUIREMENTS...` returns at once when this Python made the folder and exactly these
files' contents are installed in it. What goes wrong is one line on stderr with its remedy, and exit code 1.

With `--no-compile` before FOLDER a module is compiled when it is first imported, which saves a third of the time where
most of them never are. Sites that start together would each compile the same.
"""

import contextlib
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - older Pythons get this far, and must be told so.
    sys.exit("Python 3.11, 3.12 or 3.13 is needed; this is " + sys.version.split()[0])

import fcntl

CAUSES = {
    "the disk is full: free about 300 MB and run this again": ("no space left", "errno 28", "disk quota exceeded"),
    "the package index cannot be reached: check the network (or pip's index-url and proxy) and run this again": (
        "failed to establish a new connection",
        "name resolution",
        "name or service not known",
        "network is unreachable",
        "read timed out",
        "connection refused",
        "connection broken",
        "proxyerror",
    ),
    "the folder cannot be written: check who owns it": ("permission denied", "read-only file system"),
}


def main(*arguments: str) -> int:
    """Leave the folder with these requirements installed, or say in one line why not."""
    options, (folder, *requirements) = _parted(arguments)
    environment = Path(folder).absolute()
    try:
        # `make run` and `make test` in two windows take turns.
        with environment.with_name(f"{environment.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make(environment)
            for name in requirements:
                install(environment, Path(name), options)
    except Failed as failure:
        print(f"{folder}: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{folder}: {_cause(str(error)) or error}", file=sys.stderr)
        return 1
    return 0


def _parted(arguments: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (arguments[:1], arguments[1:]) if arguments[0] == "--no-compile" else ((), arguments)


class Failed(Exception):
    """One line that says what went wrong and what helps."""


def make(environment: Path) -> None:
    """Leave an environment of this very Python in the folder, or a line that says why there is none."""
    stamp = environment / ".interpreter"
    if _read(stamp) == _identity(environment):
        return
    print(f"Making {environment.name} with Python {sys.version.split()[0]} ...", flush=True)
    shutil.rmtree(environment, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(environment)], "no virtual environment could be made")
    stamp.write_text(_identity(environment))


def install(environment: Path, requirements: Path, options: tuple[str, ...] = ()) -> None:
    """Install the file's pins unless they are; a call that failed or was interrupted is made good by the next."""
    stamp = environment / f".installed-{requirements.stem}"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if _read(stamp) == digest:
        return
    print(f"Installing {requirements} into {environment.name} ...", flush=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input", "--retries", "2"]
    _run(
        [*pip, *options, "--disable-pip-version-check", "-r", str(requirements)],
        f"pip could not install {requirements}",
    )
    stamp.write_text(digest)


def _run(command: list[str], failure: str) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    if done.returncode:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith(("ERROR", "Error", "error"))] or lines
        said = _cause(done.stdout) or (errors[-1] if errors else f"exit code {done.returncode}")
        raise Failed(f"{failure}: {said}")


def _cause(text: str) -> str | None:
    lowered = text.lower()
    return next((cause for cause, signs in CAUSES.items() if any(sign in lowered for sign in signs)), None)


def _identity(environment: Path) -> str:
    """What an environment is bound to: the scripts in it name its own path, so a moved folder needs a new one."""
    return f"{sys.version}\n{sys.executable}\n{environment}\n"


def _read(path: Path) -> str | None:
    with contextlib.suppress(OSError):
        return path.read_text()
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""The virtual environments of bundles: one for each list of requirements, made once and kept."""

from __future__ import annotations

import fcntl
import glob
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from beanstalk.platform.failed import Failed

# The platform brings this server along, so a bundle need not name it.
PLATFORMS_OWN = "gunicorn"
PLATFORMS_PYTHON = "python3.13"


def installed(requirements: Path, folder: Path, say: Callable[[str], None]) -> Path:
    """An environment below `folder` with what the file names, never changed once it is made. Raises Failed."""
    python = _python()
    wanted = requirements.read_bytes() if requirements.exists() else PLATFORMS_OWN.encode()
    folder.mkdir(parents=True, exist_ok=True)
    # Its programs name its own path, so another path means another environment.
    folder = folder.resolve()
    digest = hashlib.sha256(f"{python}\n{folder}\n".encode() + wanted).hexdigest()[:16]
    environment = folder / digest
    # Several that want the same take turns.
    with (folder / f"{digest}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (environment / "complete").exists():
            say(f"Installing the requirements with {python} ...")
            _make(environment, python, requirements)
            (environment / "complete").touch()
    return environment


def _python() -> str:
    """The platform's Python where this machine has it, else the present one."""
    for found in (shutil.which(PLATFORMS_PYTHON), *_pyenvs()):
        if found and _runs(found):
            return found
    return sys.executable


def _pyenvs() -> list[str]:
    root = os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv"
    # A root that may not be read has none, and no error.
    return sorted(glob.glob(f"{root}/versions/{PLATFORMS_PYTHON.removeprefix('python')}.*/bin/python"))  # noqa: PTH207


def _runs(python: str) -> bool:
    # A file of that name may be a shim that cannot run.
    return subprocess.run([python, "-c", "import venv, ssl, sqlite3"], capture_output=True).returncode == 0


def _make(environment: Path, python: str, requirements: Path) -> None:
    shutil.rmtree(environment, ignore_errors=True)
    _run([python, "-m", "venv", "--without-pip", str(environment)])
    wanted = ["-r", str(requirements)] if requirements.exists() else [PLATFORMS_OWN]
    # Our own pip installs into it, from what it has downloaded before.
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install"]
    _run([*pip, "--quiet", "--no-input", "--disable-pip-version-check", *wanted])


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    if done.returncode:
        raise Failed(f"the requirements cannot be installed:\n{done.stdout.strip()}")

"""The servers that the tests start: find them, and install what is missing where apt can do it without questions.

`python tools/programs.py` answers 0 when all are there, else one line on stderr that names what is missing.
Nothing is started here, and what apt may start is not used: each test starts servers of its own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

# What is unpacked here is installed nowhere.
OWN = Path(__file__).resolve().parents[1] / ".programs"
# Servers live in sbin, which is not on everybody's PATH.
SYSTEM = [os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"]
PLACES = os.pathsep.join([*SYSTEM, str(OWN / "usr/sbin"), str(OWN / "usr/bin")])
Names = Mapping[str, Sequence[str]]
NAMES = {
    "mariadb-server": ("mariadbd", "mysqld"),
    "redis-server": ("redis-server", "valkey-server"),
    "chrony": ("chronyd",),
    "nginx-light": ("nginx",),
    "shellcheck": ("shellcheck",),
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
}
# Installed, it would take the place of what keeps this machine's time.
UNPACKED = ("chrony",)


def main() -> int:
    """Leave every program of NAMES runnable, or say what is missing."""
    return complete(NAMES, "make test")


def complete(names: Names, needed_by: str) -> int:
    """Leave a program of each of these packages runnable and answer 0, or say what is missing."""
    if not missing(names):
        return 0
    apt, failure = _apt(), None
    if apt:
        # A list of packages that is out of date or cannot be renewed may still do, so only what follows counts.
        _complaint([*apt, "-qq", "update"])
    if shutil.which("apt-get"):
        failure = _unpack([each for each in missing(names) if each in UNPACKED])
    if apt:
        failure = _install(apt, [each for each in missing(names) if each not in UNPACKED]) or failure
    left = missing(names)
    if left:
        advice = f"apt says: {failure}" if failure else "install what is missing and run it again"
        print(f"{needed_by} needs {', '.join(left)}: {advice}", file=sys.stderr)
    return 1 if left else 0


def missing(names: Names) -> list[str]:
    """The packages of which no program is found."""
    return [package for package in names if find(package, names) is None]


def find(package: str, names: Names = NAMES) -> str | None:
    """The path of the first program of that package which is installed."""
    return next((path for name in names[package] if (path := shutil.which(name, path=PLACES))), None)


def libraries() -> str:
    """Where to look for libraries that were unpacked with a program, as LD_LIBRARY_PATH has it."""
    return os.pathsep.join(str(each) for each in sorted(OWN.glob("usr/lib/*-linux-*")))


def _apt() -> list[str] | None:
    """How to call apt-get without a question, or None where it cannot be called so."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    allowed = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"] if allowed else None


def _unpack(packages: Sequence[str]) -> str | None:
    """Lay packages out in OWN, with what they need and is not here; nobody need be root. Apt's complaint, or None."""
    archives = OWN / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    options = [f"Dir::Cache::archives={archives}", "Debug::NoLocking=1", "APT::Sandbox::User=root"]
    command = ["apt-get", "-qq", *(part for option in options for part in ("-o", option)), "--download-only"]
    failure = _fetch(command, packages) if packages else None
    for archive in archives.glob("*.deb"):
        failure = failure or _complaint(["dpkg-deb", "--extract", str(archive), str(OWN)])
    return failure


def _install(apt: Sequence[str], packages: Sequence[str]) -> str | None:
    """Apt's complaint, or None."""
    fonts = ["fonts-liberation"] if "chromium" in packages else []
    return _fetch([*apt, "-qq"], [*packages, *fonts]) if packages else None


def _fetch(apt: Sequence[str], packages: Sequence[str]) -> str | None:
    print(f"Getting {', '.join(packages)} with apt ...", flush=True)
    return _complaint([*apt, "install", "--yes", "--no-install-recommends", *packages])


def _complaint(command: Sequence[str]) -> str | None:
    """The last line of a command's complaint, or None if it did its work."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return (done.stderr.strip().splitlines() or ["no reason given"])[-1] if done.returncode else None


if __name__ == "__main__":
    sys.exit(main())

"""The servers that the tests start: find them, and install what is missing where apt can do it without questions.

`python tools/programs.py` answers 0 when all are there, else one line on stderr that names what is missing.
Nothing is started here, and what apt may start is not used: each test starts servers of its own.
"""

import os
import shutil
import subprocess
import sys

# Servers live in sbin, which is not on everybody's PATH.
PLACES = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
NAMES = {
    "mariadb-server": ("mariadbd", "mysqld"),
    "redis-server": ("redis-server", "valkey-server"),
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
}


def main() -> int:
    """Leave every program of NAMES runnable, or say what is missing."""
    wanted = missing()
    if not wanted:
        return 0
    apt = _apt()
    if apt is None:
        print(f"make test needs {', '.join(wanted)}: install what is missing and run it again", file=sys.stderr)
        return 1
    print(f"Installing {', '.join(wanted)} with apt ...", flush=True)
    failure = _install(apt, wanted)
    if failure or missing():
        print(f"apt could not install {', '.join(missing() or wanted)}: {failure or 'not found'}", file=sys.stderr)
    return 1 if failure or missing() else 0


def missing() -> list[str]:
    """The packages of which no program is found."""
    return [package for package in NAMES if find(package) is None]


def find(package: str) -> str | None:
    """The path of the first program of that package which is installed."""
    return next((path for name in NAMES[package] if (path := shutil.which(name, path=PLACES))), None)


def _apt() -> list[str] | None:
    """How to call apt-get without a question, or None where it cannot be called so."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    allowed = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"] if allowed else None


def _install(apt: list[str], packages: list[str]) -> str | None:
    """The last line of apt's complaint, or None."""
    fonts = ["fonts-liberation"] if "chromium" in packages else []
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # A list of packages that is out of date or cannot be renewed may still do, so only the installation counts.
    subprocess.run([*apt, "-qq", "update"], env=quiet, stdin=subprocess.DEVNULL, capture_output=True)
    install = [*apt, "-qq", "install", "--yes", "--no-install-recommends", *packages, *fonts]
    done = subprocess.run(install, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return (done.stderr.strip().splitlines() or ["no reason given"])[-1] if done.returncode else None


if __name__ == "__main__":
    sys.exit(main())

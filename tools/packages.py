"""Debian's packages for Docker: installed, or only unpacked where this machine's release has none that would do."""

import contextlib
import io
import subprocess
import tempfile
from pathlib import Path

from tools.programs import Names, complete

# The first release whose docker-compose is the plugin; it needs nothing but libc, so older ones run it as well.
RELEASE = "trixie"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
PLUGINS = "usr/libexec/docker/cli-plugins"


class Missing(Exception):
    """One line that says what is missing and what helps."""


def install(names: Names) -> None:
    """Leave a program of each of these packages runnable; raises Missing with what apt says where it could not."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        failed = complete(names, "it")
    if failed:
        raise Missing(said.getvalue().strip())


def mirror() -> str:
    """Where this machine gets Debian from; raises Missing where it does not."""
    asked = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(COMPONENT) $(REPO_URI)", "Identifier: Packages"]
    try:
        targets = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        targets = []
    for target in targets:
        origin, component, address = target.split(" ", 2)
        if (origin, component) == ("Debian", "main") and "security" not in address:
            return address.rstrip("/")
    raise Missing("apt on this machine knows no mirror of Debian: install Docker's compose plugin")


def download_plugin(package: str, folder: Path) -> Path:
    """Unpack a plugin of Docker from RELEASE, install nothing, and answer where it lies; raises Missing."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        apt = _private_apt(root)
        _run([*apt, "update"], root)
        _run([*apt, "download", package], root)
        for archive in root.glob("*.deb"):
            _run(["dpkg-deb", "--extract", str(archive), str(folder)], root)
    return folder / PLUGINS


def _private_apt(root: Path) -> list[str]:
    """How to call an apt-get that knows RELEASE alone and touches nothing of this machine's."""
    for folder in ("etc/preferences.d", "state/lists/partial", "cache/archives/partial"):
        (root / folder).mkdir(parents=True)
    (root / "status").touch()
    (root / "etc/sources.list").write_text(f"deb [signed-by={KEYS}] {mirror()} {RELEASE} main\n")
    places = {"Etc": root / "etc", "State": root / "state", "State::status": root / "status", "Cache": root / "cache"}
    options = [f"Dir::{name}={path}" for name, path in places.items()]
    quiet = [*options, "APT::Sandbox::User=root", "Acquire::Languages=none"]
    return ["apt-get", "-qq", *(part for option in quiet for part in ("-o", option))]


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        raise Missing(f"{command[0]} is not here: install Docker's compose plugin") from None
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Missing(f"compose v2 cannot be fetched: {said}") from None

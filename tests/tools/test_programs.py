import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "programs.py"
# What apt would fetch, and what it is asked for.
APT = """#!/bin/sh
echo "$@" >> asked
for each; do case $each in Dir::Cache::archives=*) cp a-clock.deb "${each#*=}";; esac; done
"""


def programs(folder: Path, *changes: tuple[str, str], path: str) -> "subprocess.CompletedProcess[str]":
    """The script in a project of its own, on a machine that lacks something."""
    text = SCRIPT.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "tools").mkdir()
    (folder / "tools/programs.py").write_text(text)
    return subprocess.run(
        [sys.executable, "tools/programs.py"], cwd=folder, env={**os.environ, "PATH": path},
        capture_output=True, text=True,
    )  # fmt: skip


def test_without_apt_what_is_missing_is_named_in_one_line(tmp_path: Path) -> None:
    # Servers are looked for in sbin too, so that only what lies nowhere on this machine can be missing.
    ran = programs(
        tmp_path, ('"redis-server": (', '"a-server": ("a-server-of-nobody",), "redis-server": ('), path="/no"
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("make test needs ")
    assert "a-server" in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="packages are made and unpacked by dpkg-deb")
def test_what_keeps_time_is_unpacked_and_not_installed(tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "usr/sbin").mkdir(parents=True)
    (package / "usr/sbin/a-clock").write_text("#!/bin/sh\n")
    (package / "usr/sbin/a-clock").chmod(0o755)
    (package / "DEBIAN").mkdir()
    (package / "DEBIAN/control").write_text(
        "Package: a-clock\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: a clock\n"
    )
    subprocess.run(["dpkg-deb", "--build", package, tmp_path / "a-clock.deb"], check=True, capture_output=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/apt-get").write_text(APT)
    (tmp_path / "bin/apt-get").chmod(0o755)
    names = SCRIPT.read_text().partition("NAMES = {\n")[2].partition("}\n")[0]
    changes = ((names, '    "a-clock": ("a-clock",),\n'), ('UNPACKED = ("chrony",)', 'UNPACKED = ("a-clock",)'))
    ran = programs(tmp_path, *changes, path=f"{tmp_path}/bin:{os.environ['PATH']}")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / ".programs/usr/sbin/a-clock").exists()
    installs = [line for line in (tmp_path / "asked").read_text().splitlines() if "install" in line]
    assert installs
    assert all("--download-only" in line for line in installs)

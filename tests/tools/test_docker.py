import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tools import base_image, docker, packages

# What is asked of Docker stands in a file, one command a line.
DOCKER = """#!/bin/sh
echo "$@" >> {folder}/asked
case "$*" in {fails}) exit 1;; esac
"""
# A mirror that has one package.
APT = """#!/bin/sh
case "$*" in
*indextargets*) printf '%s\\n' 'Else main http://else/x/' 'Debian main http://mirror/security/' 'Debian main http://mirror/debian/';;
*update*) cp "$(echo "$*" | sed 's/.*Dir::Etc=\\([^ ]*\\).*/\\1/')/sources.list" {folder}/sources;;
*download*) mkdir -p p/usr/libexec/docker/cli-plugins p/DEBIAN
    echo plugin > p/usr/libexec/docker/cli-plugins/docker-compose
    printf '%s\\n' 'Package: docker-compose' 'Version: 2' 'Architecture: all' 'Maintainer: nobody' 'Description: one' \\
        > p/DEBIAN/control
    dpkg-deb --build p docker-compose.deb;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any program, and with places of its own for all that is made."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("DOCKER_HOST", "DOCKER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tools.programs.PLACES", str(tmp_path / "bin"))
    # All of them, or a test would end the engine that this machine really uses.
    for name in ("STATE", "RUNNING", "SOCKET", "PID", "RULES", "CONFIG", "OWN"):
        monkeypatch.setattr(docker, name, tmp_path / name)
    return tmp_path


def give(machine: Path, name: str, script: str, **words: str) -> None:
    program = machine / "bin" / name
    program.write_text(script.replace("{folder}", str(machine)).replace("{fails}", words.get("fails", "-")))
    program.chmod(0o755)


def asked(machine: Path) -> list[str]:
    return (machine / "asked").read_text().splitlines()


def test_a_docker_that_works_is_taken_as_it_is(machine: Path) -> None:
    give(machine, "docker", DOCKER)
    assert docker.main("prepare") == 0
    assert docker.environment() == {}
    assert not [line for line in asked(machine) if "import" in line or "pull" in line]


def test_an_image_that_is_not_there_is_pulled(machine: Path) -> None:
    give(machine, "docker", DOCKER, fails='"image inspect"*')
    assert docker.main("prepare") == 0
    assert asked(machine)[-1] == f"pull --quiet {base_image.BASE}"


@pytest.mark.parametrize(
    ("fails", "expected"),
    [
        (None, "it needs docker.io"),
        ("compose*", "install Docker's compose plugin"),
        ("version*", "no engine answers"),
    ],
)
def test_what_is_missing_is_told_in_one_line(
    machine: Path, fails: str | None, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if fails:
        give(machine, "docker", DOCKER, fails=fails)
    assert docker.main("prepare") == docker.UNAVAILABLE
    said = capsys.readouterr().err
    assert expected in said
    assert said.count("\n") == 1


def test_who_is_not_root_is_told_what_to_do(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(machine, "docker", DOCKER, fails='"image inspect"*|pull*')
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert docker.main("prepare") == docker.UNAVAILABLE
    assert "be root on Debian" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="packages are made and unpacked by dpkg-deb")
def test_compose_is_laid_out_beside_the_project_and_installed_nowhere(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(machine, "docker", DOCKER, fails='"compose version"')
    give(machine, "apt-get", APT)
    monkeypatch.setenv("PATH", f"{machine}/bin:/usr/bin:/bin")
    assert docker.main("prepare") == 0
    plugin = machine / "OWN" / packages.PLUGINS / "docker-compose"
    assert plugin.read_text() == "plugin\n"
    assert json.loads((machine / "CONFIG/config.json").read_text())["cliPluginsExtraDirs"] == [str(plugin.parent)]
    assert docker.environment() == {"DOCKER_CONFIG": str(machine / "CONFIG")}
    assert (machine / "sources").read_text().endswith("] http://mirror/debian trixie main\n")


def test_a_command_is_run_with_the_engine_at_hand_and_its_exit_code_is_passed_on(machine: Path) -> None:
    give(machine, "docker", DOCKER)
    docker.SOCKET.touch()
    code = f"import os, sys; sys.exit(7 if os.environ['DOCKER_HOST'] == 'unix://{docker.SOCKET}' else 1)"
    assert docker.main("run", sys.executable, "-c", code) == 7
    # It was running before, so it goes on.
    assert docker.SOCKET.exists()


def test_nothing_is_run_where_docker_cannot_be_had(machine: Path) -> None:
    assert docker.main("run", "/bin/sh", "-c", f"touch {machine}/ran") == docker.UNAVAILABLE
    assert not (machine / "ran").exists()


def test_the_command_line_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert docker.main("run") == docker.main("no-verb") == docker.main() == 2
    assert "usage:" in capsys.readouterr().err


def test_it_needs_nothing_but_the_standard_library() -> None:
    script = "import sys; sys.path = [p for p in sys.path if 'site-packages' not in p]; import tools.docker"
    subprocess.run([sys.executable, "-S", "-c", script], check=True, cwd=Path(__file__).parents[2])


# Started where no other engine of this machine is touched: in a network of its own.
ALONE = """
import subprocess, sys
from pathlib import Path
from tools import docker
folder = Path(sys.argv[1])
for name in ("STATE", "RUNNING", "SOCKET", "PID", "RULES"):
    setattr(docker, name, folder / name)
docker.SOCKET, docker.PID, docker.RULES = (docker.RUNNING / name for name in ("socket", "pid", "rules"))
network = lambda: subprocess.run("iptables-save | grep -c DOCKER; ip -br link", shell=True, capture_output=True).stdout
before = network()
rule = "INPUT --source 192.0.2.9/32 --jump DROP"
docker.start()
try:
    assert docker.works("version")
    assert network() != before
    subprocess.run(f"iptables --append {rule}", shell=True, check=True)
finally:
    docker.stop()
assert network() == before
# What somebody else has added meanwhile stays.
subprocess.run(f"iptables --check {rule}", shell=True, check=True)
assert b":FORWARD ACCEPT" in subprocess.run("iptables-save", capture_output=True).stdout
assert not docker.RUNNING.exists()
"""


@pytest.mark.compose
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("dockerd") is None, reason="only root starts an engine")
def test_an_engine_of_our_own_leaves_nothing_behind() -> None:
    # The path of a socket may not be long.
    with tempfile.TemporaryDirectory() as folder:
        alone = ["unshare", "--net", sys.executable, "-c", ALONE, folder]
        subprocess.run(alone, check=True, cwd=Path(__file__).parents[2])

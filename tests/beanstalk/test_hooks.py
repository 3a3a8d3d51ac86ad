"""The hooks under a plain shell; what only an instance has is a stub that writes down how it was called."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from beanstalk.commands import ROOT
from tests.conftest import _need
from tools.programs import find

SHARED = {"EFS_FILE_SYSTEM": "fs-0123", "EFS_ACCESS_POINT": "fsap-4567"}
SHARED_LINE = "fs-0123:/ {media} efs _netdev,nofail,tls,iam,accesspoint=fsap-4567 0 0"
SECRETS = {"SECRET_KEY": "nobody may read this key", "DATABASE_URL": "mysql://user:hidden@host/name"}
EARLIER = "UUID=1 / xfs defaults 0 0\n"
# What of this machine the hooks may use besides.
TOOLS = ("cat", "cmp", "dirname", "grep", "mkdir", "sed", "sh")


@dataclass
class Machine:
    """An instance without root: a folder for its files, and one for the programs that its PATH has."""

    folder: Path
    hooks: Path
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.programs.mkdir()
        (self.folder / "etc").mkdir()
        self.table.write_text(EARLIER)
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool) or tool)
        for name in ("chown", "curl", "dnf", "install", "mkfs.xfs", "mount", "mount.efs", "sleep", "umount"):
            self.stub(name)
        self.stub("mountpoint", "exit 1")
        self.stub("blkid", "exit 2")
        self.stub("timeout", 'shift; exec "$@"')

    @property
    def programs(self) -> Path:
        return self.folder / "bin"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def table(self) -> Path:
        return self.folder / "etc" / "fstab"

    def stub(self, name: str, body: str = "") -> None:
        """A program that writes down its call and does `body`; $calls is how often it was called, this one included."""
        count = f'calls=$(grep -c "^{name} " {self.folder}/calls)'
        script = f'#!/bin/sh\necho "{name} $*" >>{self.folder}/calls\n{count}\n{body}\n'
        (self.programs / name).write_text(script)
        (self.programs / name).chmod(0o755)

    def fail(self, name: str, times: int, says: str = "") -> None:
        """Let a program fail so often, and then succeed."""
        self.stub(name, f"echo '{says}'; [ $calls -gt {times} ]")

    def run(self, hook: str, environ: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a hook of the bundle from its folder, as the platform does."""
        ran = subprocess.run(
            ["sh", hook], cwd=self.hooks, capture_output=True, text=True,
            env={"PATH": str(self.programs), **SECRETS, **(environ or {})},
        )  # fmt: skip
        log = self.folder / "calls"
        self.calls = log.read_text().splitlines() if log.exists() else []
        for secret in SECRETS.values():
            assert secret not in ran.stdout + ran.stderr + "".join(self.calls)
        return ran


@pytest.fixture
def machine(unpacked: Mapping[str, Path], tmp_path: Path) -> Machine:
    """The hooks of the blog's bundle, with the instance's folders moved into the test's own."""
    shutil.copytree(unpacked["mywordpress-web"] / ".platform", tmp_path / "hooks" / ".platform")
    places = {"/mnt/media": "media", "/etc/": "etc/", "/var/lib/classic": "var", "/run/classic": "run"}
    for script in (tmp_path / "hooks").rglob("*.sh"):
        text = script.read_text()
        for place, here in places.items():
            text = text.replace(place, f"{tmp_path}/{here}")
        script.write_text(text)
    return Machine(tmp_path, tmp_path / "hooks")


MEDIA = ".platform/hooks/prebuild/20-media.sh"
MEDIA_AGAIN = ".platform/confighooks/prebuild/20-media.sh"
READY = ".platform/hooks/postdeploy/90-ready.sh"
READY_AGAIN = ".platform/confighooks/postdeploy/90-ready.sh"


def test_shellcheck_has_nothing_to_say() -> None:
    _need("shellcheck")
    scripts = list((ROOT / ".platform").rglob("*.sh"))
    assert len(scripts) >= 5
    subprocess.run([find("shellcheck") or "", *scripts], check=True)


def test_the_folders_are_made_for_those_who_use_them(machine: Machine) -> None:
    (machine.folder / "etc" / "tmpfiles.d").mkdir()
    assert machine.run(".platform/hooks/prebuild/10-folders.sh").returncode == 0
    assert machine.calls == [
        f"install -d -o webapp -g webapp -m 0750 {machine.folder}/var",
        f"install -d -o webapp -g nginx -m 0750 {machine.folder}/run",
    ]
    assert (machine.folder / "etc" / "tmpfiles.d" / "classic.conf").read_text().startswith("d ")


@pytest.mark.parametrize("hook", [MEDIA, MEDIA_AGAIN])
def test_nothing_is_mounted_where_nothing_is_named(machine: Machine, hook: str) -> None:
    assert machine.run(hook).returncode == 0
    assert machine.calls == []
    assert machine.table.read_text() == EARLIER


@pytest.mark.parametrize("hook", [MEDIA, MEDIA_AGAIN])
def test_what_all_share_is_mounted_by_tls_through_the_access_point_and_after_a_reboot(
    machine: Machine, hook: str
) -> None:
    assert machine.run(hook, SHARED).returncode == 0
    assert f"mount {machine.media}" in machine.calls
    assert not any(call.startswith("dnf") for call in machine.calls)
    assert machine.table.read_text() == f"{EARLIER}{SHARED_LINE.format(media=machine.media)}\n"


def test_the_client_is_installed_where_the_image_has_none_even_at_the_third_try(machine: Machine) -> None:
    (machine.programs / "mount.efs").unlink()
    machine.fail("dnf", 2)
    assert machine.run(MEDIA, SHARED).returncode == 0
    assert machine.calls.count("dnf --assumeyes --quiet install amazon-efs-utils") == 3
    assert machine.calls[-1] == f"mount {machine.media}"


def test_mounting_is_tried_until_the_file_system_is_there(machine: Machine) -> None:
    machine.fail("mount", 4)
    assert machine.run(MEDIA, SHARED).returncode == 0
    assert machine.calls.count(f"mount {machine.media}") == 5
    assert machine.calls.count("sleep 5") == 4


def test_a_file_system_that_never_comes_fails_the_deployment(machine: Machine) -> None:
    machine.stub("mount", "exit 32")
    ran = machine.run(MEDIA, SHARED)
    assert ran.returncode == 1
    assert "gave up: timeout 30 mount" in ran.stderr


def test_what_is_mounted_already_is_left_alone(machine: Machine) -> None:
    machine.run(MEDIA, SHARED)
    machine.stub("mountpoint")
    (machine.folder / "calls").unlink()
    assert machine.run(MEDIA, SHARED).returncode == 0
    assert machine.calls == [f"mountpoint -q {machine.media}"]


def test_another_file_system_takes_the_place_of_the_first(machine: Machine) -> None:
    machine.run(MEDIA, SHARED)
    machine.stub("mountpoint")
    assert machine.run(MEDIA_AGAIN, SHARED | {"EFS_FILE_SYSTEM": "fs-restored"}).returncode == 0
    assert machine.calls[-2:] == [f"timeout 30 mount {machine.media}", f"mount {machine.media}"]
    assert f"umount --lazy {machine.media}" in machine.calls
    assert "fs-restored" in machine.table.read_text()
    assert "fs-0123" not in machine.table.read_text()


def test_a_file_system_without_its_access_point_is_refused(machine: Machine) -> None:
    ran = machine.run(MEDIA, {"EFS_FILE_SYSTEM": "fs-0123"})
    assert ran.returncode != 0
    assert "EFS_ACCESS_POINT: is needed" in ran.stderr
    assert machine.calls == []


@pytest.fixture
def device(machine: Machine) -> Path:
    """A volume on which nothing is yet."""
    volume = machine.folder / "sdh"
    volume.write_bytes(bytes(2 * 1024 * 1024))
    # As blkid does: 2 for an empty one when it looks for anything, and its UUID as soon as it has one.
    machine.stub("blkid", 'if [ "$1" = --probe ]; then exit 2; fi; echo 1b2c')
    return volume


def formatted(machine: Machine) -> bool:
    return any(call.startswith("mkfs") for call in machine.calls)


def test_a_blank_volume_is_formatted_mounted_and_given_to_the_app(machine: Machine, device: Path) -> None:
    assert machine.run(MEDIA, {"VOLUME_DEVICE": str(device)}).returncode == 0
    assert f"mkfs.xfs -q {device}" in machine.calls
    assert machine.calls[-2:] == [f"mount {machine.media}", f"chown webapp:webapp {machine.media}"]
    assert machine.table.read_text().endswith(f"UUID=1b2c {machine.media} auto nofail 0 2\n")


def test_a_volume_with_a_file_system_is_only_mounted(machine: Machine, device: Path) -> None:
    machine.stub("blkid", "echo 1b2c")
    assert machine.run(MEDIA, {"VOLUME_DEVICE": str(device)}).returncode == 0
    assert not formatted(machine)
    assert f"mount {machine.media}" in machine.calls


@pytest.mark.parametrize("code", [2, 4, 8])
def test_a_volume_with_anything_else_is_never_touched(machine: Machine, device: Path, code: int) -> None:
    device.write_bytes(bytes(4096) + b"somebody's" + bytes(4096))
    machine.stub("blkid", f"exit {code}")
    ran = machine.run(MEDIA, {"VOLUME_DEVICE": str(device)})
    assert ran.returncode == 1
    assert "nothing was done to it" in ran.stderr
    assert not formatted(machine)
    assert machine.table.read_text() == EARLIER


def test_a_volume_that_cannot_be_read_is_never_touched(machine: Machine, device: Path) -> None:
    device.unlink()
    device.mkdir()
    assert machine.run(MEDIA, {"VOLUME_DEVICE": str(device)}).returncode == 1
    assert not formatted(machine)


def test_a_volume_that_appears_late_is_awaited(machine: Machine, device: Path) -> None:
    device.rename(device.with_suffix(".late"))
    machine.stub("sleep", f"[ $calls -lt 3 ] || mv {device}.late {device}")
    (machine.programs / "mv").symlink_to(shutil.which("mv") or "mv")
    assert machine.run(MEDIA, {"VOLUME_DEVICE": str(device)}).returncode == 0
    assert f"mount {machine.media}" in machine.calls


@pytest.mark.parametrize("hook", [READY, READY_AGAIN])
def test_a_version_that_is_ready_shows_what_it_answered(machine: Machine, hook: str) -> None:
    machine.fail("curl", 3, '{"ready": true}')
    ran = machine.run(hook)
    assert (ran.returncode, ran.stdout) == (0, 'ready: {"ready": true}\n')
    assert machine.calls.count("sleep 2") == 3


def test_a_version_that_stays_red_fails_the_deployment_and_says_why(machine: Machine) -> None:
    machine.stub("curl", """echo '{"parts":{"database":{"ok":false}}}'; exit 22""")
    ran = machine.run(READY)
    assert ran.returncode == 1
    assert ran.stderr == 'not ready: {"parts":{"database":{"ok":false}}}\n'
    assert machine.calls[0].endswith("http://127.0.0.1/health/ready")


def test_red_is_read_from_the_status_by_curl_itself(machine: Machine, unpacked: Mapping[str, Path]) -> None:
    text = (unpacked["myclothes-worker"] / READY).read_text()
    assert "--fail-with-body" in text
    assert os.access(unpacked["myclothes-worker"] / READY_AGAIN, os.X_OK)

"""What befalls `make run`: a second one, the end of a part, the end of the parent, a disk that cannot be written."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from beanstalk.commands import ROOT
from tests.support.laptop import Laptop
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data that every start but the first finds there already."""
    return tmp_path_factory.mktemp("laptop") / "var"


def test_a_second_one_in_the_same_folder_is_refused(start_laptop: Callable[..., Laptop], var: Path) -> None:
    start_laptop(var).wait_until_up()
    second = start_laptop(var)
    assert second.wait() == 1
    assert second.output == f"{var} is in use: the sites run already (stop them with Ctrl-C in their terminal)\n"
    reset = subprocess.run(
        [sys.executable, "-m", "beanstalk", "reset"], cwd=ROOT, env=second.environ, capture_output=True, text=True
    )
    assert (reset.returncode, reset.stderr) == (1, second.output)


def test_when_a_part_ends_it_says_so_and_ends_the_rest(start_laptop: Callable[..., Laptop], var: Path) -> None:
    laptop = start_laptop(var)
    laptop.wait_until_up()
    os.kill(pid_of(laptop, "myclothes.worker"), signal.SIGKILL)
    assert laptop.wait() == 1
    assert laptop.output.splitlines()[-1].startswith("myclothes worker was ended by SIGKILL: ")
    assert laptop.left() == []


def pid_of(laptop: Laptop, app: str) -> int:
    """The gunicorn master of one tier: the oldest process that has this name in its environment."""
    found = [
        pid for pid in laptop.left() if f"APP={app}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    ]
    return min(found)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's kernel tells a child that its parent is gone")
def test_nobody_stays_behind_when_the_parent_is_killed(start_laptop: Callable[..., Laptop], var: Path) -> None:
    laptop = start_laptop(var)
    laptop.wait_until_up()
    laptop.process.kill()
    wait_until(lambda: laptop.left() == [], 10)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("size=8m", ": only 8 MB are free on its disk; free some, 32 MB at the least"),
        ("size=64m,ro", ": is on a disk that is read-only"),
    ],
)
def test_a_disk_that_cannot_be_written_is_one_line(
    start_laptop: Callable[..., Laptop], tmp_path: Path, options: str, says: str
) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", tmp_path]).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        laptop = start_laptop(tmp_path)
        assert laptop.wait() == 1
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert laptop.output.splitlines()[0].endswith(says)
    assert laptop.output.count("\n") == 1

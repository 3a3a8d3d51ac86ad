"""The whole of `make run` but the preparation of the machine, on whatever Python runs the tests."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from beanstalk.commands import ROOT
from beanstalk.probe import answer
from tests.support.laptop import Laptop
from tests.support.waiting import wait_until

LOCAL = [sys.executable, "-m", "beanstalk", "local"]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data that every start but the first finds there already."""
    return tmp_path_factory.mktemp("laptop") / "var"


@pytest.fixture
def start(var: Path) -> Iterator[Callable[..., Laptop]]:
    started: list[Laptop] = []

    def run(folder: Path = var, **environ: str) -> Laptop:
        started.append(Laptop(LOCAL, ROOT, folder, environ))
        return started[-1]

    yield run
    for laptop in started:
        laptop.end()


def test_three_sites_and_their_workers_run_until_ctrl_c(start: Callable[..., Laptop]) -> None:
    laptop = start()
    laptop.wait_until_up()
    for url in laptop.urls:
        assert url in laptop.output
        assert answer(f"{url}/health/live")[0] == 200
        assert answer(f"{url}/health/ready")[0] == 200
        assert json.loads(answer(f"{url}/whoami")[1])["tier"] == "web"
    # Three web tiers of a master and two processes each, three workers of one process each, and the queue daemon.
    assert len(laptop.left()) >= 1 + 3 * 3 + 3 * 2 + 1

    assert laptop.interrupt() < 5
    assert laptop.process.returncode == 0
    assert laptop.left() == []
    assert "Traceback" not in laptop.output


def test_it_starts_again_in_less_than_five_seconds_with_the_same_data(start: Callable[..., Laptop], var: Path) -> None:
    first = start()
    first.wait_until_up()
    kept = {path: path.read_bytes() for path in (var / "secret-key", var / "myclothes" / "seeded")}
    first.process.send_signal(signal.SIGTERM)
    assert first.wait() == 0

    # Whoever else is busy on this machine leaves us a share of it only, and the quickest of three starts tells.
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert min(seconds_to_start(start()) for _ in range(3)) < 5 * busy
    assert {path: path.read_bytes() for path in kept} == kept


def seconds_to_start(laptop: Laptop) -> float:
    seconds = laptop.wait_until_up()
    laptop.interrupt()
    assert "the database is up to date now" not in laptop.output
    return seconds


def test_a_second_one_in_the_same_folder_is_refused(start: Callable[..., Laptop], var: Path) -> None:
    start().wait_until_up()
    second = start()
    assert second.wait() == 1
    assert second.output == f"{var} is in use: the sites run already (stop them with Ctrl-C in their terminal)\n"
    reset = subprocess.run([*LOCAL[:-1], "reset"], cwd=ROOT, env=second.environ, capture_output=True, text=True)
    assert (reset.returncode, reset.stderr) == (1, second.output)


def test_when_a_part_ends_it_says_so_and_ends_the_rest(start: Callable[..., Laptop]) -> None:
    laptop = start()
    laptop.wait_until_up()
    os.kill(pid_of(laptop, "myclothes.worker"), signal.SIGKILL)
    assert laptop.wait() == 1
    assert laptop.output.splitlines()[-1].startswith("myclothes worker was ended by SIGKILL: ")
    assert laptop.left() == []


def test_nobody_stays_behind_when_the_parent_is_killed(start: Callable[..., Laptop]) -> None:
    laptop = start()
    laptop.wait_until_up()
    laptop.process.kill()
    wait_until(lambda: laptop.left() == [], 10)


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"MYCLOTHES_PORT": "high"}, "MYCLOTHES_PORT: got 'high', takes a port from 1 to 65535\n"),
        ({"SESSION_URL": "floppy:"}, "SESSION_URL: got a URL of scheme 'floppy', takes "),
        ({"VAR_DIR": "/dev/null/var"}, "/dev/null/var: Not a directory\n"),
    ],
)
def test_what_stops_the_start_is_one_line(start: Callable[..., Laptop], environ: dict[str, str], says: str) -> None:
    laptop = start(**environ)
    assert laptop.wait() == 1
    assert laptop.output.startswith(says)
    assert laptop.output.count("\n") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("size=8m", ": only 8 MB are free on its disk; free some, 32 MB at the least"),
        ("size=64m,ro", ": is on a disk that is read-only"),
    ],
)
def test_a_disk_that_cannot_be_written_is_one_line(
    start: Callable[..., Laptop], tmp_path: Path, options: str, says: str
) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", tmp_path]).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        laptop = start(tmp_path)
        assert laptop.wait() == 1
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert laptop.output.splitlines()[0].endswith(says)
    assert laptop.output.count("\n") == 1


def pid_of(laptop: Laptop, app: str) -> int:
    """The gunicorn master of one tier: the oldest process that has this name in its environment."""
    found = [
        pid for pid in laptop.left() if f"APP={app}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    ]
    return min(found)

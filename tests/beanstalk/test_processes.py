import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from beanstalk import processes
from tests.support.waiting import wait_until

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)
WITH_A_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]).wait()"


@pytest.fixture
def started() -> Iterator[list[processes.Process]]:
    started: list[processes.Process] = []
    yield started
    for process in started:
        processes.kill(process)


def start(script: str, started: list[processes.Process]) -> processes.Process:
    """Start Python on a script and wait for its first line."""
    output, inlet = os.pipe()
    process = processes.spawn([sys.executable, "-c", script], dict(os.environ), Path.cwd(), inlet)
    os.close(inlet)
    started.append(process)
    with os.fdopen(output) as lines:
        assert lines.readline() == "ready\n"
    return process


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_that_ignores_the_request_is_ended_after_the_given_time(started: list[processes.Process]) -> None:
    process = start(STUBBORN, started)
    processes.stop([process], 0.2)
    assert processes.how(process) == "was ended by SIGKILL"


def test_nothing_of_a_group_is_left_when_its_leader_has_ended(started: list[processes.Process]) -> None:
    process = start(WITH_A_CHILD, started)
    processes.stop([process], 5)
    assert processes.how(process) == "was ended by SIGTERM"
    wait_until(lambda: not is_alive(process.pid))


def test_a_signal_to_our_own_group_does_not_reach_it(started: list[processes.Process]) -> None:
    process = start(STUBBORN, started)
    assert os.getpgid(process.pid) == process.pid != os.getpgid(0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's kernel tells a child that its parent is gone")
def test_it_ends_when_its_parent_is_killed() -> None:
    child = "import signal, time; print('ready', flush=True); signal.pause()"
    parent = (
        "import os, sys\nfrom pathlib import Path\nfrom beanstalk import processes\n"
        f"child = processes.spawn([sys.executable, '-c', {child!r}], dict(os.environ), Path.cwd(), 1)\n"
        "print(child.pid, flush=True)\nchild.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = {process.stdout.readline().strip(), process.stdout.readline().strip()}
        (pid,) = lines - {"ready"}
        process.send_signal(signal.SIGKILL)
        wait_until(lambda: not is_alive(int(pid)))

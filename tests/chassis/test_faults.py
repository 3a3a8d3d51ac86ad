"""A lesson's faults do what they say, spare the way out, and end by themselves."""

import subprocess
import sys
import time
from pathlib import Path

from apps.chassis.app import Application
from apps.chassis.faults import LONGEST_SECONDS, Fault, Faults
from tests.chassis.tiny import tiny_app


def faulty(folder: Path) -> tuple[Application, Faults]:
    app = tiny_app(folder, FAULTS="1")
    assert app.faults is not None
    return app, app.faults


def test_there_are_no_faults_unless_the_settings_say_so(tmp_path: Path) -> None:
    assert tiny_app(tmp_path).faults is None


def test_a_failing_instance_still_passes_a_shallow_health_check(tmp_path: Path) -> None:
    app, faults = faulty(tmp_path)
    client = app.test_client()
    faults.begin(Fault.FAIL, 60)
    assert client.get("/").status_code == 500
    assert client.get("/health/ready").status_code == 500
    assert client.get("/health/live").status_code == 200
    # The page that ends it is not among what fails; this site has none.
    assert client.get("/admin/faults").status_code == 404
    faults.end()
    assert client.get("/").status_code == 200


def test_a_slow_instance_answers_late(tmp_path: Path) -> None:
    app, faults = faulty(tmp_path)
    faults.begin(Fault.SLOW, 60, 0.3)
    started = time.monotonic()
    assert app.test_client().get("/").status_code == 200
    assert time.monotonic() - started >= 0.3


def test_a_hanging_instance_answers_nothing_until_it_is_over(tmp_path: Path) -> None:
    app, faults = faulty(tmp_path)
    faults.begin(Fault.HANG, 1)
    assert 0 < faults.remaining(Fault.HANG) <= 1
    assert app.test_client().get("/health/live").status_code == 200
    assert faults.remaining(Fault.HANG) == 0


def test_a_hanging_instance_can_be_stopped(tmp_path: Path) -> None:
    app, faults = faulty(tmp_path)
    faults.begin(Fault.HANG, 60)
    app.is_serving = lambda: False
    started = time.monotonic()
    assert app.test_client().get("/").status_code == 200
    assert time.monotonic() - started < 30


def test_no_fault_lasts_longer_than_two_minutes(tmp_path: Path) -> None:
    _, faults = faulty(tmp_path)
    faults.begin(Fault.FAIL, 10_000)
    assert faults.remaining(Fault.FAIL) <= LONGEST_SECONDS


# A process of its own, since what other tests hold here may be given back at any moment.
TAKES_MEMORY = """
import re
from pathlib import Path
from unittest.mock import Mock
from apps.chassis.faults import Fault, Faults

def resident_kilobytes():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

faults = Faults(Mock(), Mock())
before = resident_kilobytes()
faults.begin(Fault.MEMORY, 60, 64)
print(resident_kilobytes() - before)
"""


def test_memory_is_really_taken() -> None:
    told = subprocess.run([sys.executable, "-c", TAKES_MEMORY], capture_output=True, text=True, check=True)
    assert int(told.stdout) > 50 * 1024

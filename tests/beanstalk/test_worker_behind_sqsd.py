"""Daemon and worker together: a worker killed in the middle of a job, and messages delivered twice."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.chassis.jobs import Message
from tests.beanstalk.conftest import TRIES, Rig
from tests.chassis.workshop import effects, workshop
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]


class Killable:
    """The workshop in a process of its own."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.chassis.workshop", str(folder)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def kill(self) -> None:
        """Die at once; a second time does nothing."""
        with self.process:
            self.process.kill()


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[Killable]:
    worker = Killable(tmp_path / "var")
    yield worker
    worker.kill()


def test_the_job_of_a_killed_worker_is_done_by_the_next_and_does_not_become_a_dead_letter(
    patient_rig: Rig, killable: Killable, tmp_path: Path
) -> None:
    marker = tmp_path / "begun"
    patient_rig.send(Message.new("note_the_first_time_slowly", {"marker": str(marker)}).encode())
    first = patient_rig.daemon(killable.url)
    wait_until(marker.exists, 20)
    killable.kill()
    first.stop()
    again = Killable(tmp_path / "var")
    app = workshop(tmp_path / "var")
    try:
        # Its claim lives on for a while, longer than all tries would last if each were refused at once.
        patient_rig.daemon(again.url)
        wait_until(lambda: effects(app) == ["second"], 20)
        assert patient_rig.dead_letters().dead() == []
    finally:
        again.kill()
        assert app.database is not None
        app.database.dispose()


def test_a_message_sent_twice_has_its_effect_once(rig: Rig, killable: Killable, tmp_path: Path) -> None:
    message = Message.new("note", {"name": "Ann"}).encode()
    for _ in range(4):
        rig.send(message)
    rig.send(Message.new("note", {"name": "last"}).encode())
    rig.send(Message.new("unknown", {}).encode())
    for _ in range(2):
        rig.daemon(killable.url)
    dead = wait_until(lambda: rig.dead_letters().dead(), 20)
    assert [(Message.decode(letter.message.body).job, letter.message.receive_count) for letter in dead] == [
        ("unknown", dead[0].message.receive_count)
    ]
    assert dead[0].message.receive_count >= TRIES
    app = workshop(tmp_path / "var")
    try:
        wait_until(lambda: len(effects(app)) == 2, 10)
        assert sorted(effects(app)) == ["Ann", "last"]
    finally:
        assert app.database is not None
        app.database.dispose()

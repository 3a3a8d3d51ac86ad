"""Queues of both kinds, and daemons that are stopped after each test."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from apps.chassis.jobs.deadletters import DeadLetters, open_dead_letters
from apps.chassis.jobs.received import Attribute
from apps.chassis.jobs.sqlite import SqliteQueue
from apps.chassis.jobs.sqs import SqsQueue
from apps.chassis.sqlite import path_of
from beanstalk.sqsd import Daemon, Options
from tests.beanstalk.listening import Answer, Listener
from tests.services.ministack import Ministack
from tests.support import bundles

TRIES = 3


@dataclass
class Rig:
    """A queue of one kind, and daemons in quick motion for it."""

    url: str
    tries: int
    table: str | None = None
    daemons: list[Daemon] = field(default_factory=list)

    def send(self, body: str, **attributes: Attribute) -> None:
        queue = SqliteQueue(path_of(self.url)) if self.url.startswith("sqlite") else SqsQueue(self.url)
        queue.send(body, attributes)

    def dead_letters(self) -> DeadLetters:
        return open_dead_letters(self.url)

    def daemon(self, target: str, **options: Any) -> Daemon:
        quick = {
            "error_visibility_timeout": 0,
            "visibility_timeout": 30,
            "inactivity_timeout": 10,
            "max_retries": self.tries,
        }
        daemon = Daemon(Options(queue=self.url, target=target, registry_table=self.table, **(quick | options)))
        self.daemons.append(daemon)
        daemon.start()
        return daemon


@pytest.fixture(params=["sqlite", "sqs"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A queue that gives up on a message after three tries."""
    yield from rig_of(request, tmp_path, TRIES)


@pytest.fixture(params=["sqlite", "sqs"])
def patient_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A queue that gives a message as many tries as Beanstalk's does."""
    yield from rig_of(request, tmp_path, 10)


def rig_of(request: pytest.FixtureRequest, folder: Path, tries: int) -> Iterator[Rig]:
    if request.param == "sqlite":
        made = Rig(f"sqlite:///{folder}/queue.sqlite3", tries)
    else:
        server: Ministack = request.getfixturevalue("ministack")
        name = f"queue-{uuid.uuid4().hex}"
        made = Rig(server.create_queue(name, max_receive_count=tries), tries, f"{name}-registry")
    yield made
    for daemon in made.daemons:
        daemon.stop()


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    """Starts workers that only listen."""
    listeners: list[Listener] = []

    def start(answer: Answer = lambda heard: 200, port: int = 0) -> Listener:
        listeners.append(Listener(answer, port))
        return listeners[-1]

    yield start
    for listener in listeners:
        listener.stop()


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds this working tree; a test that changes it takes a clone."""
    return bundles.repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="session")
def made(repository: Path) -> Mapping[str, Path]:
    """All six bundles, by names such as `myclothes-web`."""
    return bundles.made(repository)


@pytest.fixture(scope="session")
def unpacked(made: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """All six bundles as folders."""
    return {name: bundles.unpack(file, tmp_path_factory.mktemp(name)) for name, file in made.items()}


@pytest.fixture(scope="session")
def venvs(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the requirements of bundles are installed; most of what a first deployment takes."""
    cache = getattr(pytestconfig, "cache", None)
    return cache.mkdir("beanstalk-venvs") if cache else tmp_path_factory.mktemp("venvs")

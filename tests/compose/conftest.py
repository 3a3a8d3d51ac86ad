"""One running architecture for all tests that are marked `compose`, beside any that a person may have started."""

import subprocess
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from compose.control import Control, running
from compose.engine import Engine
from compose.switches import Switches

# The other Pythons have no browser.
collect_ignore = [] if find_spec("playwright") else ["test_sites.py"]
# Names, addresses and ports of its own.
OWN = {"project": "classictest", "subnet": "10.211", "port": 18080, "statistics_port": 18404, "names_port": 18053}


@pytest.fixture(scope="session")
def architecture() -> Iterator[Control]:
    """The default architecture, healthy; a test that breaks something heals it."""
    _require_docker()
    with running(Switches(**OWN)) as control:  # type: ignore[arg-type]
        yield control
    assert control.leftovers() == []


@pytest.fixture
def healed(architecture: Control) -> Iterator[Control]:
    """The same, for a test that breaks something: whatever it is, it is healthy again afterwards."""
    yield architecture
    architecture.heal()
    architecture.wait()


def _require_docker() -> None:
    done = subprocess.run(["docker", "version"], env=dict(Engine.of_this_machine().environ), capture_output=True)
    if done.returncode:
        pytest.fail(f"no Docker engine answers: {done.stderr.decode()[-300:]}")

"""Instances that are stopped after each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services.platform import Platform


@pytest.fixture
def platform(tmp_path: Path, venvs: Path) -> Iterator[Callable[..., Platform]]:
    """Makes an instance, which is not started: `platform("myclothes", "web").start(bundle)`."""
    yield from _platforms(tmp_path, venvs)


@pytest.fixture(scope="module")
def lasting_platform(tmp_path_factory: pytest.TempPathFactory, venvs: Path) -> Iterator[Callable[..., Platform]]:
    """The same for all tests of a module."""
    yield from _platforms(tmp_path_factory.mktemp("lasting"), venvs)


def _platforms(folder: Path, venvs: Path) -> Iterator[Callable[..., Platform]]:
    made: list[Platform] = []

    def make(app: str, tier: str) -> Platform:
        made.append(Platform(app, tier, folder / "var", venvs))
        return made[-1]

    yield make
    for one in made:
        one.stop()

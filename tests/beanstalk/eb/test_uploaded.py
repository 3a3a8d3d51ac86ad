"""What `eb` uploaded and sent, run as the platform would."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.beanstalk.eb.account import Account
from tests.beanstalk.eb.test_creating import create, render
from tests.services.elasticbeanstalk_environment import REGION
from tests.services.platform import Platform

pytestmark = pytest.mark.long

VARIABLES = "aws:elasticbeanstalk:application:environment"
# A queue of AWS, which is not here.
ELSEWHERE = {"QUEUE_URL"}
# What SHOW_ARCHITECTURE shows on each page.
STRIP = 'class="strip"'


@pytest.fixture
def platform(tmp_path: Path, venvs: Path) -> Iterator[Callable[[str], Platform]]:
    """Makes an instance of WhatIsTheTime for a tier."""
    made: list[Platform] = []

    def make(tier: str) -> Platform:
        made.append(Platform("whatisthetime", tier, tmp_path / "var", venvs))
        return made[-1]

    yield make
    for one in made:
        one.stop()


class Uploaded:
    """What an environment's instances would be given."""

    def __init__(self, account: Account, name: str, folder: Path) -> None:
        self._account, self._name, self._folder = account, name, folder

    def bundle(self) -> Path:
        """The version that is deployed, downloaded."""
        environment = self._account.region.environment(self._name)
        file = self._folder / f"{environment.version}.zip"
        file.write_bytes(self._account.region.bundle(environment.app, environment.version))
        return file

    def variables(self) -> dict[str, str]:
        """The environment's variables, but for those that name what is in AWS only."""
        effective = self._account.region.environment(self._name).effective
        named = {name: value for (namespace, name), value in effective.items() if namespace == VARIABLES}
        return {name: value for name, value in named.items() if name not in ELSEWHERE}


def test_a_site_is_created_changed_and_deployed_again(
    account: Account, platform: Callable[[str], Platform], tmp_path: Path
) -> None:
    render(account, "whatisthetime", "web", "dev")
    create(account, "whatisthetime", "web", "dev")
    uploaded = Uploaded(account, "whatisthetime-dev", tmp_path)
    site = platform("web")
    site.start(uploaded.bundle(), **uploaded.variables())
    host = uploaded.variables()["PUBLIC_URL"].removeprefix("http://")
    assert STRIP in site.get("/", Host=host).body
    account.eb("whatisthetime-web", "setenv", "-e", "whatisthetime-dev", "SHOW_ARCHITECTURE=0")
    assert site.setenv(f"SHOW_ARCHITECTURE={uploaded.variables()['SHOW_ARCHITECTURE']}").returncode == 0
    account.eb("whatisthetime-web", "deploy", "whatisthetime-dev", "--region", REGION)
    assert site.deploy(uploaded.bundle()).returncode == 0
    page = site.get("/", Host=host)
    assert (page.status, STRIP in page.body) == (200, False)


def test_a_worker_is_created(account: Account, platform: Callable[[str], Platform], tmp_path: Path) -> None:
    render(account, "whatisthetime", "worker", "prod")
    create(account, "whatisthetime", "worker", "prod")
    uploaded = Uploaded(account, "whatisthetime-prod-worker", tmp_path)
    worker = platform("worker")
    worker.start(uploaded.bundle(), **uploaded.variables())
    assert worker.get("/health/ready").status == 200

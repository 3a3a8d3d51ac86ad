"""The balancer under load: instances are replaced, hang or die, and visitors are served."""

import time
from contextlib import ExitStack

import pytest

from compose.control import Control, until
from compose.rolling import roll
from compose.sites import APPS
from lab.load.answers import Answers
from lab.load.openloop import Load, asking
from lab.load.visitor import Site

pytestmark = pytest.mark.compose

PAGES = {"whatisthetime": "/api/timezone/Asia/Seoul", "myclothes": "/shelves/accessories", "mywordpress": "/"}
RATE = 10.0


def load(control: Control, app: str) -> Load:
    return Load(Site(f"{app}.localhost", control.plan.switches.port), RATE, asking(PAGES[app]))


def test_a_rolling_replacement_of_all_web_instances_fails_no_request(architecture: Control) -> None:
    webs = [service.name for service in architecture.plan.of(role="web")]
    before = architecture.containers()
    with ExitStack() as under_way:
        sites = [under_way.enter_context(load(architecture, app)) for app in APPS]
        roll(architecture)
    after = architecture.containers()
    assert all(after[name].id != before[name].id for name in webs)
    for site in sites:
        assert len(site.answers) > 100
        assert site.answers.failed.outcomes == {}
        assert len(site.answers.instances) == 2


@pytest.mark.parametrize("zone", ["a", "b"])
def test_a_killed_zone_fails_at_most_the_requests_in_flight(healed: Control, zone: str) -> None:
    with load(healed, "whatisthetime") as times:
        until(lambda: len(times.answers.instances) == 2, 10, "both instances answer")
        killed_at = time.monotonic()
        healed.kill_zone(zone)
        died_at = time.monotonic()
        until(lambda: serves_since(times.answers, died_at + 3), 15, "the other zone serves")
    assert times.answers.between(died_at, died_at + 60).failed.outcomes == {}
    assert len(times.answers.between(0, died_at).failed) <= RATE * (died_at - killed_at) + 1
    assert max(answer.latency for answer in times.answers.between(died_at, died_at + 60)) < 3


def serves_since(answers: Answers, moment: float) -> bool:
    return len(answers.between(moment, moment + 60)) > RATE


def test_an_instance_that_hangs_is_left_within_five_seconds(healed: Control) -> None:
    healed.pause("whatisthetime-1")
    until(lambda: not healed.balancer.targets()["whatisthetime-1"].serves, 5, "the balancer leaves it")
    with load(healed, "whatisthetime") as times:
        until(lambda: len(times.answers) > 2 * RATE, 10, "visitors are served")
    assert times.answers.failed.outcomes == {}
    assert set(times.answers.instances) == {"whatisthetime-2"}


def test_a_drained_instance_gets_nobody_new(architecture: Control) -> None:
    architecture.balancer.drain("myclothes-2")
    try:
        with load(architecture, "myclothes") as shop:
            until(lambda: len(shop.answers) > 2 * RATE, 10, "visitors are served")
    finally:
        architecture.balancer.ready("myclothes-2")
    assert set(shop.answers.instances) == {"myclothes-1"}


@pytest.mark.parametrize("app", APPS)
def test_a_name_of_the_name_server_means_the_same_site(architecture: Control, app: str) -> None:
    site = Site(f"{app}.test", architecture.plan.switches.port)
    with Load(site, RATE, asking(PAGES[app])) as visits:
        until(lambda: len(visits.answers) > 4, 10, "visitors are served")
    assert visits.answers.failed.outcomes == {}

"""The name server's answers, asked as anybody on this machine can ask."""

import asyncio

import pytest

from compose.control import Control, until
from lab.load.names import by_dns

pytestmark = pytest.mark.compose
NAME = "whatisthetime.test"


def look_up(control: Control, name: str) -> tuple[set[str], int]:
    """The addresses of a name, and for how many seconds they hold."""
    return asyncio.run(_asked(control.plan.switches.names_port, name))


async def _asked(port: int, name: str) -> tuple[set[str], int]:
    addresses, ttl = await by_dns(port=port)(name)
    return set(addresses), ttl


def instances(control: Control) -> tuple[str, str]:
    """The addresses of the site's instances."""
    first, second = control.plan.of(role="web", app="whatisthetime")
    ((one, _),), ((two, _),) = control.plan.plan.listening(first), control.plan.plan.listening(second)
    return one, two


def always_told(control: Control, name: str) -> set[str]:
    """All that a name tells to twenty people, one after the other."""
    return set().union(*(look_up(control, name)[0] for _ in range(20)))


def test_the_name_of_a_site_is_that_of_its_balancer(architecture: Control) -> None:
    address = architecture.plan.plan.address(architecture.plan.services["balancer"], "edge")
    assert look_up(architecture, NAME) == ({address}, 60)


def test_plain_names_go_on_telling_an_instance_that_hangs_and_checked_ones_do_not(healed: Control) -> None:
    first, second = instances(healed)
    until(lambda: always_told(healed, f"healthy.{NAME}") == {first, second}, 20, "both are told")
    healed.pause("whatisthetime-1")
    until(lambda: always_told(healed, f"healthy.{NAME}") == {second}, 20, "only the second is told")
    assert look_up(healed, f"instances.{NAME}") == ({first, second}, 60)


def test_a_weighted_name_tells_the_first_instance_nine_times_of_ten(architecture: Control) -> None:
    first, second = instances(architecture)
    told = [look_up(architecture, f"weighted.{NAME}")[0] for _ in range(200)]
    assert 150 < told.count({first}) < 200
    assert told.count({first}) + told.count({second}) == 200

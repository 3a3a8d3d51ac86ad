"""The architecture as data: zones, addresses, groups and what follows from them."""

from collections import Counter
from ipaddress import ip_network

import pytest

from compose.switches import Switches
from compose.topology import Topology, topology

ALL_IN_USE = Switches(instances=9, workers=4, storage="ebs")


@pytest.fixture(params=[Switches(), ALL_IN_USE], ids=["default", "largest"])
def plan(request: pytest.FixtureRequest) -> Topology:
    return topology(request.param)


def reached(plan: Topology, client: str) -> set[str]:
    return {grant.server.name for grant in plan.plan.grants if grant.client.name == client}


def test_no_two_services_have_one_address(plan: Topology) -> None:
    addresses = [
        plan.plan.address(service, network)
        for service in plan.services.values()
        for network in plan.plan.networks_of(service)
    ]
    assert [address for address, times in Counter(addresses).items() if times > 1] == []


def test_networks_do_not_overlap(plan: Topology) -> None:
    subnets = [ip_network(subnet) for subnet in plan.plan.networks().values()]
    assert len(set(subnets)) == len(subnets)
    assert not any(one.overlaps(other) for one in subnets for other in subnets if one is not other)


def test_a_site_reaches_its_endpoints_and_no_server_behind_them(plan: Topology) -> None:
    assert reached(plan, "myclothes-1") == {"relay-a", "database-reader", "cache-endpoint-a", "cloud"}
    assert reached(plan, "mywordpress-2") == {"relay-b", "database-reader", "cache-endpoint-b", "cloud"}
    assert reached(plan, "mywordpress-worker-1") == reached(plan, "myclothes-1")
    assert reached(plan, "whatisthetime-1") == set()


def test_instances_are_reached_by_the_balancer_alone(plan: Topology) -> None:
    clients = {grant.client.name for grant in plan.plan.grants if grant.server.role == "web"}
    assert clients == {"balancer"}


def test_two_instances_share_no_network_on_which_either_listens(plan: Topology) -> None:
    for web in plan.of(role="web"):
        ((address, _),) = plan.plan.listening(web, "web")
        (network,) = {n for n in plan.plan.networks_of(web) if plan.plan.address(web, n) == address}
        on_it = [s.name for s in plan.services.values() if network in plan.plan.networks_of(s)]
        assert sorted(on_it) == sorted(["balancer", web.name])


def test_zones_a_and_b_can_serve_alone() -> None:
    plan = topology(Switches())
    for zone in "ab":
        roles = {service.role for service in plan.of(zone=zone)}
        assert {"web", "database", "relay", "cache", "cache-endpoint", "sentinel"} <= roles
        assert {service.app for service in plan.of(zone=zone, role="web")} == {
            "whatisthetime",
            "myclothes",
            "mywordpress",
        }


def test_the_third_zone_holds_only_arbiters() -> None:
    assert {service.role for service in topology(Switches()).of(zone="c")} == {"sentinel", "promoter"}


def test_a_shared_mount_is_one_volume_and_own_disks_are_one_each() -> None:
    def disks(storage: str) -> list[str]:
        webs = topology(Switches(storage=storage)).of(role="web", app="mywordpress")
        return [web.volumes["/mnt/media"] for web in webs]

    assert disks("efs") == ["media", "media"]
    assert disks("ebs") == ["media-1", "media-2"]


def test_each_volume_of_secrets_is_read_by_one_kind_of_service_alone() -> None:
    readers: dict[str, set[str]] = {}
    for service in topology(Switches()).services.values():
        for path, volume in service.volumes.items():
            if path == "/secrets":
                readers.setdefault(volume, set()).add(service.app or service.role)
                assert "/secrets" in service.read_only
    assert readers == {
        "secrets-whatisthetime": {"whatisthetime"},
        "secrets-myclothes": {"myclothes"},
        "secrets-mywordpress": {"mywordpress"},
        "secrets-database": {"database"},
        "secrets-promoter": {"promoter"},
        "secrets-cache": {"cache", "sentinel"},
        "secrets-cache-endpoint": {"cache-endpoint"},
    }

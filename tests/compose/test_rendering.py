"""compose.yaml and the balancer's configuration, as they follow from the topology."""

from typing import Any

import pytest
import yaml

from compose import render
from compose.control import FOUND_HEALTHY
from compose.files import ROOT, files_of
from compose.switches import Switches
from compose.topology import topology


def rendered(switches: Switches) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(render.text(topology(switches), "./haproxy.cfg"))
    return found


def test_what_is_committed_is_what_is_rendered() -> None:
    plan = topology(Switches())
    files = files_of(plan)
    assert files.compose == ROOT / "compose.yaml"
    assert files.compose.read_text() == render.text(plan, "./docker/balancer/haproxy.cfg")
    assert files.balancer.read_text() == plan.balancer_config


def test_another_architecture_leaves_what_is_committed_alone() -> None:
    files = files_of(topology(Switches(instances=3)))
    assert ROOT / "var" in files.compose.parents
    assert ROOT / "var" in files.balancer.parents


def test_every_container_is_confined() -> None:
    for name, service in rendered(Switches())["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert int(service["mem_limit"].removesuffix("m")) <= 384, name
        assert service["user"] == ("0:0" if name == "keeper" else "10001:10001"), name


def test_nothing_is_published_beyond_this_machine() -> None:
    ports = [port for service in rendered(Switches())["services"].values() for port in service.get("ports", [])]
    assert len(ports) == 4
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_only_what_is_published_has_a_way_out() -> None:
    networks = rendered(Switches())["networks"]
    assert [name for name, network in networks.items() if not network["internal"]] == ["edge", "names"]
    services = rendered(Switches())["services"].items()
    out = {name for name, service in services if {"edge", "names"} & set(service.get("networks", ()))}
    assert out == {"balancer", "names"}


def test_a_site_knows_its_own_zones_endpoints_by_one_name() -> None:
    services = rendered(Switches())["services"]
    for instance, zone in (("myclothes-1", "a"), ("myclothes-2", "b")):
        hosts = services[instance]["extra_hosts"]
        assert hosts["writer"] == hosts[f"relay-{zone}"]
        assert hosts["cache"] == hosts[f"cache-endpoint-{zone}"]
        assert hosts["reader"] == hosts["database-reader"]


def test_each_image_is_built_by_one_service() -> None:
    services = rendered(Switches())["services"].values()
    built = [service["build"]["target"] for service in services if "build" in service]
    assert sorted(built) == ["app", "balancer", "cache", "cloud", "database", "names"]
    assert all("build" in service or service["pull_policy"] == "never" for service in services)


@pytest.mark.parametrize(
    ("switches", "holds", "lacks"),
    [
        (Switches(), "option httpchk GET /health/live", "cookie"),
        (Switches(health="ready"), "option httpchk GET /health/ready", "/health/live"),
        (Switches(health="none"), "server myclothes-2", "check"),
        (Switches(sticky=True), "cookie AWSALB insert indirect nocache", "balance source"),
    ],
)
def test_the_balancer_follows_the_switches(switches: Switches, holds: str, lacks: str) -> None:
    backends = topology(switches).balancer_config.partition("\nbackend ")[2]
    assert holds in backends
    assert lacks not in backends


def test_only_what_is_harmless_twice_is_asked_twice() -> None:
    config = topology(Switches()).balancer_config
    assert "http-request disable-l7-retry unless METH_GET" in config


def test_no_password_stands_in_the_file() -> None:
    text = render.text(topology(Switches()), "./haproxy.cfg")
    assert "{database_password}" in text
    assert "SECRET_KEY" not in text


def test_each_health_check_that_asks_seldom_does_so_by_the_file_that_is_taken_away_to_have_it_asked() -> None:
    checks = [path.read_text() for path in (ROOT / "docker").glob("*/heal*")]
    seldom = [check for check in checks if "sleep" in check]
    assert len(seldom) >= 6
    assert all(f"-e {FOUND_HEALTHY} ]" in check and f"touch {FOUND_HEALTHY}" in check for check in seldom)

"""Who may connect where: every pair is tried from inside the containers."""

import pytest

from compose.control import Control
from tests.compose.connections import all_reached, allowed_from, clients, reached_from

pytestmark = pytest.mark.compose


def test_every_allowed_connection_opens_and_no_other_one_does(architecture: Control) -> None:
    allowed = {service.name: allowed_from(architecture, service) for service in clients(architecture)}
    assert all_reached(architecture) == allowed
    assert sum(map(len, allowed.values())) > 50


@pytest.mark.parametrize(("service", "network"), [("myclothes-1", "database-servers"), ("whatisthetime-1", "cloud")])
def test_it_is_the_networks_that_forbid(architecture: Control, service: str, network: str) -> None:
    intruder = architecture.plan.services[service]
    architecture.connect(service, network)
    try:
        assert reached_from(architecture, intruder) - allowed_from(architecture, intruder)
    finally:
        architecture.disconnect(service, network)
    assert reached_from(architecture, intruder) == allowed_from(architecture, intruder)


def test_what_has_docker_s_socket_or_all_secrets_has_no_network(architecture: Control) -> None:
    for service in ("keeper", "secrets"):
        (container,) = architecture.engine.inspect(architecture.name(service))
        assert list(container["NetworkSettings"]["Networks"]) == ["none"]

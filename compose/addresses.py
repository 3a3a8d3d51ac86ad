"""Networks and addresses, as they follow from the rules and the services' groups."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from compose.rules import RULES, Rule, subnet_number
from compose.services import Service


@dataclass(frozen=True, slots=True)
class Grant:
    """This client may connect to this server, at this address and port of this network."""

    client: Service
    server: Service
    network: str
    address: str
    port: int


@dataclass(frozen=True)
class Plan:
    """Who has which address. `subnet` is what all addresses begin with, such as 10.210."""

    services: Sequence[Service]
    subnet: str

    def networks(self) -> dict[str, str]:
        """Each network with its addresses, such as 10.210.1.0/24, in their order."""
        names = sorted({name for service in self.services for name in self.networks_of(service)}, key=subnet_number)
        return {name: f"{self.subnet}.{subnet_number(name)}.0/24" for name in names}

    def networks_of(self, service: Service) -> list[str]:
        """The networks on which it is a server or a client of some rule."""
        own = {rule.network_of(service.name) for rule in RULES if rule.servers in service.groups}
        asked = {grant.network for grant in self.grants if grant.client is service}
        return sorted(own | asked, key=subnet_number)

    def address(self, service: Service, network: str) -> str:
        """Its address in a network."""
        return f"{self.subnet}.{subnet_number(network)}.{service.number}"

    def listening(self, service: Service, group: str = "") -> list[tuple[str, int]]:
        """The addresses and ports that it may listen on, or those of one of its groups."""
        groups = (group,) if group else service.groups
        found = {(rule.network_of(service.name), rule.port) for rule in RULES if rule.servers in groups}
        return [(self.address(service, network), port) for network, port in sorted(found)]

    @cached_property
    def grants(self) -> Sequence[Grant]:
        """Every connection that is allowed; whatever is not among them is forbidden."""
        return [
            grant for rule in RULES for server in self.members(rule.servers) for grant in self._grants(rule, server)
        ]

    def members(self, group: str) -> Iterable[Service]:
        """The services of a group."""
        return (service for service in self.services if group in service.groups)

    def _grants(self, rule: Rule, server: Service) -> Iterator[Grant]:
        network = rule.network_of(server.name)
        for client in self.members(rule.clients):
            if client is not server and (client.zone == server.zone or not rule.in_zone):
                yield Grant(client, server, network, self.address(server, network), rule.port)

"""The whole architecture for given switches: every container, network and address."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from compose import balancer
from compose.addresses import Plan
from compose.backing import backing_services, names
from compose.services import Service
from compose.sites import APPS, site_services
from compose.switches import Switches


@dataclass(frozen=True, slots=True)
class Topology:
    """What runs, and who may connect where."""

    switches: Switches
    services: Mapping[str, Service]
    plan: Plan
    balancer_config: str

    def of(self, *, role: str = "", zone: str = "", app: str = "") -> list[Service]:
        """The services that have this role, are in this zone and belong to this site."""
        wanted = {"role": role, "zone": zone, "app": app}
        return [
            service
            for service in self.services.values()
            if all(not value or getattr(service, name) == value for name, value in wanted.items())
        ]

    def url(self, app: str) -> str:
        """Where a visitor finds a site."""
        return f"http://{app}.localhost:{self.switches.port}"


def topology(switches: Switches) -> Topology:
    """The architecture that the switches describe."""
    sites = list(site_services(switches))
    front = Plan([balancer.service(switches), *sites], switches.subnet)
    config = balancer.configuration(switches, front)
    # The label changes with the file, or Docker would go on with the container that read the old one.
    digest = hashlib.sha256(config.encode()).hexdigest()[:12]
    edge = front.address(front.services[0], "edge")
    services = [
        replace(front.services[0], labels={"classic.configuration": digest}),
        names(switches, edge, [f"{app}={','.join(_instances(front, app))}" for app in APPS]),
        *backing_services(switches),
        *sites,
    ]
    return Topology(switches, {service.name: service for service in services}, Plan(services, switches.subnet), config)


def _instances(plan: Plan, app: str) -> list[str]:
    return [plan.listening(web)[0][0] for web in plan.members("web") if web.app == app]

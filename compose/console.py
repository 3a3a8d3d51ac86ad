"""What a person reads in the terminal about the architecture."""

from collections.abc import Mapping
from itertools import groupby

from beanstalk.supervisor import DEMO_ACCOUNTS
from compose.engine import Container
from compose.runtime import Target
from compose.services import Service
from compose.sites import APPS
from compose.topology import Topology

TITLES = {"whatisthetime": "WhatIsTheTime", "myclothes": "MyClothes", "mywordpress": "MyWordPress"}
ZONES = ("a", "b", "c", "region")
ROLES = ("balancer", "names", "web", "worker", "daemon", "relay", "database", "cache-endpoint", "cache", "sentinel",
         "promoter", "cloud", "keeper")  # fmt: skip


class Progress:
    """Prints each service as it becomes healthy."""

    def healthy(self, service: Service, seconds: float) -> None:
        """One line."""
        word = "done" if service.once else "healthy"
        print(f"  {service.name:<24} {word:<8} {seconds:5.1f} s", flush=True)


def places(plan: Topology) -> str:
    """What runs where, zone by zone."""
    lines = []
    for zone in ZONES:
        lines += ["", f"{'zone ' + zone if len(zone) == 1 else 'the region'}"]
        services = [service for service in plan.of(zone=zone) if not service.once]
        services.sort(key=lambda service: ROLES.index(service.role))
        for role, found in groupby(services, key=lambda service: service.role):
            lines.append(f"  {role:<15} {'  '.join(service.name for service in found)}")
    return "\n".join(lines)


def addresses(plan: Topology) -> str:
    """Where to look, and how to sign in."""
    sites = [f"{TITLES[app]:<15} {plan.url(app):<38} {DEMO_ACCOUNTS.get(app, '')}".rstrip() for app in APPS]
    balancer = f"{'the balancer':<15} http://127.0.0.1:{plan.switches.statistics_port}"
    names = f"{'the names':<15} dig @127.0.0.1 -p {plan.switches.names_port} myclothes.test"
    return "\n".join([*sites, balancer, names])


def status(
    plan: Topology, containers: Mapping[str, Container], targets: Mapping[str, Target], leaders: Mapping[str, str]
) -> str:
    """What each service does now, zone by zone; `leaders` are told by what they are."""
    lines = []
    for zone in ZONES:
        for service in plan.of(zone=zone):
            if not service.once:
                told = targets[service.name].status if service.name in targets else leaders.get(service.name, "")
                lines.append(f"{zone:<7} {service.name:<24} {_said(service, containers):<10} {told}".rstrip())
    return "\n".join(lines)


def _said(service: Service, containers: Mapping[str, Container]) -> str:
    container = containers.get(service.name)
    if container is None:
        return "not there"
    return container.health if container.runs and container.health else container.status

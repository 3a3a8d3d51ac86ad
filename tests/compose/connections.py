"""Who can connect to whom, found out by trying."""

from concurrent.futures import ThreadPoolExecutor

from compose.control import Control
from compose.rules import RULES
from compose.services import Service

Pair = tuple[str, int]
# What is refused is so at once; the time is for a busy machine, and for packets that are thrown away unanswered.
# A container may have 200 processes, and each try takes two.
TRY_ALL = """
xargs --max-procs 30 --max-lines=1 timeout 8 bash -c 'exec 3<>"/dev/tcp/$0/$1" && echo "$0 $1"' 2>/dev/null
true
"""


def every_door(control: Control) -> set[Pair]:
    """Each port that anybody listens on, at each address of whoever does."""
    plan = control.plan.plan
    return {
        (plan.address(service, network), rule.port)
        for service in plan.services
        for rule in RULES
        if rule.servers in service.groups
        for network in plan.networks_of(service)
    }


def own_doors(control: Control, service: Service) -> set[Pair]:
    """Those of the service itself."""
    plan = control.plan.plan
    own = {plan.address(service, network) for network in plan.networks_of(service)}
    return {door for door in every_door(control) if door[0] in own}


def reached_from(control: Control, service: Service) -> set[Pair]:
    """The doors of others that open when they are tried from this service's container."""
    doors = every_door(control) - own_doors(control, service)
    tried = "".join(f"{address} {port}\n" for address, port in sorted(doors))
    found = control.execute(service.name, "bash", "-c", TRY_ALL, content=tried).splitlines()
    return {(address, int(port)) for address, port in map(str.split, found)}


def allowed_from(control: Control, service: Service) -> set[Pair]:
    """The doors that the rules let it open."""
    return {(grant.address, grant.port) for grant in control.plan.plan.grants if grant.client is service}


def clients(control: Control) -> list[Service]:
    """Every service that has a network of its own and goes on running."""
    plan = control.plan.plan
    return [service for service in plan.services if plan.networks_of(service) and not service.once]


def all_reached(control: Control) -> dict[str, set[Pair]]:
    """What each service reaches."""
    services = clients(control)
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip([s.name for s in services], pool.map(lambda s: reached_from(control, s), services), strict=True)
        )

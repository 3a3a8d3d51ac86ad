"""When the architecture is ready: not when Docker has started it, but when everything in it answers."""

import http.client
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from compose.engine import Container, Running
from compose.services import Service

if TYPE_CHECKING:
    from compose.control import Control

LOOK_SECONDS = 0.5


class Watching(Protocol):
    """Hears how a start goes on."""

    def healthy(self, service: Service, seconds: float) -> None:
        """This service is ready, so many seconds after the beginning."""


class Silent:
    """Nobody listens."""

    def healthy(self, service: Service, seconds: float) -> None:
        """Say nothing."""


def wait_until_healthy(
    control: "Control", services: Sequence[Service], seconds: float, watching: Watching, starting: Running | None = None
) -> None:
    """Return when all these services are healthy; raises TimeoutError, or DockerFailed if what starts them fails."""
    began, told = time.monotonic(), set[str]()
    while True:
        # In this order: what was healthy before Docker had done its work may have been what it replaced.
        is_done = starting is None or not starting.goes_on()
        healthy = _healthy_of(control, services)
        took = time.monotonic() - began
        for service in healthy:
            if service.name not in told:
                told.add(service.name)
                watching.healthy(service, took)
        missing = [service.name for service in services if service not in healthy]
        if is_done and not missing:
            return
        if took > seconds:
            names = ", ".join(missing) or "docker compose up does not end"
            raise TimeoutError(f"not healthy after {seconds:g} s: {names}")
        time.sleep(LOOK_SECONDS)


def _healthy_of(control: "Control", services: Sequence[Service]) -> list[Service]:
    containers = control.containers()
    served = _served(control) if any(service.role == "web" for service in services) else set()
    return [
        service
        for service in services
        if service.name in containers and _is_healthy(service, containers[service.name], served)
    ]


def _is_healthy(service: Service, container: Container, served: set[str]) -> bool:
    if service.once:
        return container.status == "exited" and container.code == 0
    if service.role == "web":
        return container.runs and service.name in served
    return container.runs and (container.health == "healthy" or not service.health)


def _served(control: "Control") -> set[str]:
    """The instances to which the balancer sends visitors, of sites that are ready for them."""
    known = control.plan.services
    try:
        targets = control.balancer.targets()
    except OSError:
        return set()
    # While another rendering is being replaced, the balancer may still be the former one.
    serving = [known[name] for name, target in targets.items() if target.serves and name in known]
    ready = {app for app in {web.app for web in serving} if _is_ready(control, app)}
    return {web.name for web in serving if web.app in ready}


def _is_ready(control: "Control", app: str) -> bool:
    """Whether the site says, to somebody who comes by the balancer, that all it needs works."""
    connection = http.client.HTTPConnection("127.0.0.1", control.plan.switches.port, timeout=5)
    try:
        connection.request("GET", "/health/ready", headers={"Host": control.plan.url(app).removeprefix("http://")})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()

"""compose.yaml, written so that it can be read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from compose.balancer import CONFIGURATION
from compose.rules import PUBLISHED
from compose.services import Service
from compose.topology import Topology

HEAD = """\
# The whole architecture on one machine, rendered by `python -m compose render`; do not edit.
# `docker compose up` works with this file as it is, `make compose` also tells what runs where.
# Who may reach whom is said by the networks: compose/rules.py has the table, docs/compose.md the picture.
"""
# One service builds an image, all others of that image take it.
NEVER_PULLED = "never"
# By these names the sites know their databases and caches, whichever of their zone that is.
ALIASES = {"relay": "writer", "database": "reader", "cache-endpoint": "cache"}
SEQUENCE = "tag:yaml.org,2002:seq"


class Shared(dict[str, Any]):
    """A mapping that stands once in the file, under a name, and is referred to."""

    def __init__(self, name: str, content: Mapping[str, Any]) -> None:
        super().__init__(content)
        self.name = name


class _Merge(str):
    """The key `<<`, which must stand without quotes."""


class _Line(list[str]):
    """A list that stands in one line."""


class _Dumper(yaml.SafeDumper):
    def generate_anchor(self, node: yaml.Node) -> str:
        return getattr(node, "anchor_name", "shared")

    def ignore_aliases(self, data: Any) -> bool:
        return not isinstance(data, Shared)

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        # Items of a list stand further in than what they belong to.
        super().increase_indent(flow, False)


def _represent_shared(dumper: yaml.SafeDumper, shared: Shared) -> yaml.Node:
    node = dumper.represent_mapping("tag:yaml.org,2002:map", dict(shared).items())
    node.anchor_name = shared.name  # type: ignore[attr-defined]
    dumper.represented_objects[id(shared)] = node
    return node


_Dumper.add_representer(Shared, _represent_shared)
_Dumper.add_representer(_Line, lambda dumper, items: dumper.represent_sequence(SEQUENCE, items, flow_style=True))
_Dumper.add_representer(_Merge, lambda dumper, key: dumper.represent_scalar("tag:yaml.org,2002:merge", str(key)))

CONTAINER = Shared(
    "container",
    {
        "read_only": True,
        "cap_drop": _Line(["ALL"]),
        "security_opt": _Line(["no-new-privileges:true"]),
        "tmpfs": _Line(["/tmp:mode=1777,size=64m", "/run:uid=10001,gid=10001,mode=755,size=8m"]),  # noqa: S108
        "pids_limit": 200,
        "logging": {"driver": "json-file", "options": {"max-size": "2m", "max-file": "2"}},
    },
)
# Each look costs a process. So the programs themselves wait a while before they look, once they have found it healthy:
# what starts is known to be healthy after 2 s, and what has been so for long is asked seldom.
PACE = {"interval": "2s", "timeout": "75s", "retries": 2}


def text(topology: Topology, balancer_file: str) -> str:
    """The file's content; `balancer_file` is where the balancer's configuration is, seen from the project."""
    document = HEAD + _dump({"name": topology.switches.project, "x-container": CONTAINER, **_body(topology)})
    return document + "\n" + _dump(_places(topology, balancer_file))


def write(topology: Topology, compose_file: Path, balancer_file: Path, root: Path) -> None:
    """Write both files of a rendering; `root` is the project's folder."""
    for path, content in (
        (compose_file, text(topology, f"./{balancer_file.relative_to(root)}")),
        (balancer_file, topology.balancer_config),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text() != content:
            path.write_text(content)


def _body(topology: Topology) -> dict[str, Any]:
    built: set[str] = set()
    return {"services": {service.name: _service(topology, service, built) for service in topology.services.values()}}


def _places(topology: Topology, balancer_file: str) -> dict[str, Any]:
    volumes = {
        name
        for service in topology.services.values()
        for name in service.volumes.values()
        if not name.startswith(("$", "/"))
    }
    networks = {
        name: {"internal": name not in PUBLISHED, "ipam": {"config": [{"subnet": subnet}]}}
        for name, subnet in topology.plan.networks().items()
    }
    return {
        "networks": networks,
        "volumes": {name: {} for name in sorted(volumes)},
        "configs": {"balancer": {"file": balancer_file}},
    }


def _service(topology: Topology, service: Service, built: set[str]) -> dict[str, Any]:
    parts = (
        {"container_name": f"{topology.switches.project}-{service.name}"},
        _image(service, built),
        {_Merge("<<"): CONTAINER, "user": service.user, "mem_limit": f"{service.memory}m"},
        {"restart": "no" if service.once else "unless-stopped"},
        {"healthcheck": {"test": _Line(["CMD", service.health]), **PACE}} if service.health else {},
        {"stop_grace_period": f"{service.stop_seconds}s"},
        {"command": _Line(service.command)} if service.command else {},
        {"environment": dict(service.environment)} if service.environment else {},
        _network(topology, service),
        _mounts(service),
        {"ports": [f"127.0.0.1:{port}" for port in service.ports]} if service.ports else {},
        _waits(service),
        {"labels": _labels(service)},
    )
    return {key: value for part in parts for key, value in part.items()}


def _image(service: Service, built: set[str]) -> dict[str, Any]:
    image = f"classic-{service.image}"
    if service.image in built:
        return {"image": image, "pull_policy": NEVER_PULLED}
    built.add(service.image)
    return {"image": image, "build": {"context": ".", "dockerfile": "docker/Dockerfile", "target": service.image}}


def _network(topology: Topology, service: Service) -> dict[str, Any]:
    if service.beside:
        return {"network_mode": f"service:{service.beside}"}
    networks = topology.plan.networks_of(service)
    if not networks:
        return {"network_mode": "none"}
    addresses = {name: {"ipv4_address": topology.plan.address(service, name)} for name in networks}
    hosts = _hosts(topology, service)
    return {"hostname": service.name, "networks": addresses} | ({"extra_hosts": hosts} if hosts else {})


def _hosts(topology: Topology, service: Service) -> dict[str, str]:
    """The names that it may need, with addresses: a stopped container has no name in Docker's DNS, which asks the
    machine's own resolver then, and that one may take seconds."""
    found: dict[str, str] = {}
    for grant in topology.plan.grants:
        if grant.client is service and "web" not in grant.server.groups:
            found[grant.server.name] = grant.address
            if service.app and grant.server.role in ALIASES:
                found[ALIASES[grant.server.role]] = grant.address
    return found


def _mounts(service: Service) -> dict[str, Any]:
    mounts = [f"{name}:{path}" + (":ro" if path in service.read_only else "") for path, name in service.volumes.items()]
    found: dict[str, Any] = {"volumes": mounts} if mounts else {}
    if service.role == "balancer":
        found["configs"] = [{"source": "balancer", "target": CONFIGURATION}]
    return found


def _waits(service: Service) -> dict[str, Any]:
    waits = {name: {"condition": "service_completed_successfully"} for name in service.after}
    if service.beside:
        waits[service.beside] = {"condition": "service_started"}
    return {"depends_on": waits} if waits else {}


def _labels(service: Service) -> dict[str, str]:
    own = {"classic.zone": service.zone, "classic.role": service.role}
    return own | ({"classic.app": service.app} if service.app else {}) | dict(service.labels)


def _dump(document: Mapping[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)

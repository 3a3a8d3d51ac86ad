"""What a container may do, as the kernel says, and what Docker tells whoever asks it."""

import json
from typing import Any

import pytest

from compose.control import Control
from compose.services import Service

pytestmark = pytest.mark.compose


def servers(control: Control) -> list[Service]:
    return [service for service in control.plan.services.values() if not service.once]


def inspected(control: Control) -> dict[str, Any]:
    names = list(control.plan.services)
    return dict(zip(names, control.engine.inspect(*map(control.name, names)), strict=True))


def first_process(control: Control, service: str) -> dict[str, str]:
    lines = control.execute(service, "cat", "/proc/1/status").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_no_process_is_root_or_may_become_more_than_it_is(architecture: Control) -> None:
    for service in servers(architecture):
        status = first_process(architecture, service.name)
        assert status["Uid"].split()[0] == ("0" if service.name == "keeper" else "10001"), service.name
        assert {status[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}, service.name
        assert status["NoNewPrivs"] == "1", service.name


def test_every_root_file_system_is_read_only(architecture: Control) -> None:
    for name, container in inspected(architecture).items():
        assert container["HostConfig"]["ReadonlyRootfs"], name
    for service in servers(architecture):
        said = architecture.execute(service.name, "sh", "-c", "touch /etc/x 2>&1 || true")
        assert "Read-only file system" in said, service.name


def test_every_container_has_limits_and_no_privilege(architecture: Control) -> None:
    for name, container in inspected(architecture).items():
        host = container["HostConfig"]
        assert 0 < host["Memory"] <= 384 * 1024**2, name
        assert host["CapDrop"] == ["ALL"], name
        assert not host["CapAdd"], name
        assert not host["Privileged"], name


def test_docker_tells_nobody_a_secret(architecture: Control) -> None:
    told = json.dumps(inspected(architecture))
    images = {f"classic-{service.image}" for service in architecture.plan.services.values()}
    told += architecture.engine.run("inspect", *images)
    known = secrets(architecture)
    assert len(known) >= 10
    assert [path for path, secret in known.items() if secret in told] == []


def test_no_secret_is_logged(architecture: Control) -> None:
    logged = architecture.compose("logs", "--no-color")
    assert [path for path, secret in secrets(architecture).items() if secret in logged] == []


def secrets(control: Control) -> dict[str, str]:
    """The longest word of each secret file of all services, certificates left out."""
    script = 'for file in /secrets/*; do echo "$file $(head -c 4000 "$file" | tr "\\n" " ")"; done'
    found: dict[str, str] = {}
    for service in servers(control):
        if "/secrets" in service.volumes:
            lines = control.execute(service.name, "sh", "-c", script).splitlines()
            found |= {f"{service.name}:{path}": text.strip() for path, _, text in (s.partition(" ") for s in lines)}
    return {path: max(text.split(), key=len) for path, text in found.items() if not path.endswith((".pem", "*"))}

"""What a container is, before Docker hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One container. Networks are not said here: they follow from its groups by the rules.

    `number` is the last number of its address in each of its networks. `volumes` are names of volumes, or paths of the
    machine, by where they are mounted; what is in `read_only` is mounted so. `memory` is the limit in MiB. `after` are
    the services that must have done their work before, `beside` is the service whose network it shares. `health` is the
    program that asks it the real thing.
    """

    name: str
    image: str
    role: str
    zone: str
    number: int = 0
    app: str = ""
    groups: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    volumes: Mapping[str, str] = field(default_factory=dict)
    read_only: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    memory: int = 64
    health: str = ""
    after: tuple[str, ...] = ()
    beside: str = ""
    user: str = "10001:10001"
    once: bool = False
    stop_seconds: int = 5
    labels: Mapping[str, str] = field(default_factory=dict)


def secrets_of(reader: str) -> str:
    """The volume that holds what this reader, and nobody else, may know."""
    return f"secrets-{reader}"

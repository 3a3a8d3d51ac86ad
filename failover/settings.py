"""What the promoter is told by its environment, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

DEFAULT_PORT = 3306
ENDPOINT = "relay://127.0.0.1:3310"


class WrongSetting(ValueError):
    """A variable has a wrong value; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, and who may command it there."""

    host: str
    port: int
    user: str
    password: str

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Read mysql://user:password@host:port; raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in ("mysql", "mariadb") or not parts.hostname or not parts.username:
            raise ValueError("takes mysql://user:password@host:port")
        user, password = unquote(parts.username), unquote(parts.password or "")
        return cls(parts.hostname, parts.port or DEFAULT_PORT, user, password)


@dataclass(frozen=True, slots=True)
class Settings:
    """`servers` are the two of which one is the writer, `first` when no server has ever written; times are seconds."""

    servers: tuple[Address, Address]
    readers: tuple[Address, ...]
    endpoint: str
    state: Path
    first: str = ""
    interval: float = 0.5
    timeout: float = 1.0
    misses: int = 3

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises WrongSetting."""
        servers = _addresses(environ, "FAILOVER_SERVERS")
        readers = _addresses(environ, "FAILOVER_READERS")
        if len(servers) != 2:
            raise WrongSetting("FAILOVER_SERVERS takes two servers by comma: mysql://user:password@host:port")
        if len({address.name for address in (*servers, *readers)}) != len(servers) + len(readers):
            raise WrongSetting("FAILOVER_SERVERS and FAILOVER_READERS name a server twice")
        return cls(
            servers=(servers[0], servers[1]),
            readers=readers,
            endpoint=environ.get("FAILOVER_ENDPOINT", ENDPOINT),
            state=Path(environ.get("FAILOVER_STATE", "var/failover.json")),
            first=environ.get("FAILOVER_FIRST", ""),
        )

    def check(self, name: str) -> None:
        """Raises WrongSetting if the server of that name cannot be the writer."""
        if name not in {address.name for address in self.servers}:
            raise WrongSetting(f"{name} is none of FAILOVER_SERVERS")


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """Where a relay of its own process listens, whom it asks who the writer is, and where it keeps the answer."""

    endpoint: str
    promoter: tuple[str, int]
    state: Path

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "RelaySettings":
        """Raises WrongSetting."""
        host, _, port = environ.get("FAILOVER_PROMOTER", "").rpartition(":")
        if not host or not port.isdecimal():
            raise WrongSetting("FAILOVER_PROMOTER takes the address where the promoter announces: host:port")
        return cls(
            endpoint=environ.get("FAILOVER_ENDPOINT", ENDPOINT),
            promoter=(host, int(port)),
            state=Path(environ.get("FAILOVER_STATE", "var/relay")),
        )


def _addresses(environ: Mapping[str, str], name: str) -> tuple[Address, ...]:
    try:
        return tuple(Address.parse(url.strip()) for url in environ.get(name, "").split(",") if url.strip())
    except ValueError as error:
        # The value itself holds passwords.
        raise WrongSetting(f"{name}: {error}") from None

"""What runs on this machine: for each site its address, its processes' environment, and its settings."""

import errno
import importlib
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apps.chassis.settings import Settings, SettingsError
from apps.chassis.sites import Site
from beanstalk import var
from beanstalk.refusals import Refused

PORTS = {"whatisthetime": 8001, "myclothes": 8002, "mywordpress": 8003}
# Three sites in one database, one queue or at one address would break each other.
ONE_SITE_ONLY = ("DATABASE_URL", "DATABASE_REPLICA_URLS", "QUEUE_URL", "PUBLIC_URL", "METRICS_BIND")


@dataclass(frozen=True, slots=True)
class Plan:
    """One site: `environ` is its web tier's, `worker_environ` its worker tier's."""

    site: Site
    environ: Mapping[str, str]
    worker_environ: Mapping[str, str]
    settings: Settings

    @property
    def name(self) -> str:
        return self.site.name

    @property
    def port(self) -> int:
        return int(self.environ["PORT"])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def worker_url(self) -> str:
        return f"http://{self.worker_environ['BIND']}"


def plans(environ: Mapping[str, str], folder: Path) -> list[Plan]:
    """A plan for each site with its data in `folder`, or Refused with a line per mistake.

    MYCLOTHES_DATABASE_URL (and so on) sets a variable for one site, SESSION_URL without a site for all three.
    """
    for name in ONE_SITE_ONLY:
        if environ.get(name):
            raise Refused(f"{name} cannot be shared by three sites: name one of them, such as MYCLOTHES_{name}")
    ports = _ports(environ)
    base = _base(environ, folder)
    return [plan(name, port, base) for name, port in ports.items()]


def plan(name: str, port: int, base: Mapping[str, str]) -> Plan:
    """The plan of one site at `port`, its worker at a free one; raises Refused for unusable settings."""
    prefix = f"{name.upper()}_"
    own = {key.removeprefix(prefix): value for key, value in base.items() if key.startswith(prefix)}
    # The programs of our own environment come first, whether or not a shell has activated it.
    path = f"{Path(sys.executable).parent}{os.pathsep}{base.get('PATH', os.defpath)}"
    web = {**base, **own, "APP": name, "PATH": path, "PORT": str(port), "BIND": f"127.0.0.1:{port}"}
    worker = {**web, "APP": f"{name}.worker", "WEB_CONCURRENCY": "1", "THREADS": "2", "METRICS_BIND": ""}
    worker["BIND"] = f"127.0.0.1:{free_port()}"
    try:
        settings = Settings.from_environ(web)
    except SettingsError as error:
        raise Refused(str(error)) from None
    return Plan(importlib.import_module(f"apps.{name}").SITE, web, worker, settings)


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with _bind(0) as probe:
        return int(probe.getsockname()[1])


def refuse_ports_in_use(planned: list[Plan]) -> None:
    """Raise Refused for the first port that somebody else listens on."""
    for one in planned:
        try:
            _bind(one.port).close()
        except OSError as error:
            reason = "is in use by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
            variable = _variable(one.name)
            raise Refused(f"port {one.port} {reason}: stop that, or choose another with {variable}") from None


def _ports(environ: Mapping[str, str]) -> dict[str, int]:
    ports = {name: _port(environ, name, default) for name, default in PORTS.items()}
    for name, port in ports.items():
        if list(ports.values()).count(port) > 1:
            raise Refused(f"{_variable(name)}: {port} is given to another site too; each needs its own")
    return ports


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(_variable(name), "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise Refused(f"{_variable(name)}: got {text!r}, takes a port from 1 to 65535")
    return int(text)


def _variable(name: str) -> str:
    return f"{name.upper()}_PORT"


def _base(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    base = {
        **environ,
        "ENVIRONMENT": "development",
        "LOG_FORMAT": "text",
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(folder),
        "SECRET_KEY": environ.get("SECRET_KEY", "").strip() or var.secret_key(folder),
    }
    # Servers that may keep their compiled modules start in half the time.
    base.pop("PYTHONDONTWRITEBYTECODE", None)
    return base


def _bind(port: int) -> socket.socket:
    probe = socket.socket()
    # As gunicorn does, or a port that was in use a moment ago would seem to be so still.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        probe.close()
        raise
    return probe

"""A real redis-server on a free loopback port, alone, as a replica of another, or behind TLS and a password."""

import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from tests.services.child import Child
from tests.services.mariadb import free_port
from tests.support.waiting import wait_until

START_SECONDS = 10.0


class RedisServer(Child):
    """Keeps everything in memory; with `certificate` (a folder with cert.pem and key.pem) it speaks TLS alone."""

    def __init__(self, *, password: str | None = None, certificate: Path | None = None) -> None:
        super().__init__("redis")
        self.port = free_port()
        self.password = password
        self._certificate = certificate

    def url(self, db: int = 0, *, port: int | None = None) -> str:
        """The URL of one of its 16 databases; `port` when something stands in between."""
        login = f":{quote(self.password, safe='')}@" if self.password else ""
        address = f"{login}127.0.0.1:{port or self.port}/{db}"
        return (
            f"rediss://{address}?ssl_ca_certs={self._certificate}/cert.pem"
            if self._certificate
            else f"redis://{address}"
        )

    def start(self) -> None:
        """Start (again, on the same port, empty) and wait until it accepts connections."""
        self._process = subprocess.Popen(
            ["redis-server", *self._options()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        wait_until(self._accepts, START_SECONDS)

    def command(self, *words: str | int) -> str:
        """What the server answers to one command, as text."""
        login = ["--pass", self.password, "--no-auth-warning"] if self.password else []
        tls = ["--tls", "--cacert", f"{self._certificate}/cert.pem"] if self._certificate else []
        command = ["redis-cli", "-h", "127.0.0.1", "-p", str(self.port), *login, *tls, *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout.strip()

    def follow(self, primary: "RedisServer") -> None:
        """Become a read-only replica of another server, and wait until in step with it."""
        self.command("REPLICAOF", "127.0.0.1", primary.port)
        wait_until(lambda: "master_link_status:up" in self.command("INFO", "replication"), START_SECONDS)

    def promote(self) -> None:
        """Become a primary."""
        self.command("REPLICAOF", "NO", "ONE")

    def _options(self) -> list[str]:
        options = {"bind": "127.0.0.1", "dir": str(self._folder), "save": "", "appendonly": "no"}
        options |= {"repl-diskless-sync-delay": "0", "port": str(self.port)}
        if self.password:
            options |= {"requirepass": self.password, "masterauth": self.password}
        if self._certificate:
            options |= {"port": "0", "tls-port": str(self.port), "tls-auth-clients": "no"}
            options |= {
                "tls-cert-file": f"{self._certificate}/cert.pem",
                "tls-key-file": f"{self._certificate}/key.pem",
            }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _accepts(self) -> bool:
        assert self.pid
        assert self._process is not None
        assert self._process.poll() is None, "redis-server does not start"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

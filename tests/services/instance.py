"""A bundle as an instance serves it: nginx, a Unix socket, and what the Procfile names, with the bundle's variables."""

import http.client
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from tests.services.nginx import Nginx
from tests.support.bundles import unpack
from tests.support.waiting import wait_until

VARIABLES = "aws:elasticbeanstalk:application:environment"
# What a stage would add.
STAGE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "a key that the tests share and nobody guesses",
    "PUBLIC_URL": "https://site.example",
    "TRUSTED_PROXY_HOPS": "2",
    "NTP_SERVER": "off",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def options(folder: Path) -> dict[str, dict[str, str]]:
    """All option settings of an unpacked bundle, by namespace."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted((folder / ".ebextensions").iterdir()):
        for namespace, settings in yaml.safe_load(file.read_text()).get("option_settings", {}).items():
            found.setdefault(namespace, {}).update(settings)
    return found


class Answer:
    """What came back to one request."""

    def __init__(self, connection: http.client.HTTPConnection, path: str, method: str = "GET", **request: Any) -> None:
        headers: Mapping[str, str] = request.pop("headers", {})
        by_https = {"Host": "site.example", "X-Forwarded-Proto": "https", "Accept": "text/html"}
        connection.request(method, path, headers=by_https | dict(headers), **request)
        response = connection.getresponse()
        self.status, self.headers, self.body = response.status, response.headers, response.read()


class Instance:
    """One bundle, unpacked and served."""

    def __init__(self, bundle: Path) -> None:
        # The path of a Unix socket must be short.
        self.folder = Path(tempfile.mkdtemp(prefix="instance-"))
        self.current = unpack(bundle, self.folder / "current")
        self.media = self.folder / "media"
        self.socket = self.folder / "web.sock"
        own = {"BIND": f"unix:{self.socket}", "VAR_DIR": str(self.folder), "STORAGE_URL": f"file://{self.media}"}
        self.environ = _clean() | options(self.current)[VARIABLES] | STAGE | own
        places = {"/var/app/current": self.current, "/mnt/media": self.media, "/run/classic": self.folder}
        (self.folder / "nginx").mkdir()
        self.nginx = Nginx(self.current, self.folder / "nginx", places)
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, without a database: nothing that nginx does needs one."""
        line = (self.current / "Procfile").read_text().removeprefix("web:")
        with (self.folder / "log").open("wb") as log:
            command = [sys.executable, "-m", *shlex.split(line)]
            self._server = subprocess.Popen(command, cwd=self.current, env=self.environ, stdout=log, stderr=log)
        wait_until(self._is_up, 30)
        self.nginx.start()

    def stop(self) -> None:
        """End both, and leave nothing."""
        self.nginx.stop()
        if self._server:
            self._server.terminate()
            self._server.wait(20)
        shutil.rmtree(self.folder)

    def ask(self, path: str, method: str = "GET", *, address: str = "127.0.0.1", **request: Any) -> Answer:
        """One request to nginx from this address."""
        with closing(self.connect(address)) as connection:
            return Answer(connection, path, method, **request)

    def ask_app(self, path: str) -> Answer:
        """One request to gunicorn itself."""
        with closing(http.client.HTTPConnection("site.example", timeout=20)) as connection:
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(str(self.socket))
            return Answer(connection, path)

    def connect(self, address: str = "127.0.0.1") -> http.client.HTTPConnection:
        """A connection to nginx that comes from this address."""
        return http.client.HTTPConnection("127.0.0.1", self.nginx.port, timeout=20, source_address=(address, 0))

    def _is_up(self) -> bool:
        assert self._server
        assert self._server.poll() is None, (self.folder / "log").read_text()
        return self.socket.exists()


def _clean() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}

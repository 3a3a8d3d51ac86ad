"""A real chronyd on a free loopback port that serves the time of this machine, or a shifted one.

It never touches this machine's clock: it is told not to (-x), and it runs as somebody who could not.
"""

import os
import pwd
import re
import shutil
import socket
import subprocess
from datetime import UTC, datetime, timedelta

from tests.services.child import Child
from tests.support.waiting import wait_until
from tools.programs import PLACES, libraries

START_SECONDS = 10.0
ENVIRON = {"TZ": "UTC", "LC_ALL": "C", "LD_LIBRARY_PATH": libraries()}


class Chrony(Child):
    """Synchronised with nothing but itself; with `unsynchronised` it admits to knowing no time."""

    def __init__(self, *, unsynchronised: bool = False) -> None:
        super().__init__("chrony")
        self.port = _free_port()
        self._shifted = 0.0
        source = [] if unsynchronised else ["local stratum 8"]
        self._write([*source, "manual", "allow 127.0.0.1"])

    @property
    def server(self) -> tuple[str, int]:
        """Where it answers, as NTP_SERVER says it."""
        return "127.0.0.1", self.port

    def start(self) -> None:
        """Start and wait until it can be commanded, and so asked for the time."""
        installed = shutil.which("chronyd", path=PLACES)
        assert installed
        # Somebody else may not look into the folder of this project.
        program = shutil.copy(installed, self._folder)
        # Root becomes somebody for whom the clock is out of reach.
        other = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        name = other.pw_name if other else pwd.getpwuid(os.getuid()).pw_name
        uid, gid = (other.pw_uid, other.pw_gid) if other else (None, None)
        if other:
            os.chown(self._folder, other.pw_uid, other.pw_gid)
        command = [program, "-x", "-U", "-d", "-u", name, "-f", str(self._folder / "conf")]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, user=uid, group=gid, env=ENVIRON)
        wait_until(self._is_up, START_SECONDS)

    def shift(self, seconds: float) -> float:
        """Serve a time that differs from this machine's by about so much; by how much, to a hundredth of a second."""
        # It draws a line through the times it was told; only the last one is meant.
        self._command("manual", "reset")
        wanted = datetime.now(UTC) + timedelta(seconds=seconds)
        said = self._command("settime", wanted.strftime("%b %d, %Y %H:%M:%S"))
        found = re.search(r"Clock was (-?[\d.]+) seconds", said)
        assert found, said
        self._shifted -= float(found[1])
        return self._shifted

    def kill(self) -> None:
        """Die at once; `start` brings it back on the same port, with the time of this machine."""
        super().kill()
        self._shifted = 0.0

    def _write(self, lines: list[str]) -> None:
        own = [f"port {self.port}", "bindaddress 127.0.0.1", "cmdport 0", f"bindcmdaddress {self._folder}/socket"]
        (self._folder / "conf").write_text("\n".join([*own, f"pidfile {self._folder}/pid", *lines, ""]))

    def _is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "log").read_text()
        return "Stratum" in self._command("tracking")

    def _command(self, *words: str) -> str:
        program = shutil.which("chronyc", path=PLACES)
        assert program
        command = [program, "-h", str(self._folder / "socket"), *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=START_SECONDS, env=ENVIRON).stdout


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

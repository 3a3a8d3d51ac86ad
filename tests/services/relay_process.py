"""`python -m failover relay`, as it stands between a site and a writer whom a promoter elsewhere names."""

import os
import socket
import subprocess
import sys

from beanstalk.commands import ROOT
from tests.services.child import Child
from tests.services.mariadb import free_port
from tests.support.waiting import wait_until


class RelayProcess(Child):
    """Sites find the writer at `port`; a promoter announces at `promoter_port`."""

    def __init__(self) -> None:
        super().__init__("relay")
        self.port = free_port()
        self.promoter_port = free_port()

    def start(self) -> None:
        """Start (again, with what it kept) and wait until it listens."""
        environ = {
            "PATH": os.environ["PATH"],
            "FAILOVER_ENDPOINT": f"relay://127.0.0.1:{self.port}",
            "FAILOVER_PROMOTER": f"127.0.0.1:{self.promoter_port}",
            "FAILOVER_STATE": str(self._folder / "writer"),
        }
        self._process = subprocess.Popen([sys.executable, "-m", "failover", "relay"], env=environ, cwd=ROOT)
        wait_until(self._listens, 20)

    def end(self) -> int:
        """Ask it to end; its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(10)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

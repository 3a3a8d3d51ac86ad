"""Workers of a tier, each with the queue daemon that posts it messages; a job waits for somebody else, such as a "
"mail server."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from apps.chassis.jobs.sqlite import SqliteQueue
from beanstalk import processes
from beanstalk.commands import ROOT

JOB_SECONDS, CONNECTIONS = 0.25, 2
PER_WORKER = CONNECTIONS / JOB_SECONDS


class Tier:
    """A queue, and as many workers as are wanted."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "queue.sqlite3"
        self.queue = SqliteQueue(self.file)
        self.done = 0
        self._lock = threading.Lock()
        self._sites: list[ThreadingHTTPServer] = []
        self._daemons: list[processes.Process] = []

    @property
    def size(self) -> int:
        return len(self._daemons)

    def add(self, count: int = 1) -> None:
        """So many workers more."""
        for _ in range(count):
            site = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
            threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
            self._sites.append(site)
            words = ["--queue", f"sqlite:///{self.file}", "--target", f"http://127.0.0.1:{site.server_address[1]}"]
            command = [sys.executable, "-m", "beanstalk.sqsd", *words, "--connections", str(CONNECTIONS)]
            self._daemons.append(processes.spawn(command, {}, ROOT, subprocess.DEVNULL))

    def finish(self) -> None:
        """Count a job."""
        with self._lock:
            self.done += 1

    def stop(self) -> None:
        """End all of them."""
        for daemon in self._daemons:
            processes.kill(daemon)
        for site in self._sites:
            site.shutdown()
            site.server_close()


def _handler(tier: Tier) -> type[BaseHTTPRequestHandler]:
    class Worker(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(JOB_SECONDS)
            tier.finish()
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    return Worker


class Ground:
    """A folder for queues."""

    described: Mapping[str, str] = {"TIER": "worker", "HTTP_CONNECTIONS": str(CONNECTIONS)}

    @contextmanager
    def standing(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="lab-queue-") as folder:
            yield Path(folder)

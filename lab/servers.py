"""Gunicorn under measurement: started like a site, asked over real sockets, weighed by what the kernel counted."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BARE_CONFIG = """
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
keepalive = 75
control_socket_disable = True
loglevel = "error"
"""
FORM_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running server: its port, its first answer's delay in seconds, and what it has used so far."""

    process: "subprocess.Popen[bytes]"
    port: int
    first_answer_seconds: float

    def processes(self) -> list[int]:
        """The master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def cpu_seconds(self) -> float:
        """CPU time of all processes, user and kernel."""
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.processes()]
        return sum(int(stat[11]) + int(stat[12]) for stat in fields) / TICK

    def memory_mib(self) -> float:
        """Proportional set size of all processes: shared pages are counted once in all."""
        return sum(map(_pss_kib, self.processes())) / 1024


@contextmanager
def serving(
    target: str,
    environ: Mapping[str, str] | None = None,
    *,
    chassis: bool,
    path: str = "/",
    behind: int | None = None,
) -> Iterator[Server]:
    """Serve `target` with two processes of four threads; entered once `path` has answered 200.

    If what it binds to is no port of its own, it is asked by way of `behind`.
    """
    with tempfile.TemporaryDirectory() as folder:
        port = behind or free_port()
        command = [sys.executable, "-m", "gunicorn", *_config(Path(folder), chassis), target]
        variables = {**os.environ, "BIND": f"127.0.0.1:{port}", "VAR_DIR": folder, **(environ or {})}
        # A boot without compiled files is not the boot that anybody has.
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        if not chassis:
            command[3:3] = ["--bind", f"127.0.0.1:{port}"]
        with Path(os.devnull).open("wb") as nowhere:
            started = time.perf_counter()
            process = subprocess.Popen(command, env=variables, stdout=nowhere, start_new_session=True)
            try:
                yield Server(process, port, _first_answer(process, port, path) - started)
            finally:
                _stop(process)


def _config(folder: Path, chassis: bool) -> list[str]:
    if chassis:
        return ["--config", "python:apps.chassis.server"]
    config = folder / "bare.conf.py"
    config.write_text(BARE_CONFIG)
    return ["--config", str(config)]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _first_answer(process: "subprocess.Popen[bytes]", port: int, path: str) -> float:
    deadline = time.perf_counter() + 30
    while time.perf_counter() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return time.perf_counter()
        except OSError:
            time.sleep(0.005)
        finally:
            connection.close()
    raise RuntimeError(f"no answer on port {port}, exit code {process.poll()}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _pss_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def load(
    port: int, path: str, requests: int, connections: int = 4, *, form: str = "", zipped: bool = False
) -> list[float]:
    """Ask for `path`, or post the form, so many times in all over kept-alive connections; the seconds of each answer.

    Raises if any answer is not 200 or, to a form, 303.
    """
    failures: list[Exception] = []
    waits: list[float] = []
    share = requests // connections

    def ask() -> None:
        try:
            waits.extend(_ask(port, path, share, form, zipped))
        except (OSError, http.client.HTTPException, ValueError) as error:
            failures.append(error)

    run_threads(ask, connections)
    if failures:
        raise RuntimeError(f"{len(failures)} of {connections} connections failed: {failures[0]!r}")
    return waits


def run_threads(work: Callable[[], None], count: int) -> None:
    """Run `work` in so many threads and wait for all."""
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _ask(port: int, path: str, requests: int, form: str, zipped: bool) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    method, body, expected = ("POST", form, 303) if form else ("GET", None, 200)
    headers = {**(FORM_HEADERS if form else {}), **({"Accept-Encoding": "gzip"} if zipped else {})}
    waits = []
    for _ in range(requests):
        began = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        waits.append(time.perf_counter() - began)
        if answer.status != expected:
            raise ValueError(f"status {answer.status}")
    connection.close()
    return waits

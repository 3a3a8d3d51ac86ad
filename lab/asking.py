"""Requests as fast as a server answers them: by wrk, which costs next to nothing itself, or else by our own client."""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple, Protocol

from lab.servers import load

CONNECTIONS = 16
SUMMARY = re.compile(
    r"50%\s+([\d.]+)(us|ms|s) *\n.*?99%\s+([\d.]+)(us|ms|s) *\n.*?(\d+) requests in ([\d.]+)(s|m)", re.DOTALL
)
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
FORM = """
wrk.method, wrk.body = "POST", "{form}"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Sec-Fetch-Site"] = "same-origin"
"""


class Measured(Protocol):
    """A server on a port of this machine, and what all its processes have used so far."""

    port: int

    def cpu_seconds(self) -> float: ...


class Round(NamedTuple):
    """What one server did in one round."""

    per_second: float
    p50_milliseconds: float
    p99_milliseconds: float
    cpu_microseconds: float


def measure(server: Measured, path: str, seconds: int, requests: int, form: str = "", *, zipped: bool = False) -> Round:
    """Ask for `path` for so long, or without wrk so often; with a form it is posted, each time by a new visitor.

    The answer may come compressed if the client takes that (`zipped`).

    Raises RuntimeError unless all answers tell of success.
    """
    before = server.cpu_seconds()
    if shutil.which("wrk"):
        count, took, p50, p99 = _with_wrk(server, path, seconds, form, zipped)
    else:
        count, took, p50, p99 = _without_wrk(server, path, requests, form, zipped)
    return Round(count / took, p50, p99, (server.cpu_seconds() - before) / count * 1_000_000)


def _with_wrk(server: Measured, path: str, seconds: int, form: str, zipped: bool) -> tuple[int, float, float, float]:
    """Requests, seconds, and two percentiles in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "form.lua"
        script.write_text(FORM.format(form=form) if form else "")
        command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script)]
        command += ["-H", "Accept-Encoding: gzip"] if zipped else []
        address = f"http://127.0.0.1:{server.port}{path}"
        told = subprocess.run([*command, address], check=True, capture_output=True, text=True).stdout
    found = SUMMARY.search(told)
    if found is None or "Non-2xx" in told or "Socket errors" in told:
        raise RuntimeError(told)
    p50, unit50, p99, unit99, requests, took, _ = found.groups()
    return int(requests), float(took), float(p50) * MILLISECONDS[unit50], float(p99) * MILLISECONDS[unit99]


def _without_wrk(
    server: Measured, path: str, requests: int, form: str, zipped: bool
) -> tuple[int, float, float, float]:
    """The same by a client that is slower than what it measures: of its figures only the CPU is worth much."""
    began = time.perf_counter()
    waits = sorted(load(server.port, path, requests, CONNECTIONS, form=form, zipped=zipped))
    took = time.perf_counter() - began
    return len(waits), took, percentile(waits, 50) * 1000, percentile(waits, 99) * 1000


def percentile(ordered: list[float], part: int) -> float:
    """What so many of a hundred stay below."""
    return ordered[min(len(ordered) - 1, len(ordered) * part // 100)]

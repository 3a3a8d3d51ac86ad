"""What a time service costs beside a bare WSGI callable with the same answer and log line: `python -m lab.timeapi`."""

import sys
from collections.abc import Sequence
from statistics import median

from lab import figures
from lab.asking import CONNECTIONS, Round, measure
from lab.servers import Server, load, serving

PATH = "/api/timezone/Asia/Seoul"
ROUNDS = 31
SECONDS = 1
REQUESTS = 4000
# Against 0.90 of the bare callable's requests, turned round so that less is better, as with the others.
MOST_LOST, SLOWEST = 1.11, 1.3


def main() -> int:
    """Load both servers in turn, while both stay up, so that a busy moment of the machine strikes each alike."""
    environ = {"APP": "whatisthetime", "LOG_FORMAT": "json", "NTP_SERVER": "off"}
    with (
        serving("lab.peers:telling()", environ, chassis=True, path=PATH) as bare,
        serving("apps.wsgi:application", environ, chassis=True, path=PATH) as ours,
    ):
        for server in (bare, ours):
            load(server.port, PATH, 500)
        pairs = [compare(bare, ours, turn) for turn in range(ROUNDS)]
    return report(*zip(*pairs, strict=True))


def compare(bare: Server, ours: Server, turn: int) -> tuple[Round, Round]:
    """Load both, in short rounds and in changing order: what else the machine does comes and goes within seconds."""
    if turn % 2:
        second = _measure(ours)
        return _measure(bare), second
    return _measure(bare), _measure(ours)


def _measure(server: Server) -> Round:
    return measure(server, PATH, SECONDS, REQUESTS)


def report(bare: Sequence[Round], ours: Sequence[Round]) -> int:
    """Print and keep the figures; the exit code is 1 if a claim does not hold."""
    print(f"{PATH}: {ROUNDS} rounds of {SECONDS} s each, {CONNECTIONS} connections, median and range")
    columns = {
        f"{who}: {what}": [getattr(each, field) for each in rounds]
        for field, what in UNITS.items()
        for who, rounds in (("bare WSGI callable", bare), ("WhatIsTheTime", ours))
    }
    figures.table([(name, values, "") for name, values in columns.items()])
    ratios = {field: _ratio(field, bare, ours) for field in UNITS}
    figures.keep("timeapi", {**columns, "ratios": {field: round(ratio, 3) for field, ratio in ratios.items()}})
    print(f"CPU per request: {ratios['cpu_microseconds']:.2f} of the bare callable's")
    claims = [
        ("a bare callable serves hardly more requests", 1 / ratios["per_second"], MOST_LOST),
        ("the slowest hundredth waits hardly longer", ratios["p99_milliseconds"], SLOWEST),
    ]
    return figures.verdict(claims)


UNITS = {
    "per_second": "requests per second",
    "p99_milliseconds": "99th percentile, ms",
    "cpu_microseconds": "CPU per request, us",
}


def _ratio(field: str, bare: Sequence[Round], ours: Sequence[Round]) -> float:
    """Ours to theirs, the median of all rounds, each compared within itself."""
    ratios: list[float] = [getattr(our, field) / getattr(their, field) for our, their in zip(ours, bare, strict=True)]
    return median(ratios)


if __name__ == "__main__":
    sys.exit(main())

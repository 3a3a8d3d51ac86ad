"""What the chassis costs per request beside a bare Flask view: `python -m lab.overhead`."""

import sys
from statistics import median

from lab import figures
from lab.servers import Server, load, serving

ROUNDS = 9
REQUESTS = 4000


def cpu_microseconds(server: Server) -> float:
    """CPU per request of all the server's processes."""
    load(server.port, "/", 500)
    before = server.cpu_seconds()
    load(server.port, "/", REQUESTS)
    return (server.cpu_seconds() - before) / REQUESTS * 1_000_000


def main() -> int:
    """Load both servers in turn, while both stay up, so that a busy moment of the machine strikes each alike."""
    environ = {"APP": "myclothes", "LOG_FORMAT": "json"}
    with (
        serving("lab.peers:bare()", chassis=False) as bare,
        serving("lab.peers:framed()", environ, chassis=True) as framed,
    ):
        pairs = [(cpu_microseconds(bare), cpu_microseconds(framed)) for _ in range(ROUNDS)]
    bare_costs, framed_costs = zip(*pairs, strict=True)
    print(f"CPU per request, {ROUNDS} rounds of {REQUESTS} requests, median and range")
    figures.table([("empty view, bare Flask", bare_costs, "us"), ("empty view, whole chassis", framed_costs, "us")])
    ratio = median(framed_costs) / median(bare_costs)
    figures.keep("overhead", {"microseconds": {"bare": bare_costs, "chassis": framed_costs}, "ratio": round(ratio, 3)})
    return figures.verdict([("an empty view through the whole chassis costs little more", ratio, 1.4)])


if __name__ == "__main__":
    sys.exit(main())

"""How fast and how large a site starts, beside a bare app with the same libraries: `python -m lab.boot`."""

import sys
from statistics import median

from lab import figures
from lab.servers import Server, load, serving

ROUNDS = 7
SITES = ("whatisthetime", "myclothes", "mywordpress")
BARE = "bare app"


def measure(name: str) -> tuple[float, float]:
    """Milliseconds from start to the first 200, and MiB after a hundred answers."""
    if name == BARE:
        with serving("lab.peers:bare()", chassis=False) as server:
            return weigh(server, "/")
    with serving("apps.wsgi:application", {"APP": name, "LOG_FORMAT": "json"}, chassis=True, path="/whoami") as server:
        return weigh(server, "/whoami")


def weigh(server: Server, path: str) -> tuple[float, float]:
    load(server.port, path, 100)
    return server.first_answer_seconds * 1000, server.memory_mib()


def main() -> int:
    """Measure all in turn, so that a busy moment of the machine strikes each alike."""
    names = (BARE, *SITES)
    for name in names:
        measure(name)
    runs = {name: [measure(name) for _ in range(1)] for name in names}
    for _ in range(ROUNDS - 1):
        for name in names:
            runs[name].append(measure(name))
    times = {name: [run[0] for run in runs[name]] for name in names}
    sizes = {name: [run[1] for run in runs[name]] for name in names}
    print(f"From start to the first 200, {ROUNDS} rounds, median and range")
    figures.table([(name, times[name], "ms") for name in names])
    print("Memory of all processes (PSS)")
    figures.table([(name, sizes[name], "MiB") for name in names])
    claims = [(f"{s} starts like the bare app", median(times[s]) / median(times[BARE]), 1.2) for s in SITES]
    claims += [(f"{s} is as small as the bare app", median(sizes[s]) / median(sizes[BARE]), 1.3) for s in SITES]
    figures.keep("boot", {"milliseconds": times, "mebibytes": sizes, "ratios": {c[0]: round(c[1], 3) for c in claims}})
    return figures.verdict(claims)


if __name__ == "__main__":
    sys.exit(main())

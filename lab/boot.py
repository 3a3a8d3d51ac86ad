"""How fast and how large a site starts, beside a bare app with the same libraries: `python -m lab.boot`.

Each site is measured on its embedded backends and, where it has a database, over a real MariaDB and Redis.
"""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import median

from apps.chassis.app import site_of
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from lab import figures
from lab.servers import Server, load, serving
from tests.services.mariadb import MariaDb
from tests.services.redis_server import RedisServer

ROUNDS = 7
WITH_DATABASE = ("myclothes", "mywordpress")
WARMING = ("whatisthetime",)
QUIET_SECONDS = 1.5
BARE = "bare app"
SLOWEST, LARGEST = 1.2, 1.3

Kinds = Mapping[str, Mapping[str, str]]


def main() -> int:
    """Measure all kinds in turn, so that a busy moment of the machine strikes each alike."""
    with backends() as far:
        kinds = {"whatisthetime": {"APP": "whatisthetime"}, **{name: {"APP": name} for name in WITH_DATABASE}, **far}
        for name in (BARE, *kinds):
            measure(name, kinds)
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in (BARE, *kinds)}
        for _ in range(ROUNDS):
            for name, found in runs.items():
                found.append(measure(name, kinds))
    times = {name: [run[0] for run in found] for name, found in runs.items()}
    return report(times, {name: [run[1] for run in found] for name, found in runs.items()})


@contextmanager
def backends() -> Iterator[Kinds]:
    """The environments of the sites over one MariaDB and one Redis, with their databases migrated."""
    database, memory = MariaDb(), RedisServer()
    database.start()
    database.allow()
    memory.start()
    try:
        yield {f"{name} over MariaDB and Redis": prepared(name, database, memory) for name in WITH_DATABASE}
    finally:
        memory.stop()
        database.stop()


def prepared(name: str, database: MariaDb, memory: RedisServer) -> dict[str, str]:
    """The environment of one site, whose database is ready."""
    database.create(name)
    far = {"DATABASE_URL": database.url(name), "SESSION_URL": memory.url(0), "CACHE_URL": memory.url(1)}
    environ = {"APP": name, **far}
    migrate(site_of(name), Settings.from_environ(environ))
    return environ


def measure(name: str, kinds: Kinds) -> tuple[float, float]:
    """Milliseconds from start to the first 200, and MiB after a hundred answers and what a site does by itself."""
    if name == BARE:
        with serving("lab.peers:bare()", chassis=False) as server:
            return weigh(server, "/")
    environ = {**kinds[name], "LOG_FORMAT": "json"}
    with serving("apps.wsgi:application", environ, chassis=True, path="/whoami") as server:
        if name in WARMING:
            settle(server)
        return weigh(server, "/whoami")


def weigh(server: Server, path: str) -> tuple[float, float]:
    """What the server took so far, after it has answered for a while."""
    load(server.port, path, 100)
    return server.first_answer_seconds * 1000, server.memory_mib()


def settle(server: Server) -> None:
    """Return when it has nothing to do any more: its processes prepare themselves from a second after the start on."""
    before = -1.0
    while server.cpu_seconds() != before:
        before = server.cpu_seconds()
        time.sleep(QUIET_SECONDS)


def report(times: Mapping[str, list[float]], sizes: Mapping[str, list[float]]) -> int:
    """Print and keep the figures; the exit code is 1 if a claim does not hold."""
    print(f"From start to the first 200, {ROUNDS} rounds, median and range")
    figures.table([(name, found, "ms") for name, found in times.items()])
    print("Memory of all processes (PSS)")
    figures.table([(name, found, "MiB") for name, found in sizes.items()])
    claims = [
        claim
        for name in times
        if name != BARE
        for claim in (
            (f"{name} starts like the bare app", median(times[name]) / median(times[BARE]), SLOWEST),
            (f"{name} is as small as the bare app", median(sizes[name]) / median(sizes[BARE]), LARGEST),
        )
    ]
    ratios = {claim: round(ratio, 3) for claim, ratio, _ in claims}
    figures.keep("boot", {"milliseconds": times, "mebibytes": sizes, "ratios": ratios})
    return figures.verdict(claims)


if __name__ == "__main__":
    sys.exit(main())

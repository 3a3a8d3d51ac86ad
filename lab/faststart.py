"""A journal of 100 posts from nothing to its first page: cold, from images, from a snapshot: `python -m lab.faststart`.

Each way is a deployment of the bundle by `python -m beanstalk run`, with its hooks, migrations and nginx. Content that
no snapshot brings is written by the site's own verbs, which is less than an import by the worker takes.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from apps.chassis import snapshots
from apps.chassis.settings import Settings
from apps.chassis.storage import Storage
from apps.mywordpress import SITE
from beanstalk import bundle
from beanstalk.commands import ROOT
from lab import backends, bars, figures, journal
from lab.launches import PHASES, Launch, launched

ROUNDS = 2
COLD, WHEELS, READY, SNAPSHOT = "cold", "image with wheels", "image with environment", "image and snapshot"
WAYS = (COLD, WHEELS, READY, SNAPSHOT)
PLOT = ROOT / "docs/pictures/faststart.svg"


@dataclass
class Ground:
    """What the ways start from."""

    folder: Path
    bundle: Path
    databases: Iterator[str]
    launches: int = 0
    environments: Path | None = None
    taken: dict[str, float] = field(default_factory=dict)

    @property
    def snapshot(self) -> Path:
        return self.folder / "snapshot"

    @property
    def wheels(self) -> Path:
        return self.folder / "wheels"


def main() -> int:
    """Launch by each way in turn, and tell what each phase took."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="start-")))
        names = ["source", *(f"start{number}" for number in range(ROUNDS * len(WAYS)))]
        urls = stack.enter_context(backends.mariadb(*names))
        databases = iter(urls or [f"sqlite:///{folder}/{name}.sqlite3" for name in names])
        ground = Ground(folder, bundled(folder), databases)
        take(ground)
        rounds: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(ROUNDS):
            for way, found in rounds.items():
                found.append(start(ground, way))
                print(f"  {way}: {sum(found[-1].values()):.1f} s", flush=True)
    return report(rounds, ground.taken, "MariaDB" if urls else "SQLite")


def bundled(folder: Path) -> Path:
    """The bundle of what is committed."""
    commit = bundle.committed(ROOT)
    file = folder / "mywordpress-web.zip"
    file.write_bytes(bundle.zipped(bundle.contents(commit.files, "mywordpress", "web"), commit.at))
    return file


def take(ground: Ground) -> None:
    """Make the site of which there is a snapshot, and take it."""
    url, media = next(ground.databases), ground.folder / "source"
    began = time.perf_counter()
    journal.filled(url, Storage(media))
    ground.taken["written"] = round(time.perf_counter() - began, 2)
    environ = {"APP": "mywordpress", "DATABASE_URL": url, "STORAGE_URL": f"file://{media}"}
    began = time.perf_counter()
    taken = snapshots.take(SITE, Settings.from_environ(environ), ground.snapshot)
    ground.taken["taken"] = round(time.perf_counter() - began, 2)
    print(f"the snapshot: {taken}, in {ground.taken['taken']:.1f} s")


def start(ground: Ground, way: str) -> dict[str, float]:
    """Seconds of each phase of one launch."""
    url, var = next(ground.databases), ground.folder / f"launch-{ground.launches}"
    ground.launches += 1
    (var / "platform").mkdir(parents=True)
    if way in (READY, SNAPSHOT) and ground.environments:
        (var / "platform/venvs").symlink_to(ground.environments)
    with launched(var, ground.bundle, {"DATABASE_URL": url}, preparing(ground, way)) as launch:
        if way == SNAPSHOT:
            launch.command("restore", str(ground.snapshot))
        else:
            journal.filled(url, Storage(launch.media))
        launch.await_page(journal.NEWEST)
    if way == COLD and ground.environments is None:
        keep_image(ground, launch)
    return {phase: round(seconds, 2) for phase, seconds in launch.clock.seconds.items()}


def preparing(ground: Ground, way: str) -> Mapping[str, str]:
    """What the installer of the requirements is told: to fetch all anew, or to take what the image has."""
    if way == COLD:
        return {"PIP_NO_CACHE_DIR": "1"}
    return {"PIP_NO_CACHE_DIR": "1", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(ground.wheels)}


def keep_image(ground: Ground, launch: Launch) -> None:
    """Keep what an image would have: the environment of the first launch, and the wheels as infra/image.yaml does."""
    ground.environments = launch.environments
    python = next(ground.environments.glob("*/bin/python"))
    pip = [sys.executable, "-m", "pip", "--python", str(python), "download", "-qq", "--only-binary", ":all:"]
    wanted = ["--dest", str(ground.wheels), "-r", str(ROOT / "requirements.txt")]
    subprocess.run([*pip, *wanted], check=True)


def report(rounds: Mapping[str, list[dict[str, float]]], taken: Mapping[str, float], database: str) -> int:
    """Print, draw and keep the figures; the exit code is 1 if a claim does not hold."""
    print(f"From nothing to the first page over {database}, {ROUNDS} rounds, median and range")
    for way, found in rounds.items():
        figures.table([(f"{way}: {phase}", [each[phase] for each in found], "s") for phase in PHASES])
        figures.table([(f"{way}: all", [sum(each.values()) for each in found], "s")])
    # Whatever else the machine does adds to a time and never takes from it.
    best = {way: min(found, key=lambda each: sum(each.values())) for way, found in rounds.items()}
    bars.draw(PLOT, "Seconds from nothing to the first page", best, "s")
    figures.keep("faststart", {"database": database, "seconds": rounds, "snapshot": taken})
    total = {way: sum(phases.values()) for way, phases in best.items()}
    steps = zip(WAYS[1:], WAYS, strict=False)
    return figures.verdict([(f"{way}, of {before}", total[way] / total[before], 1.0) for way, before in steps])


if __name__ == "__main__":
    sys.exit(main())

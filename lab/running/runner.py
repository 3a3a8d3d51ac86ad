"""Runs an experiment and writes down what came of it, below var/lab/NAME/TIME."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from lab import figures
from lab.report.page import write_report
from lab.report.summary import FIGURES, KEPT
from lab.running.experiment import Experiment
from lab.running.record import Record
from lab.running.run import Run
from lab.running.signals import Signals
from lab.running.timelines import timelines

ANSWERS = "answers.csv"


def run(experiment: Experiment, folder: Path, tell: Callable[[str], None], *, keep: bool = False) -> Record:
    """Run it, write its folder, and with `keep` the figures of the repository; answers what was found.

    Whatever is broken heals, and raises what the body raised, or KeyboardInterrupt.
    """
    tell(f"{experiment.name}: {experiment.title.en}")
    with Signals() as signals, experiment.ground.standing() as ground:
        began = time.monotonic()
        its = Run(ground, tell, signals, experiment.most_seconds)
        verdict = experiment.body(its)
        seconds = time.monotonic() - began
    record = Record(
        **{name: getattr(experiment, name) for name in ("name", "title", "hypothesis", "fails", "cures")},
        topology=experiment.ground.described,
        verdict=verdict,
        seconds=round(seconds, 1),
        claims=its.claims,
        numbers=its.numbers,
        marks=its.marks,
        plots=[*timelines(its.answers), *its.plots],
        about=figures.about(),
    )
    its.answers.write(_written(record, folder) / ANSWERS)
    if keep:
        figures.keep(f"{KEPT}/{record.name}", record.as_figures())
    return record


def _written(record: Record, folder: Path) -> Path:
    """A folder with the report and the figures."""
    place = folder / record.name / datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    place.mkdir(parents=True)
    figures.write(place / FIGURES, record.as_figures())
    write_report(record, place)
    return place

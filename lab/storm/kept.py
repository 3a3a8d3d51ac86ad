"""The random days for the summary: those that were run in a folder, and those whose figures the repository keeps."""

from collections.abc import Sequence
from pathlib import Path

from lab import figures
from lab.report.summary import FIGURES, KEPT
from lab.running.experiment import Experiment
from lab.running.record import Record
from lab.storm.day import STORM, storm


def days(folder: Path) -> Sequence[Experiment]:
    """One for each seed, in the order of the seeds; of several runs the last one in the folder counts."""
    kept = sorted((figures.FOLDER / KEPT / STORM).glob("*.json"))
    found = [Record.read(file) for file in (*kept, *sorted((folder / STORM).glob(f"*/*/{FIGURES}")))]
    told = {int(record.topology["SEED"]): float(record.topology["MINUTES"]) for record in found}
    return [storm(told[seed], seed) for seed in sorted(told)]

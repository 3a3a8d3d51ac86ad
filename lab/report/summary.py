"""The summary of all runs: the course in its order, each failure beside what answers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab import figures
from lab.report import words
from lab.report.page import file_of, rendered
from lab.running.experiment import Experiment
from lab.running.record import Record
from lab.texts import Text

FIGURES, KEPT = "figures.json", "experiments"


@dataclass(frozen=True)
class Entry:
    """An experiment, with the last that was found of it and where its report is, if there are any."""

    name: str
    title: Text
    hypothesis: Text
    record: Record | None
    report: str


@dataclass(frozen=True)
class Row:
    """An experiment beside those that answer its failure."""

    entry: Entry
    cures: Sequence[Entry]


@dataclass(frozen=True)
class Part:
    """The experiments on one site."""

    name: str
    title: Text
    rows: Sequence[Row]


def write_summary(course: Sequence[Experiment], folder: Path) -> Path:
    """Write the pages into the folder that holds the runs; answers the one that is found without asking.

    What was never run in this folder is told by the figures that the repository keeps.
    """
    entries = {each.name: _entry(each, folder) for each in course}
    parts = _parts(course, entries)
    found = [entry.record for entry in entries.values() if entry.record]
    folder.mkdir(parents=True, exist_ok=True)
    for language in words.LANGUAGES:
        values = {"sites": parts, "run": len(found), "as_claimed": sum(record.as_claimed for record in found)}
        (folder / file_of("index", language)).write_text(rendered("summary.html", language, top="", **values), "utf-8")
    return folder / file_of("index", "en")


def latest(name: str, folder: Path) -> Path | None:
    """The figures of the last run of an experiment."""
    return max((folder / name).glob(f"*/{FIGURES}"), default=None)


def _entry(experiment: Experiment, folder: Path) -> Entry:
    last = latest(experiment.name, folder)
    kept = figures.FOLDER / KEPT / f"{experiment.name}.json"
    file = last or (kept if kept.exists() else None)
    report = f"{last.parent.relative_to(folder).as_posix()}/report" if last else ""
    record = Record.read(file) if file else None
    return Entry(experiment.name, experiment.title, experiment.hypothesis, record, report)


def _parts(course: Sequence[Experiment], entries: dict[str, Entry]) -> list[Part]:
    sites = dict.fromkeys(each.site for each in course)
    return [Part(site, words.SITES[site], _rows([e for e in course if e.site == site], entries)) for site in sites]


def _rows(course: Sequence[Experiment], entries: dict[str, Entry]) -> list[Row]:
    """What only answers others stands beside them; all else has a row of its own."""
    rows = []
    for each in course:
        cures = [entries[other.name] for other in course if each.name in other.cures]
        if cures or not each.cures:
            rows.append(Row(entries[each.name], cures))
    return rows

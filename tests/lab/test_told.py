"""The course in words tells every experiment in its order, with what the kept runs have found and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from lab import figures, told
from lab.experiments import course
from lab.report.summary import KEPT
from lab.running.record import Claim, Record
from lab.storm.day import STORM
from lab.texts import Text

TOLD = pytest.mark.parametrize("language", told.DOCUMENTS)
KEPT_ONE = "beanstalk/rolling"


def text(language: str) -> str:
    return told.DOCUMENTS[language].read_text("utf-8")


@TOLD
def test_each_experiment_is_told_once_and_in_its_order(language: str) -> None:
    assert told.experiments_of(text(language)) == [*(each.name for each in course()), STORM]


@TOLD
def test_what_is_told_are_the_verdicts_of_the_kept_runs(language: str) -> None:
    assert told.with_verdicts(text(language), language) == text(language), "make it anew: python -m lab course"


def test_a_kept_run_is_told_with_its_day_and_its_machine() -> None:
    file = figures.FOLDER / KEPT / f"{KEPT_ONE}.json"
    record = Record.read(file)
    before, line, after = told.with_verdicts(f"before\n> `python -m lab run {KEPT_ONE}` older\nafter", "en").split("\n")
    assert (before, after) == ("before", "after")
    assert line.startswith(f"> `python -m lab run {KEPT_ONE}` {record.verdict.en} ([")
    assert f"/experiments/{KEPT_ONE}.json), {record.about['machine']})" in line
    assert f" {record.about['measured_at'][:4]}](" in line
    assert "older" not in line


def test_what_was_never_kept_has_no_figure() -> None:
    assert told.with_verdicts("> `python -m lab run beanstalk/never-run` 7 s", "en").endswith("` No run is kept yet.")


def test_all_kept_random_days_are_told_each_with_its_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = Record.read(figures.FOLDER / KEPT / f"{KEPT_ONE}.json")
    monkeypatch.setattr(figures, "FOLDER", tmp_path)
    for seed in (1, 2):
        title = Text(f"Day of seed {seed}", "")
        figures.keep(f"{KEPT}/storm/seed-{seed}", replace(record, name=f"storm/seed-{seed}", title=title).as_figures())
    line = told.with_verdicts("> `python -m lab run storm`", "en")
    assert f"`python -m lab run storm` Day of seed 1. {record.verdict.en} (" in line
    assert "seed-1.json), " in line.partition(" Day of seed 2. ")[0]


def test_a_verdict_that_is_not_what_the_course_says_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Record.read(figures.FOLDER / KEPT / f"{KEPT_ONE}.json")
    monkeypatch.setattr(figures, "FOLDER", tmp_path)
    figures.keep(f"{KEPT}/{KEPT_ONE}", replace(record, claims=[Claim(Text("", ""), 2, at_most=1)]).as_figures())
    line = told.with_verdicts(f"> `python -m lab run {KEPT_ONE}`", "en")
    assert f"Not as the course says: {record.verdict.en}" in line

"""The laboratory: `python -m lab list | run NAME | run storm | run --all | report | course`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from beanstalk import var
from beanstalk.commands import ROOT
from compose.engine import DockerFailed
from lab.experiments import course
from lab.report.summary import write_summary
from lab.running.architecture import Architecture, take_down
from lab.running.experiment import Experiment
from lab.running.record import Record
from lab.running.runner import run
from lab.storm.day import STORM, storm
from lab.storm.kept import days
from lab.told import tell_kept


def main(argv: Sequence[str]) -> int:
    """Do what is asked; 1 tells that an experiment did not come out as the course says, or not at all."""
    asked = _parser().parse_args(argv)
    folder = var.folder(os.environ, ROOT) / "lab"
    if asked.verb == "list":
        return show()
    if asked.verb == "run":
        chosen = [each for each in course() if asked.all or each.name in asked.names or each.site in asked.names]
        unknown = set(asked.names) - {name for each in course() for name in (each.name, each.site)} - {STORM}
        if STORM in asked.names:
            chosen.append(storm(asked.minutes, asked.seed))
        if unknown or not chosen:
            print(f"no experiment is called {' or '.join(sorted(unknown)) or 'so'}: see list", file=sys.stderr)
            return 2
        return run_all(chosen, folder, keep=asked.keep)
    if asked.verb == "course":
        tell_kept()
        return 0
    print(write_summary([*course(), *days(folder)], folder))
    return 0


def show() -> int:
    """All experiments in the order of the course."""
    for each in course():
        print(f"{each.name:<44} {'fails' if each.fails else 'holds'}  {each.title.en}")
    return 0


def run_all(chosen: Sequence[Experiment], folder: Path, *, keep: bool) -> int:
    """One after another; one that cannot be run is told, and the others are run all the same."""
    try:
        # Each is run, whatever came of the one before.
        fine = [tried(each, folder, keep=keep) for each in chosen]
    except KeyboardInterrupt:
        say("interrupted; what was broken is healed")
        return 130
    finally:
        if any(isinstance(each.ground, Architecture) for each in chosen):
            take_down()
    if keep:
        tell_kept()
    say(f"summary: {write_summary([*course(), *days(folder)], folder)}")
    return 0 if all(fine) else 1


def tried(experiment: Experiment, folder: Path, *, keep: bool) -> bool:
    """Run it and tell what was found; answers whether that is as the course says."""
    try:
        return tell(run(experiment, folder, say, keep=keep))
    except (OSError, RuntimeError, DockerFailed) as error:
        say(f"{experiment.name} could not be run: {error}\n")
        return False


def tell(record: Record) -> bool:
    """Print what was found; answers whether it is as the course says."""
    for claim in record.claims:
        say(f"  {'holds' if claim.holds else 'FAILS'}: {claim.text.en}: {claim.figure:g} {claim.unit}")
    say(f"{'as the course says' if record.as_claimed else 'NOT AS THE COURSE SAYS'}: {record.verdict.en}\n")
    return record.as_claimed


def say(text: str) -> None:
    print(text, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab", description="Every claim of the course, tried.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="all experiments in the order of the course")
    running = verbs.add_parser("run", help="run experiments and write their reports to var/lab")
    running.add_argument("names", nargs="*", metavar="NAME", help="an experiment, a site, or storm: a random day")
    running.add_argument("--all", action="store_true", help="the whole course")
    running.add_argument("--minutes", type=float, default=5.0, help="how long the storm is (5)")
    running.add_argument("--seed", type=int, default=1, help="what draws the faults of the storm (1)")
    running.add_argument("--keep", action="store_true", help="keep the figures in lab/figures/experiments")
    verbs.add_parser("report", help="write the summary anew from what was run")
    verbs.add_parser("course", help="write the verdicts of all kept figures into docs/course.md and its Korean twin")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

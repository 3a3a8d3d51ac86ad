"""Experiments on the architecture itself, as far as a test has the time: one that breaks nothing, and one that does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.experiments.whatisthetime import direct_access, no_health_check
from lab.running.architecture import take_down
from lab.running.experiment import Experiment
from lab.running.runner import run

pytestmark = pytest.mark.compose


@pytest.fixture(scope="module", autouse=True)
def _down_afterwards() -> Iterator[None]:
    yield
    take_down()


@pytest.mark.parametrize(
    "experiment", [direct_access.EXPERIMENT, no_health_check.EXPERIMENT], ids=lambda each: each.name
)
def test_an_experiment_comes_out_as_the_course_says(experiment: Experiment, tmp_path: Path) -> None:
    said: list[str] = []
    record = run(experiment, tmp_path, said.append)
    assert record.as_claimed, "\n".join(said)

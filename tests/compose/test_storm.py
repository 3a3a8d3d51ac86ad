"""A short random day on the architecture itself: whatever its seed draws, nothing is lost and nothing happens twice."""

from pathlib import Path

import pytest

from lab.running.runner import run
from lab.storm.day import storm

pytestmark = pytest.mark.compose


def test_a_short_storm_breaks_no_invariant(tmp_path: Path) -> None:
    said: list[str] = []
    record = run(storm(minutes=2, seed=3), tmp_path, said.append)
    assert record.as_claimed, "\n".join(said)

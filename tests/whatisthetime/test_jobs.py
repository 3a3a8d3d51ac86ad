"""The worker's look at its own clock."""

import pytest

from apps.whatisthetime.jobs import Pace, jobs


def test_the_first_look_has_nothing_to_compare_with() -> None:
    assert Pace().measure(1000.0, 5.0) is None


@pytest.mark.parametrize("step", [0.0, 2.5, -3600.0])
def test_a_step_of_the_wall_clock_is_measured(step: float) -> None:
    pace = Pace()
    pace.measure(1000.0, 5.0)
    assert pace.measure(1060.0 + step, 65.0) == pytest.approx(step)
    assert pace.measure(1120.0 + step, 125.0) == pytest.approx(0.0)


def test_the_clock_is_looked_at_each_minute() -> None:
    assert list(jobs.by_cadence) == ["/every/minute"]

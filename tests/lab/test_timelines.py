"""Answers as plots: each in the second in which it was due, by who served it or how it failed."""

import pytest

from lab.load.answers import Answer, Answers
from lab.running.record import Series
from lab.running.timelines import timelines


def answer(due: float, outcome: str = "200", instance: str = "web-1", latency: float = 0.01) -> Answer:
    return Answer("/", due, latency, outcome, instance if outcome == "200" else "", "a" if outcome == "200" else "")


def test_each_answer_counts_in_the_second_in_which_it_was_due() -> None:
    answers = [answer(0.1), answer(0.9, latency=5), answer(1.0, "refused"), answer(1.2, instance="web-2"), answer(1.9)]
    requests, _ = timelines(Answers(answers))
    assert requests.series == [
        Series("web-1 (a)", [2, 1]),
        Series("web-2 (a)", [0, 1]),
        Series("refused", [0, 1], failed=True),
    ]


def test_latency_is_of_what_was_served_and_missing_where_nothing_was() -> None:
    answers = [answer(0.1, latency=0.02), answer(0.2, "timeout", latency=5), answer(1.5, "503"), answer(2.6)]
    _, latency = timelines(Answers(answers))
    assert [series.values for series in latency.series] == [[20, None, 10]] * 3


def test_a_second_that_has_hardly_begun_is_left_out() -> None:
    requests, _ = timelines(Answers([answer(0.5), answer(1.5), answer(2.1)]))
    assert requests.series == [Series("web-1 (a)", [1, 1])]


def test_a_long_day_is_told_by_some_seconds_and_still_as_requests_per_second() -> None:
    requests, latency = timelines(Answers([answer(number / 2) for number in range(2000)]))
    assert requests.step == latency.step == 10
    assert requests.series[0].values == pytest.approx([2] * 100)
    assert len(latency.series[0].values) == 100


def test_without_answers_there_is_no_plot() -> None:
    assert timelines(Answers()) == []

"""The runner: it writes down what it found, and heals whatever happens."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from lab import figures
from lab.load.openloop import Load, Script, asking
from lab.load.visitor import Site
from lab.running.record import Claim, Record
from lab.running.run import Run, TookTooLong
from lab.running.runner import run
from lab.running.signals import Signals
from lab.texts import Text
from tests.lab.grounds import Small, experiment, text
from tests.support.waiting import wait_until


@pytest.fixture
def ground() -> Small:
    return Small()


def stalls(its: Run[Small]) -> Text:
    """Stalls until ten requests wait."""
    with its.load(its.ground.load()):
        its.until(lambda: len(its.answers) > 3, 5, "answers")
        with its.fault(text("stalled"), its.ground.stalled()):
            before = len(its.ground.site.asked)
            its.until(lambda: len(its.ground.site.asked) > before + 10, 5, "more requests")
    its.claim(text("requests that failed"), len(its.answers.failed), at_most=0)
    its.claim(text("slowest"), its.answers.percentile(100), "s", at_least=0.05)
    return text("it stalled")


def test_a_run_leaves_its_report_its_figures_and_every_answer(ground: Small, tmp_path: Path) -> None:
    said: list[str] = []
    record = run(experiment(ground, stalls), tmp_path, said.append)
    assert record.as_claimed
    (place,) = (tmp_path / "whatisthetime/a-stall").iterdir()
    assert sorted(file.name for file in place.iterdir()) == [
        "answers.csv",
        "figures.json",
        "report.html",
        "report.ko.html",
    ]
    kept = json.loads((place / "figures.json").read_text())
    assert kept["as_claimed"] is True
    assert kept["about"].keys() == {"measured_at", "python", "machine"}
    assert sum(kept["plots"][0]["series"][0]["values"]) == len((place / "answers.csv").read_text().splitlines()) - 1
    (mark,) = kept["marks"]
    assert mark["text"]["en"] == "stalled"
    assert 0 < mark["since"] < mark["until"]
    assert Record.read(place / "figures.json").as_figures() == kept
    assert any("fault: stalled" in line for line in said)
    assert ground.events == ["up", "stalled", "healed", "down"]


def test_figures_are_kept_only_where_that_is_asked(
    ground: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "FOLDER", tmp_path / "kept")
    run(experiment(ground, stalls), tmp_path / "var", print)
    assert not (tmp_path / "kept").exists()
    record = run(experiment(Small(), stalls), tmp_path / "other", print, keep=True)
    kept = Record.read(tmp_path / "kept/experiments/whatisthetime/a-stall.json")
    assert (kept.name, kept.about) == (record.name, record.about)


def raises(its: Run[Small]) -> Text:
    with its.load(its.ground.load()), its.fault(text("stalled"), its.ground.stalled()):
        raise LookupError


def is_interrupted(its: Run[Small]) -> Text:
    with its.load(its.ground.load()), its.fault(text("stalled"), its.ground.stalled()):
        os.kill(os.getpid(), signal.SIGINT)
        its.wait(5)
    return text("never said")


def is_terminated(its: Run[Small]) -> Text:
    with its.load(its.ground.load()), its.fault(text("stalled"), its.ground.stalled()):
        os.kill(os.getpid(), signal.SIGTERM)
        its.wait(5)
    return text("never said")


def takes_too_long(its: Run[Small]) -> Text:
    with its.load(its.ground.load()), its.fault(text("stalled"), its.ground.stalled()):
        its.wait(121)
    return text("never said")


@pytest.mark.parametrize(
    ("body", "raised"),
    [
        (raises, LookupError),
        (is_interrupted, KeyboardInterrupt),
        (is_terminated, KeyboardInterrupt),
        (takes_too_long, TookTooLong),
    ],
)
def test_whatever_happens_is_healed(
    ground: Small, tmp_path: Path, body: Callable[[Run[Small]], Text], raised: type[BaseException]
) -> None:
    with pytest.raises(raised):
        run(experiment(ground, body), tmp_path, print)
    assert ground.events == ["up", "stalled", "healed", "down"]
    assert list(tmp_path.iterdir()) == []


def test_healing_is_not_interrupted_by_impatience() -> None:
    healed: list[str] = []

    def heal() -> None:
        with Signals() as signals:
            with signals.held():
                os.kill(os.getpid(), signal.SIGINT)
                os.kill(os.getpid(), signal.SIGTERM)
                healed.append("whole")
            healed.append("not reached")

    with pytest.raises(KeyboardInterrupt):
        heal()
    assert healed == ["whole"]


def test_a_second_signal_finds_somebody_healing_and_is_ignored() -> None:
    healed: list[str] = []

    def heal() -> None:
        with Signals():
            try:
                os.kill(os.getpid(), signal.SIGINT)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)
                healed.append("whole")

    with pytest.raises(KeyboardInterrupt):
        heal()
    assert healed == ["whole"]


def test_signals_mean_afterwards_what_they_meant_before() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Signals():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize(
    ("figure", "least", "most", "holds"),
    [
        (3, 3, None, True),
        (2.9, 3, None, False),
        (3, None, 3, True),
        (3.1, None, 3, False),
        (0, 0, 0, True),
        (float("nan"), None, 3, False),
    ],
)
def test_a_claim_holds_within_its_bounds(figure: float, least: float | None, most: float | None, holds: bool) -> None:
    assert Claim(text("it"), figure, at_least=least, at_most=most).holds == holds


def test_what_claims_nothing_proves_nothing(ground: Small, tmp_path: Path) -> None:
    assert not run(experiment(ground, lambda its: text("nothing was claimed")), tmp_path, print).as_claimed


def test_what_does_not_come_about_is_told(ground: Small) -> None:
    with Signals() as signals, pytest.raises(TookTooLong, match="a miracle"):
        Run(ground, print, signals).until(lambda: False, 0.1, "a miracle")


def test_a_run_counts_from_its_steady_state_on(ground: Small) -> None:
    with Signals() as signals, ground.standing():
        its = Run(ground, print, signals)
        with its.load(Load(Site("site.test", ground.site.port), 100, failing_at_first(12))):
            its.steady(0.3, within=10)
            assert 0.3 <= its.now < 1
    assert ground.site.asked.count("/broken") == 12
    assert its.answers.outcomes["503"] == 0
    assert its.answers[0].due >= 0


def failing_at_first(count: int) -> Script:
    """So many failures come before all is well."""
    left = iter(range(count))
    return lambda visitor: lambda: visitor.get("/page" if next(left, None) is None else "/broken")


def test_without_a_steady_state_there_is_no_experiment(ground: Small) -> None:
    with Signals() as signals, ground.standing():
        its = Run(ground, print, signals)
        load = its.load(Load(Site("site.test", ground.site.port), 100, asking("/broken")))
        with load, pytest.raises(TookTooLong, match="without a failure"):
            its.steady(0.1, within=0.4)


def test_deeds_and_answers_of_all_loads_are_told_by_one_clock(ground: Small) -> None:
    with Signals() as signals, ground.standing():
        its = Run(ground, print, signals)
        with its.load(ground.load()), its.load(ground.load()):
            wait_until(lambda: len(its.answers) > 20)
    due = [answer.due for answer in its.answers]
    assert due == sorted(due)
    assert due[0] == 0

"""Two instances that die one after the other, with somebody or nobody to replace them."""

from contextlib import AbstractContextManager

from lab.experiments.whatisthetime.common import APP, visitors
from lab.load.answers import Answers
from lab.running.architecture import Stage
from lab.running.run import Run
from lab.texts import Text

FIRST, SECOND = f"{APP}-1", f"{APP}-2"
# In each zone something else runs, too: a zone in which nothing runs counts as lost, and is left alone.
PAIRS = (f"{APP}-?", f"{APP}-worker-?", "cloud")
BETWEEN_SECONDS, REST_SECONDS, NOTICED_SECONDS = 14.0, 12.0, 3.0
DIES = Text("the first instance dies", "첫 인스턴스가 죽는다")
DIES_TOO = Text("the second instance dies, too", "둘째 인스턴스도 죽는다")


def two_deaths(its: Run[Stage], meanwhile: AbstractContextManager[None]) -> Answers:
    """The answers while both deaths happened."""
    stage = its.ground
    with its.load(visitors(stage)), meanwhile:
        its.steady()
        with its.fault(DIES, stage.killed(FIRST)):
            its.wait(BETWEEN_SECONDS)
            with its.fault(DIES_TOO, stage.killed(SECOND)):
                its.wait(REST_SECONDS)
        its.wait(6)
    second, first = sorted(its.marks, key=lambda mark: -mark.since)
    # Until the balancer has noticed, some are lost in any case.
    its.claim(
        Text("failed while only the first was dead", "첫 인스턴스만 죽은 동안의 실패"),
        len(its.answers.between(first.since + NOTICED_SECONDS, second.since).failed),
        at_most=0,
    )
    return its.answers.between(second.since, second.since + REST_SECONDS)

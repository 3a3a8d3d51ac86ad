"""What the experiments on WhatIsTheTime share."""

from lab.load.openloop import Load, asking
from lab.running.architecture import Stage
from lab.running.run import Run
from lab.texts import Text

RATE = 30.0
APP = "whatisthetime"
# Straight to an instance, past the balancer.
INSTANCE_PORT = 8000
BEFORE = Text("requests that failed before the fault", "고장 전에 실패한 요청")
AFTER = Text("requests that failed after it was healed", "복구 뒤에 실패한 요청")


def visitors(stage: Stage, *, timeout: float = 3.0) -> Load:
    """People who look at the time, by way of the balancer."""
    return Load(
        stage.site(APP, keeps=False, timeout=timeout), RATE, asking("/api/timezone/Asia/Seoul", "time in Seoul")
    )


def claim_calm(its: Run[Stage], fault_since: float, calm_since: float) -> None:
    """Hold that nothing failed in the steady state before the fault, and nothing once all was well again."""
    its.claim(BEFORE, len(its.answers.between(0, fault_since).failed), at_most=0)
    its.claim(AFTER, len(its.answers.between(calm_since, its.now).failed), at_most=0)

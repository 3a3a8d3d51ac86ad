"""One instance, which has to be stopped to become a larger one."""

from collections.abc import Iterator
from contextlib import contextmanager

from lab.experiments.whatisthetime.common import APP, INSTANCE_PORT, RATE, claim_calm
from lab.load.openloop import Load, asking
from lab.running.architecture import Stage, architecture
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

ONLY = f"{APP}-1"
SMALL, LARGE = "256m", "512m"
# What it takes on EC2 until an instance has stopped, changed its type, and started is some minutes.
STOPPED_SECONDS = 8.0


@contextmanager
def resized(stage: Stage) -> Iterator[None]:
    """Stopped, and larger when it starts; small again for whoever comes next."""
    try:
        with stage.stopped(ONLY):
            _resize(stage, LARGE)
            yield
    finally:
        _resize(stage, SMALL)


def _resize(stage: Stage, memory: str) -> None:
    stage.control.engine.run("update", "--memory", memory, "--memory-swap", memory, stage.control.name(ONLY))


def body(its: Run[Stage]) -> Text:
    site = its.ground.site_by_dns(APP, "instances", INSTANCE_PORT, timeout=3)
    with its.load(Load(site, RATE, asking("/api/timezone/Asia/Seoul", "time in Seoul"))):
        its.steady()
        with its.fault(Text("stopped, to be made larger", "더 크게 바꾸려고 멈춘다"), resized(its.ground)):
            its.wait(STOPPED_SECONDS)
        healed = its.now
        its.wait(10)
    (fault,) = its.marks
    claim_calm(its, fault.since, healed + 4)
    stopped = its.answers.between(fault.since + 2, fault.since + STOPPED_SECONDS)
    its.claim(
        Text("served while it was stopped", "멈춘 동안 응답한 요청"), len(stopped) - len(stopped.failed), at_most=0
    )
    downtime = its.answers.failing_seconds
    its.claim(Text("downtime", "중단 시간"), downtime, "s", at_least=STOPPED_SECONDS - 2)
    return Text(
        f"The site was gone for {downtime:.0f} s: {len(its.answers.failed)} requests failed, all that came.",
        f"사이트가 {downtime:.0f}초 동안 사라졌습니다. 그동안 온 요청 {len(its.answers.failed)}개가 모두 실패했습니다.",
    )


EXPERIMENT = Experiment(
    name="whatisthetime/one-instance",
    title=Text("One instance is stopped to be made larger", "인스턴스 하나를 멈추고 크기를 바꾼다"),
    hypothesis=Text(
        "A single instance grows only while it is stopped, and as long as it is stopped there is no site.",
        "하나뿐인 인스턴스는 멈춰야 커질 수 있고, 멈춘 동안에는 사이트가 없다.",
    ),
    ground=architecture(f"{APP}-1", instances=1),
    body=body,
    fails=True,
)

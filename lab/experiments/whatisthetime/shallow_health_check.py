"""A balancer that asks each instance whether it lives."""

from lab.experiments.whatisthetime.common import APP, claim_calm, visitors
from lab.running.architecture import Stage, architecture
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

HANGS = f"{APP}-2"
FAULT_SECONDS = 15.0


def body(its: Run[Stage]) -> Text:
    with its.load(visitors(its.ground)):
        its.steady()
        hangs = Text("one of three instances hangs", "인스턴스 셋 중 하나가 멈춰 선다")
        with its.fault(hangs, its.ground.hanging(HANGS)):
            its.wait(FAULT_SECONDS)
        healed = its.now
        its.wait(12)
    (fault,) = its.marks
    claim_calm(its, fault.since, healed + 6)
    during = its.answers.between(fault.since, fault.since + FAULT_SECONDS - 3)
    lasted = during.failing_seconds
    its.claim(Text("failures end within", "실패가 끝날 때까지"), lasted, "s", at_most=4)
    late = its.answers.between(fault.since + 4, fault.since + FAULT_SECONDS)
    its.claim(
        Text("failed of those that came from 4 s on, while it still hung", "4초 뒤부터 멈춰 있는 동안 온 요청의 실패"),
        len(late.failed),
        at_most=0,
    )
    its.claim(
        Text("served meanwhile by the other two", "그동안 나머지 둘이 응답한 요청"),
        len(late.instances),
        at_least=2,
        at_most=2,
    )
    count = len(during.failed)
    return Text(
        f"{count} requests failed within {lasted:.1f} s; then the other two served everybody.",
        f"{lasted:.1f}초 안에 요청 {count}개가 실패했고, 그 뒤로는 나머지 둘이 모두 응답했습니다.",
    )


EXPERIMENT = Experiment(
    name="whatisthetime/shallow-health-check",
    title=Text("A balancer that asks each instance whether it lives", "살아 있는지 물어보는 로드 밸런서"),
    hypothesis=Text(
        "The balancer asks each instance twice a second. One that misses two answers gets no more visitors. Who was "
        "sent there before waits in vain, and whoever comes from four seconds on is served, however long it hangs.",
        "로드 밸런서가 1초에 두 번 묻는다. 두 번 답이 없는 인스턴스에는 방문자를 보내지 않는다. 그 전에 보내진 "
        "방문자는 헛되이 기다리지만, 4초 뒤부터 온 방문자는 얼마나 오래 멈춰 있든 모두 응답을 받는다.",
    ),
    ground=architecture(f"{APP}-?", instances=3),
    body=body,
    cures=("whatisthetime/no-health-check",),
)

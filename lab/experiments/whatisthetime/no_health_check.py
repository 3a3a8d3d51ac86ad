"""A balancer that checks nobody."""

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
    share = 100 * len(during.failed) / len(during)
    its.claim(
        Text("of the visitors, those who got no answer", "응답을 받지 못한 방문자"), share, "%", at_least=25, at_most=42
    )
    lasted = its.answers.failing_seconds
    its.claim(Text("for how long", "지속 시간"), lasted, "s", at_least=FAULT_SECONDS - 4)
    return Text(
        f"{share:.0f} % of the visitors got no answer for {lasted:.0f} s, as long as the instance hung.",
        f"인스턴스가 멈춰 선 {lasted:.0f}초 내내 방문자의 {share:.0f} %가 응답을 받지 못했습니다.",
    )


EXPERIMENT = Experiment(
    name="whatisthetime/no-health-check",
    title=Text("A balancer that checks nobody", "아무도 확인하지 않는 로드 밸런서"),
    hypothesis=Text(
        "Visitors know one address now. But the balancer sends every third of them to an instance that answers "
        "nothing, as long as it does so.",
        "이제 방문자는 주소 하나만 안다. 그러나 로드 밸런서는 셋에 한 명을 응답하지 않는 인스턴스로 계속 보낸다.",
    ),
    ground=architecture(f"{APP}-?", instances=3, health="none"),
    body=body,
    fails=True,
    cures=("whatisthetime/plain-dns",),
)

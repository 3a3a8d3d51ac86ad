"""Everything in one zone, and the zone is lost."""

from lab.experiments.whatisthetime.common import APP, claim_calm, visitors
from lab.running.architecture import Stage, architecture
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

LOST_SECONDS = 12.0
LOST = Text("zone a is lost", "가용 영역 a를 잃는다")


def body(its: Run[Stage]) -> Text:
    with its.load(visitors(its.ground)):
        its.steady()
        with its.fault(LOST, its.ground.zone_lost("a")):
            its.wait(LOST_SECONDS)
        healed = its.now
        its.wait(12)
    (fault,) = its.marks
    claim_calm(its, fault.since, healed + 6)
    meanwhile = its.answers.between(fault.since + 1, fault.since + LOST_SECONDS)
    its.claim(
        Text("of the visitors meanwhile, those who failed", "그동안 실패한 방문자"),
        100 * len(meanwhile.failed) / len(meanwhile),
        "%",
        at_least=99,
    )
    lasted = its.answers.failing_seconds
    its.claim(Text("the site was gone for", "사이트가 사라진 시간"), lasted, "s", at_least=LOST_SECONDS - 2)
    return Text(
        f"Both instances were in the zone, and the site was gone for {lasted:.0f} s: {len(its.answers.failed)} "
        "requests.",
        f"두 인스턴스가 모두 그 영역에 있었고, 사이트가 {lasted:.0f}초 동안 사라졌습니다: 요청 "
        f"{len(its.answers.failed)}개.",
    )


EXPERIMENT = Experiment(
    name="whatisthetime/one-zone",
    title=Text("Two instances in one zone, which is lost", "한 영역에 둔 인스턴스 둘, 그 영역을 잃는다"),
    hypothesis=Text(
        "Two instances do not help where one cause takes both.",
        "한 원인이 둘을 다 앗아 가면 인스턴스가 둘이어도 소용없다.",
    ),
    ground=architecture(f"{APP}-?", instances=2, zones="a"),
    body=body,
    fails=True,
)

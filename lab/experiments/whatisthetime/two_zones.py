"""One instance in each of two zones, and a zone is lost."""

from lab.experiments.whatisthetime.common import APP, claim_calm, visitors
from lab.experiments.whatisthetime.one_zone import LOST, LOST_SECONDS
from lab.running.architecture import Stage, architecture
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    with its.load(visitors(its.ground)):
        its.steady()
        with its.fault(LOST, its.ground.zone_lost("a")):
            its.wait(LOST_SECONDS)
        healed = its.now
        its.wait(12)
    (fault,) = its.marks
    claim_calm(its, fault.since, healed + 6)
    count = len(its.answers.failed)
    its.claim(Text("requests that failed", "실패한 요청"), count, at_most=5)
    meanwhile = its.answers.between(fault.since + 3, fault.since + LOST_SECONDS)
    its.claim(Text("failed from 3 s on", "3초 뒤부터의 실패"), len(meanwhile.failed), at_most=0)
    its.claim(
        Text("zones that served meanwhile", "그동안 응답한 영역"),
        len({a.zone for a in meanwhile}),
        at_least=1,
        at_most=1,
    )
    return Text(
        f"{count} requests failed, on their way to the lost zone; the other zone served all that followed.",
        f"실패한 요청은 {count}개뿐이고, 그 뒤로는 다른 영역이 모두 응답했습니다.",
    )


EXPERIMENT = Experiment(
    name="whatisthetime/two-zones",
    title=Text(
        "One instance in each of two zones, one of which is lost", "두 영역에 하나씩 둔 인스턴스, 한 영역을 잃는다"
    ),
    hypothesis=Text(
        "Only what was on its way to the lost zone fails; the balancer sends all others to the zone that is left.",
        "잃은 영역에서 처리 중이던 요청만 실패하고, 나머지는 로드 밸런서가 남은 영역으로 보낸다.",
    ),
    ground=architecture(f"{APP}-?", instances=2, zones="ab"),
    body=body,
    cures=("whatisthetime/one-zone",),
)

"""Three instances behind plain DNS, whose answers are kept for a minute."""

from collections.abc import Iterator
from contextlib import contextmanager

from lab.experiments.whatisthetime.common import APP, INSTANCE_PORT
from lab.load.openloop import Load, asking
from lab.running.architecture import Stage, architecture
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

REMOVED = f"{APP}-2"
TTL_SECONDS = 60
# Each visitor comes every twelve seconds, so within the first twelve all have asked for the address.
VISITORS, RATE = 240, 20.0
FIRST_SECONDS = VISITORS / RATE


@contextmanager
def removed(stage: Stage) -> Iterator[None]:
    """The instance ends, and its record is taken out of DNS at the same moment."""
    control = stage.control
    address = control.plan.plan.listening(control.plan.services[REMOVED], "web")[0][0]
    zone = f"/run/{APP}.zone"
    edit = f"grep -v 'instances .* {address}$' {zone} >/tmp/zone; cat /tmp/zone >{zone}"
    reload = f"pdns_control --socket-dir=/run bind-reload-now {APP}.test"
    try:
        with stage.stopped(REMOVED):
            control.execute("names", "sh", "-c", f"{edit}; {reload}")
            yield
    finally:
        # It writes its zones anew when it starts.
        control.restart("names")


def body(its: Run[Stage]) -> Text:
    site = its.ground.site_by_dns(APP, "instances", INSTANCE_PORT, timeout=2)
    with its.load(Load(site, RATE, asking("/api/timezone/Asia/Seoul", "time in Seoul"), VISITORS)):
        its.wait(FIRST_SECONDS + 2)
        gone = Text("an instance and its record are removed", "인스턴스와 그 레코드를 없앤다")
        with its.fault(gone, removed(its.ground)):
            its.wait(TTL_SECONDS + 8)
    (fault,) = its.marks
    failed = its.answers.failed
    unlucky = {answer.visitor for answer in failed}
    last = failed[-1].due if failed else 0.0
    share = 100 * len(unlucky) / VISITORS
    claim_stale(its, fault.since, last, share)
    return Text(
        f"{len(unlucky)} of {VISITORS} visitors knew only the address that was gone, and failed for up to "
        f"{last - fault.since:.0f} s, though the record was taken out at once: {len(failed)} requests.",
        f"방문자 {VISITORS}명 가운데 {len(unlucky)}명은 사라진 주소만 알고 있었습니다. 레코드를 바로 지웠는데도 "
        f"길게는 {last - fault.since:.0f}초 동안 실패했습니다: 요청 {len(failed)}개.",
    )


def claim_stale(its: Run[Stage], since: float, last: float, share: float) -> None:
    """Hold that a third failed, for nearly as long as an answer of DNS is kept, and no longer."""
    its.claim(
        Text("visitors who knew the removed address only", "없앤 주소만 알던 방문자"),
        share,
        "%",
        at_least=15,
        at_most=50,
    )
    expiry = FIRST_SECONDS + TTL_SECONDS
    told = Text("the last failure, from the removal on", "제거한 때부터 마지막 실패까지")
    its.claim(told, last - since, "s", at_least=30, at_most=expiry - since + 4)
    later = its.answers.between(expiry + 4, its.now)
    its.claim(
        Text("failed after all answers of DNS had expired", "모든 DNS 응답이 만료된 뒤의 실패"),
        len(later.failed),
        at_most=0,
    )
    its.number(Text("failed in all", "실패한 요청 모두"), len(its.answers.failed))


EXPERIMENT = Experiment(
    name="whatisthetime/plain-dns",
    title=Text("Three instances behind plain DNS, one is removed", "DNS만으로 인스턴스 셋, 하나를 없앤다"),
    hypothesis=Text(
        "Whoever has the removed address goes on asking it until the time to live of 60 s is over: a third of all "
        "visitors fail for up to a minute, and nothing that is done on the server's side shortens that.",
        "없앤 주소를 받은 방문자는 TTL 60초가 끝날 때까지 그 주소로 간다. 방문자 셋 중 하나가 길게는 1분 동안 "
        "실패하고, 서버 쪽에서 무엇을 해도 그 시간은 줄지 않는다.",
    ),
    ground=architecture(f"{APP}-?", instances=3),
    body=body,
    fails=True,
    cures=("whatisthetime/one-instance",),
)

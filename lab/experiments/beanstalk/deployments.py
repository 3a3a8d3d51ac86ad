"""What all deployments are measured by: a good version, then one with a bug that no health check sees."""

from collections.abc import Callable

from lab.experiments.beanstalk.policies import Policy, Trial
from lab.texts import Text

STEADY_SECONDS = 4.0
GOOD = Text("version 2 is deployed", "버전 2를 배포한다")
BAD = Text("version 3, which has a bug, is deployed and called back", "버그가 있는 버전 3을 배포했다가 되돌린다")
# The bundles of the lab tell their version as their zone.
NEW = "version 2"
HARMED = Text("requests that failed while a good version was deployed", "정상 버전을 배포하는 동안 실패한 요청")
MET = Text("of the visitors while the bug was there, those who met it", "버그가 있는 동안 그것을 겪은 방문자의 비율")

Back = Callable[[Trial, int, int], None]


def deployed(
    policy: Policy, back: Back, *, most: float, least: float = 0.0, harmless: bool = True
) -> Callable[[Trial], Text]:
    """The body of an experiment. So many percent of the visitors have to meet the bug, of those who come meanwhile.

    `harmless` claims that nobody fails while a good version is deployed.
    """

    def body(its: Trial) -> Text:
        fleet, _ = its.ground
        with its.load(fleet.load()):
            its.steady(STEADY_SECONDS)
            with its.time_of(GOOD):
                policy(its, 2)
            its.wait(STEADY_SECONDS)
            with its.time_of(BAD):
                back(its, 3, 2)
            its.wait(STEADY_SECONDS)
        return judged(its, least, most, harmless)

    return body


def judged(its: Trial, least: float, most: float, harmless: bool) -> Text:
    """Claim what was found."""
    good, bad = its.marks
    took = (good.until or good.since) - good.since
    served = its.answers.between(0, bad.since).where(lambda answer: answer.zone == NEW)
    its.claim(
        Text("answers of version 2 before the bug came", "버그가 오기 전 버전 2의 응답"), len(served), at_least=50
    )
    harmed = len(its.answers.between(0, bad.since).failed)
    failed = its.answers.where(lambda answer: answer.due >= bad.since and answer.outcome == "500")
    count, lasted = len(failed), failed.failing_seconds
    meanwhile = its.answers.between(failed[0].due, failed[-1].due) if count else failed
    share = 100 * count / max(len(meanwhile), 1)
    if harmless:
        its.claim(HARMED, harmed, at_most=0)
    else:
        its.number(HARMED, harmed)
    slow = its.answers.between(good.since, bad.since).percentile(95)
    its.number(Text("latency meanwhile, 95th percentile", "그동안의 지연 95 백분위"), slow, "s")
    its.claim(MET, share, "%", at_least=least, at_most=most)
    its.number(Text("time of a good deployment", "정상 배포에 걸린 시간"), took, "s")
    its.number(Text("requests that failed by the bug", "버그로 실패한 요청"), count)
    its.number(Text("from the first of them to the last", "처음 실패부터 마지막 실패까지"), lasted, "s")
    return Text(
        f"A good version took {took:.0f} s, and {harmed} requests failed. The bug met {share:.0f} % of the visitors "
        f"for {lasted:.0f} s: {count} requests.",
        f"정상 버전은 {took:.0f}초 걸렸고 요청 {harmed}개가 실패했습니다. 버그는 {lasted:.0f}초 동안 방문자의 "
        f"{share:.0f} %가 겪었습니다: 요청 {count}개.",
    )

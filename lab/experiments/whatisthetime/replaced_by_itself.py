"""A dead instance that is replaced with nobody at the keyboard."""

from contextlib import nullcontext

from lab.experiments.whatisthetime.deaths import FIRST, NOTICED_SECONDS, PAIRS, two_deaths
from lab.running.architecture import Stage, architecture
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    after = two_deaths(its, nullcontext())
    first, second = sorted(its.marks, key=lambda mark: mark.since)
    served = its.answers.between(first.since + 1, second.since).where(lambda answer: answer.instance == FIRST)
    replaced = served[0].due - first.since if served else float("nan")
    its.claim(Text("the first served again after", "첫 인스턴스가 다시 응답하기까지"), replaced, "s", at_most=13)
    late = after.between(second.since + NOTICED_SECONDS, second.since + 60)
    its.claim(
        Text("failed from 3 s after the second death on", "둘째가 죽고 3초 뒤부터의 실패"),
        len(late.failed),
        at_most=0,
    )
    count = len(its.answers.failed)
    its.claim(Text("requests that failed by both deaths", "두 번 죽는 동안 실패한 요청"), count, at_most=30)
    return Text(
        f"The first instance was replaced after {replaced:.0f} s, before the second one died: {count} requests "
        "failed in all.",
        f"첫 인스턴스는 {replaced:.0f}초 뒤, 둘째가 죽기 전에 교체되었습니다. 실패한 요청은 모두 {count}개입니다.",
    )


EXPERIMENT = Experiment(
    name="whatisthetime/replaced-by-itself",
    title=Text("Dead instances are replaced by themselves", "죽은 인스턴스가 저절로 교체된다"),
    hypothesis=Text(
        "Whoever keeps the number of instances puts a new one in the place of the dead one within seconds, so a "
        "second death finds two instances again.",
        "인스턴스 수를 지키는 것이 몇 초 안에 죽은 것을 새것으로 바꾼다. 그래서 두 번째로 죽을 때는 다시 둘이 있다.",
    ),
    ground=architecture(*PAIRS, instances=2, workers=2),
    body=body,
    cures=("whatisthetime/replaced-by-hand",),
)

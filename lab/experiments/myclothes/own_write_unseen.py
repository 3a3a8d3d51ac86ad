"""Whoever wrote reads from a reader that does not have it yet."""

from lab.experiments.myclothes.returning import changes_unseen
from lab.experiments.myclothes.shop import shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    looked, unseen = changes_unseen(its, keeps_pin=False)
    its.claim(Text("looks at one's own change right after it", "바꾼 직후 자기 정보 보기"), looked, at_least=20)
    its.claim(Text("of them, those that did not find it", "찾지 못한 것"), unseen, at_least=10)
    return Text(
        f"{unseen} of {looked} looks did not show the change that the same customer had just made.",
        f"방금 바꾼 것을 {looked}번 보았는데 {unseen}번은 바뀌지 않은 것이 나왔습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/own-write-unseen",
    title=Text("Reading one's own write from a reader", "자기가 쓴 것을 읽기 서버에서 읽는다"),
    hypothesis=Text(
        "A reader is behind by as much as replication takes. Without the pin of the sites, customers do not find "
        "what they have just changed.",
        "읽기 서버는 복제에 걸리는 만큼 늦다. 사이트의 고정 쿠키가 없으면 방금 바꾼 것을 보지 못한다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=True),
    body=body,
    fails=True,
)

"""Whoever wrote reads the writer until the readers have it."""

from lab.experiments.myclothes.returning import changes_unseen
from lab.experiments.myclothes.shop import shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    looked, unseen = changes_unseen(its, keeps_pin=True)
    its.claim(Text("looks at one's own change right after it", "바꾼 직후 자기 정보 보기"), looked, at_least=20)
    its.claim(Text("of them, those that did not find it", "찾지 못한 것"), unseen, at_most=0)
    return Text(
        f"Of {looked} looks at a change that was just made {unseen} did not show it.",
        f"방금 바꾼 것을 {looked}번 보았고 {unseen}번은 바뀌지 않은 것이 나왔습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/own-write-seen",
    title=Text("Reading one's own write from the writer", "자기가 쓴 것은 쓰기 서버에서 읽는다"),
    hypothesis=Text(
        "A signed cookie leads whoever wrote to the writer, for longer than any reader in rotation may be behind.",
        "서명된 쿠키가 방금 쓴 손님을 쓰기 서버로 보낸다. 읽기 서버가 늦을 수 있는 시간보다 오래 그렇게 한다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=True),
    body=body,
    cures=("myclothes/own-write-unseen",),
)

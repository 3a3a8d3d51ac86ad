"""A page that everybody wants, and nothing that keeps it."""

from lab.experiments.myclothes.bursts import LOADED, loads
from lab.experiments.myclothes.shop import shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    asked, made = loads(its)
    its.claim(LOADED, made, at_least=asked * 0.9)
    return Text(
        f"{asked} visitors asked for the page within two seconds, and it was loaded {made} times.",
        f"2초 동안 {asked}명이 페이지를 요청했고, {made}번 데이터베이스에서 읽었습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/stampede",
    title=Text("Everybody wants one page", "모두가 한 페이지를 원할 때"),
    hypothesis=Text(
        "Each visitor loads the page for themselves, so the database has as much work as there are visitors, just "
        "when there are many.",
        "손님마다 페이지를 따로 읽으니, 하필 손님이 많을 때 데이터베이스의 일이 손님 수만큼 늘어난다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=True),
    body=body,
    fails=True,
)

"""A balancer that asks whether each instance lives, while the database stalls."""

from lab.experiments.myclothes.shop import shop
from lab.experiments.myclothes.stalls import while_the_writer_stalls
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    pages = while_the_writer_stalls(its)
    share = 100 * len(pages.failed) / len(pages)
    its.claim(Text("of the pages meanwhile, those that failed", "그동안 실패한 페이지"), share, "%", at_most=2)
    by_reader = len(pages.where(lambda answer: answer.database.startswith("reader")))
    its.claim(
        Text("pages from the reader meanwhile", "그동안 읽기 서버가 낸 페이지"), by_reader, at_least=len(pages) * 0.9
    )
    return Text(
        f"The reader went on to answer: {share:.0f} % of the pages failed while the writer stalled.",
        f"읽기 서버가 계속 응답해, 쓰기 서버가 멈춘 동안 페이지의 {share:.0f} %만 실패했습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/shallow-health-check",
    title=Text("Shallow health checks while the writer stalls", "쓰기 서버가 멈춰 선 동안의 얕은 상태 확인"),
    hypothesis=Text(
        "A health check that touches nothing keeps the fleet, and whoever only looks is served by the reader.",
        "아무것도 건드리지 않는 상태 확인은 인스턴스를 지키고, 보기만 하는 손님은 읽기 서버가 맡는다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=True, health="live"),
    body=body,
    cures=("myclothes/deep-health-check",),
)

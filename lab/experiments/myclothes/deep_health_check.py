"""A balancer that asks whether each instance reaches its database, which stalls."""

from lab.experiments.myclothes.shop import shop
from lab.experiments.myclothes.stalls import while_the_writer_stalls
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    pages = while_the_writer_stalls(its)
    share = 100 * len(pages.failed) / len(pages)
    its.claim(Text("of the pages meanwhile, those that failed", "그동안 실패한 페이지"), share, "%", at_least=90)
    return Text(
        f"{share:.0f} % of the pages failed, though the reader could answer all: every instance was taken out at once.",
        f"읽기 서버가 다 응답할 수 있었는데도 페이지의 {share:.0f} %가 실패했습니다. 모든 인스턴스가 한꺼번에 "
        "빠졌기 때문입니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/deep-health-check",
    title=Text("Deep health checks while the writer stalls", "쓰기 서버가 멈춰 선 동안의 깊은 상태 확인"),
    hypothesis=Text(
        "All instances ask the same database, so all get unhealthy at the same moment, and the balancer takes a "
        "healthy fleet away for the sake of one stalled server.",
        "모든 인스턴스가 같은 데이터베이스에 묻기 때문에 모두 한꺼번에 비정상이 되고, 서버 하나가 멈췄다고 멀쩡한 "
        "인스턴스가 모두 빠진다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=True, health="ready"),
    body=body,
    fails=True,
)

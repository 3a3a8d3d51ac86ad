"""Every page asks the one database that also takes all writes."""

from lab.experiments.myclothes.reading import RATE, STATEMENTS_OF_WRITER, measured
from lab.experiments.myclothes.shop import shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    reads = measured(its)
    its.claim(STATEMENTS_OF_WRITER, reads.writer, "/s", at_least=RATE)
    its.claim(Text("statements of the reader", "읽기 서버의 질의"), reads.reader, "/s", at_most=RATE / 10)
    return Text(
        f"{RATE:g} pages a second cost the writer {reads.writer:.0f} statements a second.",
        f"초당 {RATE:g}페이지에 쓰기 서버가 초당 질의 {reads.writer:.0f}개를 처리했습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/reads-writer-alone",
    title=Text("All reads on the writer", "모든 읽기를 쓰기 서버가"),
    hypothesis=Text(
        "Whatever visitors look at is work of the one server that takes all orders, and that one cannot be doubled.",
        "손님이 보는 모든 것이 주문을 받는 하나뿐인 서버의 일이 되고, 그 서버는 둘로 늘릴 수 없다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=False),
    body=body,
    fails=True,
)

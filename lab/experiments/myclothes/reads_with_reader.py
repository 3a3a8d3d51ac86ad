"""Pages ask a reader; the writer is left to those who write."""

from lab.experiments.myclothes.reading import RATE, STATEMENTS_OF_WRITER, measured
from lab.experiments.myclothes.shop import shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    reads = measured(its)
    its.claim(STATEMENTS_OF_WRITER, reads.writer, "/s", at_most=RATE / 2)
    its.claim(Text("statements of the reader", "읽기 서버의 질의"), reads.reader, "/s", at_least=RATE)
    by_reader = len(its.answers.where(lambda answer: answer.database.startswith("reader")))
    its.claim(Text("pages from the reader", "읽기 서버의 페이지"), 100 * by_reader / len(its.answers), "%", at_least=95)
    return Text(
        f"The same pages cost the reader {reads.reader:.0f} statements a second, and the writer {reads.writer:.0f}.",
        f"같은 페이지에 읽기 서버가 초당 질의 {reads.reader:.0f}개, 쓰기 서버가 {reads.writer:.0f}개를 처리했습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/reads-with-reader",
    title=Text("Reads on a reader", "읽기는 읽기 서버가"),
    hypothesis=Text(
        "Whoever only looks is served by a reader. Readers can be doubled as often as one likes.",
        "보기만 하는 손님은 읽기 서버가 맡는다. 읽기 서버는 얼마든지 늘릴 수 있다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=True),
    body=body,
    cures=("myclothes/reads-writer-alone",),
)

"""Pages are kept in a cache, and hardly any asks a database."""

from lab.experiments.myclothes.reading import RATE, measured
from lab.experiments.myclothes.shop import REDIS, shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    reads = measured(its)
    its.claim(Text("pages from the cache", "캐시에서 나온 페이지"), reads.hit_percent, "%", at_least=90)
    its.claim(Text("statements of both servers", "두 서버의 질의"), reads.writer + reads.reader, "/s", at_most=RATE / 2)
    return Text(
        f"{reads.hit_percent:.0f} % of the pages came from the cache; both databases together had "
        f"{reads.writer + reads.reader:.0f} statements a second.",
        f"페이지의 {reads.hit_percent:.0f} %가 캐시에서 나왔고, 두 데이터베이스의 질의는 합쳐서 초당 "
        f"{reads.writer + reads.reader:.0f}개였습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/reads-with-cache",
    title=Text("Reads from a cache", "읽기는 캐시에서"),
    hypothesis=Text(
        "What many look at is made once, and most pages need no database at all.",
        "많은 사람이 보는 것은 한 번만 만들고, 페이지 대부분은 데이터베이스가 필요 없다.",
    ),
    ground=shop(*REDIS, sessions="cookie", cache="redis", replicas=True),
    body=body,
    cures=("myclothes/reads-writer-alone",),
)

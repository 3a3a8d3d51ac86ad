"""What all experiments with reads are measured by: who answered, how fast, and what the servers had to do."""

from dataclasses import dataclass

from lab.experiments.myclothes.buyers import looking
from lab.experiments.myclothes.shop import APP, Catalogue, sql
from lab.load.openloop import Load
from lab.running.architecture import Stage
from lab.running.databases import writer
from lab.running.run import Run
from lab.texts import Text

RATE, SECONDS = 25.0, 15.0
READER = "database-reader"
# A few minutes of people: who comes again comes to another page.
VISITORS = 151

STATEMENTS_OF_WRITER = Text("statements of the writer", "쓰기 서버의 질의")


@dataclass(frozen=True)
class Reads:
    """Statements per second of each server, beyond what it does without visitors, and the share of pages from "
    "cache."""

    writer: float
    reader: float
    hit_percent: float
    median_milliseconds: float


def measured(its: Run[Stage]) -> Reads:
    """Under the load of people who look at products."""
    stage = its.ground
    with its.load(Load(stage.site(APP, keeps=False), RATE, looking(Catalogue(stage).products), VISITORS)):
        its.steady()
        servers = writer(stage), READER
        before, began = [selects(stage, server) for server in servers], its.now
        its.wait(SECONDS)
        took = its.now - began
        by_writer, by_reader = (selects(stage, server) - had for server, had in zip(servers, before, strict=True))
    found = its.answers.where(lambda answer: answer.fine)
    hits = len(found.where(lambda answer: answer.cache == "hit"))
    reads = Reads(by_writer / took, by_reader / took, 100 * hits / len(found), found.percentile(50) * 1000)
    tell(its, reads)
    return reads


def tell(its: Run[Stage], reads: Reads) -> None:
    """Tell the figures, and hold that all pages were served."""
    its.claim(Text("pages that failed", "실패한 페이지"), len(its.answers.failed), at_most=0)
    its.number(Text("statements that the writer answered", "쓰기 서버가 처리한 질의"), reads.writer, "/s")
    its.number(Text("statements that the reader answered", "읽기 서버가 처리한 질의"), reads.reader, "/s")
    its.number(Text("pages from the cache", "캐시에서 나온 페이지"), reads.hit_percent, "%")
    its.number(Text("median latency", "지연 중앙값"), reads.median_milliseconds, "ms")


def selects(stage: Stage, server: str) -> int:
    """How many SELECTs a server has answered since it started."""
    return int(sql(stage, server, "SHOW GLOBAL STATUS LIKE 'Com_select'").split()[1])

"""Everybody wants one page at the moment when nothing has it."""

from lab.experiments.myclothes.reading import READER, selects
from lab.experiments.myclothes.shop import APP, Catalogue
from lab.load.openloop import Load, asking
from lab.running.architecture import Stage
from lab.running.databases import writer
from lab.running.run import Run
from lab.texts import Text

RATE, BURST_SECONDS = 60.0, 2.0
PAGES = Text("pages that were asked for", "요청된 페이지")
LOADED = Text("times that the page was loaded from a database", "데이터베이스에서 페이지를 읽은 횟수")


def loads(its: Run[Stage]) -> tuple[int, int]:
    """How many asked for the page in the burst, and how many times a database was asked for what is on it."""
    stage = its.ground
    page = Catalogue(stage).products[0]
    servers = writer(stage), READER
    before = sum(selects(stage, server) for server in servers)
    with its.load(Load(stage.site(APP, keeps=False, timeout=10), RATE, asking(page, "product"))):
        its.wait(BURST_SECONDS)
    after = sum(selects(stage, server) for server in servers)
    asked = its.answers.where(lambda answer: answer.fine)
    made = len(asked.where(lambda answer: answer.cache in ("miss", "off", "")))
    its.number(PAGES, len(asked))
    its.number(Text("statements of both databases", "두 데이터베이스의 질의"), after - before)
    return len(asked), made

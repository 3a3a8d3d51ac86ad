"""A page that everybody wants goes out of the cache, and one visitor's load serves all."""

from lab.experiments.myclothes.bursts import LOADED, loads
from lab.experiments.myclothes.cart_redis_primary import primary
from lab.experiments.myclothes.shop import REDIS, shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

# Whoever waits too long for another's load does it all the same.
MOST = 4


def body(its: Run[Stage]) -> Text:
    empty(its.ground)
    asked, made = loads(its)
    its.claim(Text("pages that failed", "실패한 페이지"), len(its.answers.failed), at_most=0)
    its.claim(LOADED, made, at_least=1, at_most=MOST)
    return Text(
        f"{asked} visitors asked for the page within two seconds, and it was loaded {made} times.",
        f"2초 동안 {asked}명이 페이지를 요청했고, {made}번 데이터베이스에서 읽었습니다.",
    )


def empty(stage: Stage) -> None:
    """Forget all that is kept, as a cache does that was just replaced."""
    stage.control.execute(primary(stage), "sh", "-c", '/opt/cache/ask "$LISTEN" 6379 FLUSHALL')


EXPERIMENT = Experiment(
    name="myclothes/stampede-held",
    title=Text("Everybody wants one page, held back", "모두가 한 페이지를 원할 때, 막아 준다"),
    hypothesis=Text(
        "One visitor loads what is missing, the others wait for it a moment: however many come, the database is "
        "asked once.",
        "없는 것은 한 명이 읽고 나머지는 잠깐 기다린다. 몇 명이 오든 데이터베이스에는 한 번 묻는다.",
    ),
    ground=shop(*REDIS, sessions="cookie", cache="redis", replicas=True),
    body=body,
    cures=("myclothes/stampede",),
)

"""Many want the last pieces of one product at the same moment."""

from lab.experiments.myclothes.buyers import SOLD_OUT, acknowledged, buying
from lab.experiments.myclothes.shop import APP, shop, sql
from lab.load.openloop import Load
from lab.running.architecture import Stage
from lab.running.databases import writer
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

BUYERS, RATE = 60, 12.0


def body(its: Run[Stage]) -> Text:
    variant, stock = scarce(its.ground)
    before = sold(its.ground, variant)
    site = its.ground.site(APP, keeps=False, timeout=15)
    with its.load(Load(site, RATE, buying([variant]), BUYERS)):
        its.wait(BUYERS / RATE)
    told, gone = len(acknowledged(its)), sold(its.ground, variant) - before
    left = int(sql(its.ground, writer(its.ground), f"SELECT stock FROM variants WHERE id = {variant:d}"))  # noqa: S608
    its.claim(Text("orders that buyers were told", "구매자가 확인받은 주문"), told, at_least=stock, at_most=stock)
    its.claim(Text("pieces sold by the books", "장부의 판매 수량"), gone, at_least=stock, at_most=stock)
    its.claim(Text("pieces left", "남은 수량"), left, at_least=0, at_most=0)
    broken = len(its.answers.failed.where(lambda answer: answer.outcome != SOLD_OUT))
    its.claim(Text("requests that failed otherwise", "다른 까닭으로 실패한 요청"), broken, at_most=0)
    return Text(
        f"{BUYERS} buyers raced for {stock} pieces: {told} got one, all others were told that it is sold out.",
        f"구매자 {BUYERS}명이 {stock}개를 두고 경쟁했습니다. {told}명이 샀고 나머지는 품절이라는 답을 받았습니다.",
    )


def scarce(stage: Stage) -> tuple[int, int]:
    """A piece of which there are few, and how many."""
    told = sql(stage, writer(stage), "SELECT id, stock FROM variants WHERE stock BETWEEN 5 AND 20 ORDER BY id LIMIT 1")
    variant, stock = map(int, told.split())
    return variant, stock


def sold(stage: Stage, variant: int) -> int:
    """How many of it are in orders."""
    told = f"SELECT COALESCE(SUM(quantity), 0) FROM order_lines WHERE variant_id = {variant:d}"  # noqa: S608
    return int(sql(stage, writer(stage), told))


EXPERIMENT = Experiment(
    name="myclothes/hot-product",
    title=Text("Sixty buyers race for the last pieces", "마지막 몇 개를 두고 예순 명이 경쟁한다"),
    hypothesis=Text(
        "Each piece is taken by a statement that only succeeds while there is one, so exactly as many are sold as "
        "there are.",
        "하나라도 남아 있을 때만 성공하는 문장으로 재고를 줄이므로, 있는 만큼만 정확히 팔린다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=False),
    body=body,
)

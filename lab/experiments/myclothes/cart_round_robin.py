"""Carts in the memory of each instance, and a balancer that sends visitors around."""

from lab.experiments.myclothes.carts import LOOKS_LOST, SHOPPERS_LOST, looks, losers, lost, unserved
from lab.experiments.myclothes.shop import shop
from lab.experiments.myclothes.shoppers import shoppers
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    with its.load(shoppers(its.ground)):
        its.wait(20)
    seen, empty = looks(its), lost(its)
    share = 100 * len(empty) / max(len(seen), 1)
    its.claim(LOOKS_LOST, share, "%", at_least=30, at_most=70)
    its.claim(SHOPPERS_LOST, losers(its), at_least=30)
    its.claim(Text("requests that failed otherwise", "다른 까닭으로 실패한 요청"), unserved(its), at_most=0)
    return Text(
        f"{len(empty)} of {len(seen)} looks found the cart empty ({share:.0f} %), for {losers(its)} of the shoppers.",
        f"장바구니를 {len(seen)}번 보았고 {len(empty)}번({share:.0f} %)은 비어 있었습니다. 손님 {losers(its)}명이 "
        "겪었습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/cart-round-robin",
    title=Text("Carts in memory, a balancer in turns", "메모리의 장바구니, 돌아가며 보내는 로드 밸런서"),
    hypothesis=Text(
        "Each instance knows only the carts that it made itself. Every second request meets the other one, which "
        "finds nothing: nobody can shop.",
        "인스턴스는 자기가 만든 장바구니만 안다. 요청 둘 중 하나는 다른 인스턴스로 가서 빈 장바구니를 본다.",
    ),
    ground=shop(sessions="memory", cache="null", replicas=False),
    body=body,
    fails=True,
)

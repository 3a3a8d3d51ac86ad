"""Carts in the memory of each instance, and a balancer that remembers who had whom."""

from lab.experiments.myclothes.carts import claim_nothing_lost, told_kept
from lab.experiments.myclothes.shop import shop
from lab.experiments.myclothes.shoppers import shoppers
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    with its.load(shoppers(its.ground)):
        its.steady()
        its.wait(12)
    claim_nothing_lost(its)
    its.claim(Text("instances that served", "응답한 인스턴스"), len(its.answers.instances), at_least=2)
    return told_kept(its)


EXPERIMENT = Experiment(
    name="myclothes/cart-sticky",
    title=Text("Carts in memory, a sticky balancer", "메모리의 장바구니, 손님을 기억하는 로드 밸런서"),
    hypothesis=Text(
        "A cookie of the balancer leads each visitor to the instance that has their cart, as long as that lives.",
        "로드 밸런서의 쿠키가 손님을 자기 장바구니가 있는 인스턴스로 보낸다. 그 인스턴스가 살아 있는 동안은.",
    ),
    ground=shop(sessions="memory", cache="null", replicas=False, sticky=True),
    body=body,
    cures=("myclothes/cart-round-robin",),
)

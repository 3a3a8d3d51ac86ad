"""Carts in the memory of each instance, a sticky balancer, and an instance that dies."""

from lab.experiments.myclothes.carts import SHOPPERS_LOST, losers, lost, while_an_instance_dies
from lab.experiments.myclothes.shop import shop
from lab.experiments.myclothes.shoppers import SHOPPERS
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    while_an_instance_dies(its)
    (fault,) = its.marks
    its.claim(
        Text("lost before the instance died", "인스턴스가 죽기 전에 잃은 것"),
        len(lost(its).between(0, fault.since)),
        at_most=0,
    )
    share = 100 * losers(its) / SHOPPERS
    its.claim(SHOPPERS_LOST, share, "%", at_least=30, at_most=70)
    return Text(
        f"{losers(its)} of {SHOPPERS} shoppers lost their cart with the instance that had it.",
        f"손님 {SHOPPERS}명 가운데 {losers(its)}명이 인스턴스와 함께 장바구니를 잃었습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/cart-sticky-dies",
    title=Text("A sticky balancer, and the instance dies", "손님을 기억해도 인스턴스가 죽으면"),
    hypothesis=Text(
        "Whoever stuck to an instance loses their cart with it: half of all shoppers.",
        "한 인스턴스에 붙어 있던 손님은 그것과 함께 장바구니를 잃는다. 손님의 절반이다.",
    ),
    ground=shop(sessions="memory", cache="null", replicas=False, sticky=True),
    body=body,
    fails=True,
)

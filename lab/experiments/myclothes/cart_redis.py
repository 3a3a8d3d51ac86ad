"""Carts in Redis, and an instance that dies."""

from lab.experiments.myclothes.carts import claim_nothing_lost, told_kept, while_an_instance_dies
from lab.experiments.myclothes.shop import REDIS, shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    while_an_instance_dies(its)
    claim_nothing_lost(its)
    return told_kept(its)


EXPERIMENT = Experiment(
    name="myclothes/cart-redis",
    title=Text("Carts in Redis, and an instance dies", "Redis의 장바구니, 인스턴스가 죽는다"),
    hypothesis=Text(
        "No instance has anything of its own, so it does not matter which one answers, or dies.",
        "인스턴스는 아무것도 따로 갖지 않으니 누가 응답하든, 누가 죽든 상관없다.",
    ),
    ground=shop(*REDIS, sessions="redis", cache="null", replicas=False),
    body=body,
    cures=("myclothes/cart-sticky-dies",),
)

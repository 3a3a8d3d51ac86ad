"""Carts in DynamoDB, and an instance that dies."""

from lab.experiments.myclothes.carts import claim_nothing_lost, told_kept, while_an_instance_dies
from lab.experiments.myclothes.shop import shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    while_an_instance_dies(its)
    claim_nothing_lost(its)
    return told_kept(its)


EXPERIMENT = Experiment(
    name="myclothes/cart-dynamodb",
    title=Text("Carts in DynamoDB, and an instance dies", "DynamoDB의 장바구니, 인스턴스가 죽는다"),
    hypothesis=Text(
        "The same with a store that is kept in several zones by itself, and needs no failover of ours.",
        "스스로 여러 영역에 보관하는 저장소도 마찬가지이고, 우리가 장애 조치를 할 일도 없다.",
    ),
    ground=shop(sessions="dynamodb", cache="null", replicas=False),
    body=body,
    cures=("myclothes/cart-sticky-dies",),
)

"""The writer is lost, and a replica that followed at its leisure is promoted."""

from lab.experiments.myclothes.buyers import acknowledged, buyers, missing
from lab.experiments.myclothes.shop import shop, sql
from lab.running.architecture import Stage
from lab.running.databases import standby, writer
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

BEHIND_SECONDS = 4.0
BEHIND = Text("the network to the standby is cut", "대기 서버로 가는 네트워크가 끊긴다")


def body(its: Run[Stage]) -> Text:
    stage = its.ground
    stage.spoiled = True
    leader, follower = writer(stage), standby(stage)
    with stage.hanging("promoter"):
        # From now on an order is acknowledged without waiting for the standby.
        sql(stage, leader, "SET GLOBAL rpl_semi_sync_master_enabled = 0")
        with its.load(buyers(stage)):
            its.steady()
            with its.fault(BEHIND, stage.cut_off(follower, "database-servers")):
                its.wait(BEHIND_SECONDS)
                its.mark(Text("the writer is lost", "쓰기 서버를 잃는다"))
                stage.control.kill(leader)
        sql(stage, follower, "STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = 0")
        its.mark(Text("the standby is promoted", "대기 서버를 승격한다"))
        told, gone = len(acknowledged(its)), len(missing(its, follower))
    its.claim(Text("acknowledged orders that are missing", "확인되었으나 사라진 주문"), gone, at_least=1)
    its.claim(Text("acknowledged orders", "확인된 주문"), told, at_least=15)
    return Text(
        f"Of {told} orders that buyers were told, {gone} are missing: the standby was {BEHIND_SECONDS:g} s behind.",
        f"구매자가 확인받은 주문 {told}개 가운데 {gone}개가 없습니다. 대기 서버가 {BEHIND_SECONDS:g}초 뒤처져 "
        "있었습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/writer-lost-asynchronous",
    title=Text("The writer is lost, with an asynchronous replica", "쓰기 서버를 잃는다, 비동기 복제본"),
    hypothesis=Text(
        "A writer that waits for nobody acknowledges orders that exist on it alone. Whoever promotes a replica "
        "then has lost them, and their buyers do not know.",
        "아무도 기다리지 않는 쓰기 서버는 자기에게만 있는 주문을 확인해 준다. 복제본을 승격하면 그 주문은 "
        "사라지고, 산 사람은 모른다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=False),
    body=body,
    fails=True,
)

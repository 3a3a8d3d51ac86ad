"""Carts in Redis, whose primary is lost."""

from lab.experiments.myclothes.carts import break_while_shopping, claim_nothing_lost, losers
from lab.experiments.myclothes.shop import REDIS, shop
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

ROLE = (
    'redis-cli --tls --cacert /secrets/ca.pem --no-auth-warning -a "$(cat /secrets/cache_password)" -h "$LISTEN" role'
)


def body(its: Run[Stage]) -> Text:
    primary_dies = Text("the primary of Redis dies", "Redis의 주 서버가 죽는다")
    break_while_shopping(its, primary_dies, lambda: its.ground.killed(primary(its.ground)), pieces=6)
    claim_nothing_lost(its)
    failed = its.answers.failed
    its.claim(
        Text("from the first failure to the last", "첫 실패부터 마지막 실패까지"),
        failed.failing_seconds,
        "s",
        at_most=8,
    )
    confirmed = len(its.deeds)
    its.number(Text("changes of carts that were confirmed", "확인된 장바구니 변경"), confirmed)
    return Text(
        f"{confirmed} changes were confirmed, and {losers(its)} shoppers missed any of them. For "
        f"{failed.failing_seconds:.1f} s some requests failed, {len(failed)} in all.",
        f"변경 {confirmed}개가 확인되었고, 그 가운데 하나라도 잃은 손님은 {losers(its)}명입니다. "
        f"{failed.failing_seconds:.1f}초 동안 요청 {len(failed)}개가 실패했습니다.",
    )


def primary(stage: Stage) -> str:
    """The server that Sentinel has appointed; the one it began with, unless that failed over before."""
    told = {name: stage.control.execute(name, "sh", "-c", ROLE) for name in ("cache-a", "cache-b")}
    return next(name for name, words in told.items() if words.startswith("master"))


EXPERIMENT = Experiment(
    name="myclothes/cart-redis-primary",
    title=Text("The primary of Redis is lost", "Redis의 주 서버를 잃는다"),
    hypothesis=Text(
        "A change is confirmed once a replica has it, so the replica that takes over has all of them. Until then, "
        "for some seconds, whoever needs a cart is told to come again.",
        "변경은 복제본까지 간 뒤에 확인되므로 뒤를 잇는 복제본에 다 있다. 그때까지 몇 초 동안 장바구니가 필요한 "
        "손님은 다시 오라는 말을 듣는다.",
    ),
    ground=shop(*REDIS, sessions="redis", cache="null", replicas=False),
    body=body,
)

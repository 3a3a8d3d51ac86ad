"""The experiment: faults by the plan of a seed, one after another, under load; then everything is counted."""

from collections.abc import Sequence

from lab.experiments.myclothes.shop import sql
from lab.running.architecture import Stage
from lab.running.databases import writer
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.storm.crowd import COMMENT, ORDER, PATIENCE_SECONDS, PAYMENT, POST, UPLOAD, Crowd
from lab.storm.invariants import CHECKS, calm_down, told, unexplained
from lab.storm.plan import Blow, plan
from lab.storm.sky import Sky, broken, is_well
from lab.texts import Text

# How long after a fault has healed a request may still fail for its sake, and how long all may take to be well again.
RECOVERY_SECONDS, WELL_SECONDS = 15.0, 90.0
# Recoveries may take longer than is reckoned, and what is left is settled and counted afterwards.
SPARE = 3
SPARE_SECONDS = 600.0
# Enough of these pieces are in stock for the longest day.
KINDS = 10
STORM = "storm"
MANY = """
INSERT INTO stock_movements (variant_id, quantity, cause, reference, note, actor, moved_at)
SELECT id, 100000, 'count', 'before the storm', '', 'storm', UTC_TIMESTAMP() FROM variants ORDER BY id LIMIT {kinds};
UPDATE variants SET stock = stock + 100000 ORDER BY id LIMIT {kinds};
SELECT id FROM variants ORDER BY id LIMIT {kinds}
"""
COUNTED = (
    (ORDER, Text("orders", "주문")),
    (PAYMENT, Text("payments", "결제")),
    (UPLOAD, Text("uploads", "올린 그림")),
    (POST, Text("posts", "글")),
    (COMMENT, Text("comments", "댓글")),
)


def storm(minutes: float, seed: int) -> Experiment:
    """The day of this seed."""
    blows = plan(seed, minutes)

    def body(its: Run[Stage]) -> Text:
        crowd = weathered(its, blows, seed)
        its.number(Text("until all was paid and sent", "결제와 발송이 끝나기까지"), round(calm_down(its), 1), "s")
        return counted(its, crowd, len(blows))

    return Experiment(
        name=f"{STORM}/seed-{seed}",
        title=Text(f"A random day: {minutes:g} minutes of seed {seed}", f"무작위의 하루: 시드 {seed}, {minutes:g}분"),
        hypothesis=Text(
            "Whatever dies or hangs, one at a time, nothing is lost that was acknowledged, nothing happens twice, and "
            "nobody is turned away but while something is broken.",
            "무엇이 죽거나 멈추든 한 번에 하나라면 확인된 것은 잃지 않고, 두 번 일어나는 일도 없으며, 고장이 난 동안이 "
            "아니면 아무도 거절되지 않는다.",
        ),
        ground=Sky(minutes, seed),
        body=body,
        most_seconds=minutes * 60 * SPARE + SPARE_SECONDS,
    )


def weathered(its: Run[Stage], blows: Sequence[Blow], seed: int) -> Crowd:
    """All blows under load, each once all is well after the one before; answers who was about."""
    stage = its.ground
    variants = [int(number) for number in sql(stage, writer(stage), MANY.format(kinds=KINDS)).split()]
    crowd = Crowd(lambda app: stage.site(app, timeout=PATIENCE_SECONDS), variants, seed)
    longest = 0.0
    with crowd.about(its):
        its.steady()
        for blow in blows:
            its.wait(blow.after)
            with its.fault(blow.text, broken(stage, blow)):
                its.wait(blow.lasts)
            took = its.until(lambda: is_well(stage), WELL_SECONDS, f"all well after {blow.text.en}")
            its.tell(f"well after {took:.1f} s")
            longest = max(longest, took)
        its.wait(RECOVERY_SECONDS)
    its.number(Text("longest time until all was well again", "모두 나아지기까지 가장 긴 시간"), round(longest, 1), "s")
    return crowd


def counted(its: Run[Stage], crowd: Crowd, blows: int) -> Text:
    """Hold every invariant, and say what came of it."""
    for kind, text in COUNTED:
        its.number(text, len(told(its, kind)))
    wrong = 0
    for text, check in CHECKS:
        found = check(its, crowd)
        its.tell(f"{text.en}: {found:g}")
        its.claim(text, found, at_most=0)
        wrong += found > 0
    odd = unexplained(its.answers, its.marks, RECOVERY_SECONDS)
    for answer in odd:
        its.tell(f"unexplained at {answer.due:.1f} s: {answer.asked}: {answer.outcome} by {answer.instance or '-'}")
    its.claim(Text("failures that no fault explains", "고장으로 설명되지 않는 실패"), len(odd), at_most=0)
    its.claim(Text("orders acknowledged", "확인된 주문"), len(told(its, ORDER)), at_least=1)
    all_told, failed = len(its.answers), len(its.answers.failed)
    return Text(
        f"{blows} faults; of {all_told} requests {failed} failed, {len(odd)} of them for no fault's sake; "
        f"{wrong} of {len(CHECKS)} invariants were broken.",
        f"고장 {blows}번, 요청 {all_told}개 가운데 {failed}개가 실패했고 그 가운데 {len(odd)}개는 고장으로 설명되지 "
        f"않습니다. 불변 조건 {len(CHECKS)}개 가운데 {wrong}개가 깨졌습니다.",
    )

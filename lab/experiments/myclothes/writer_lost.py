"""The writer is lost, and the standby that has all it acknowledged takes over by itself."""

import math

from lab.experiments.myclothes.buyers import acknowledged, buyers, lookers, missing
from lab.experiments.myclothes.shop import shop
from lab.running.architecture import Stage
from lab.running.databases import writer
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

FAULT_SECONDS = 16.0


def body(its: Run[Stage]) -> Text:
    stage = its.ground
    lost = Text("the writer of the database is lost", "데이터베이스의 쓰기 서버를 잃는다")
    with its.load(buyers(stage)), its.load(lookers(stage)):
        its.steady()
        with its.fault(lost, stage.killed(writer(stage))):
            its.wait(FAULT_SECONDS)
        its.wait(6)
    (fault,) = its.marks
    later = [deed.at for deed in its.deeds if deed.at > fault.since + 1]
    pause = (later[0] if later else math.nan) - fault.since
    told, gone = len(acknowledged(its)), len(missing(its))
    its.claim(Text("acknowledged orders that are missing", "확인되었으나 사라진 주문"), gone, at_most=0)
    its.claim(Text("acknowledged orders", "확인된 주문"), told, at_least=20)
    its.claim(Text("until the next order is acknowledged", "다음 주문이 확인되기까지"), pause, "s", at_most=10)
    pages = its.answers.asked("product").between(fault.since + 3, its.now)
    its.claim(Text("pages that failed from 3 s on", "3초 뒤부터 실패한 페이지"), len(pages.failed), at_most=0)
    return Text(
        f"Nobody could order for {pause:.1f} s; of {len(pages)} pages that were asked for from 3 s on, "
        f"{len(pages.failed)} failed. Of {told} acknowledged orders {gone} are missing.",
        f"{pause:.1f}초 동안 주문을 받지 못했고, 3초 뒤부터 요청된 페이지 {len(pages)}개 가운데 "
        f"{len(pages.failed)}개가 실패했습니다. 확인된 주문 {told}개 가운데 {gone}개가 없습니다.",
    )


EXPERIMENT = Experiment(
    name="myclothes/writer-lost",
    title=Text("The writer is lost, with a semi-synchronous standby", "쓰기 서버를 잃는다, 반동기 대기 서버"),
    hypothesis=Text(
        "Nothing is acknowledged that the standby has not, so its promotion loses nothing. Reads go on; whoever "
        "orders is told to come again, for ten seconds at most.",
        "대기 서버에 없는 것은 확인하지 않으므로 승격해도 잃는 것이 없다. 읽기는 계속되고, 주문은 길어야 10초 동안 "
        "다시 오라는 말을 듣는다.",
    ),
    ground=shop(sessions="cookie", cache="null", replicas=True),
    body=body,
    cures=("myclothes/writer-lost-asynchronous",),
)

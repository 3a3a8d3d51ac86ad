"""A dead instance that waits for a person."""

from lab.experiments.whatisthetime.deaths import PAIRS, REST_SECONDS, two_deaths
from lab.running.architecture import Stage, architecture
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    after = two_deaths(its, its.ground.without_keeper())
    failed = after.failed
    its.claim(
        Text("of the visitors after the second death, those who failed", "둘째가 죽은 뒤 실패한 방문자"),
        100 * len(failed) / len(after),
        "%",
        at_least=90,
    )
    its.claim(
        Text("the site was gone for", "사이트가 사라진 시간"), failed.failing_seconds, "s", at_least=REST_SECONDS - 2
    )
    return Text(
        "Nobody noticed the first death, since the second instance served all. Then that died, too, and the site "
        f"was gone for {failed.failing_seconds:.0f} s, until somebody came.",
        "첫 인스턴스가 죽어도 둘째가 모두 응답해서 아무도 몰랐습니다. 그다음 둘째도 죽자 누가 올 때까지 "
        f"{failed.failing_seconds:.0f}초 동안 사이트가 사라졌습니다.",
    )


EXPERIMENT = Experiment(
    name="whatisthetime/replaced-by-hand",
    title=Text("Dead instances wait for a person", "죽은 인스턴스가 사람을 기다린다"),
    hypothesis=Text(
        "With health checks a dead instance harms nobody, so nobody notices that there is only one left. The next "
        "death takes the site away.",
        "상태 확인이 있으면 인스턴스가 죽어도 해가 없으니 하나만 남은 것을 아무도 모른다. 다음에 하나 더 죽으면 "
        "사이트가 사라진다.",
    ),
    ground=architecture(*PAIRS, instances=2, workers=2),
    body=body,
    fails=True,
)

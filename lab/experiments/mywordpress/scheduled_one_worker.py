"""Posts are scheduled, the only worker is away for a while, and comes back."""

from lab.experiments.mywordpress.journal import APP
from lab.experiments.mywordpress.scheduling import (
    EARLIEST,
    LATEST,
    ONCE,
    PROMISED_SECONDS,
    SCHEDULED,
    journal_with_workers,
    lateness,
    noting,
    planner,
    readers,
    scheduled,
    wait_for_second,
)
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

WORKER = (f"{APP}-worker-1", f"{APP}-daemon-1")
# Seconds after the tick that nobody hears: of those that are due before it, and of those with a worker.
MISSED, SERVED = range(-10, 0), range(18, 48, 3)
AWAY_SECONDS, END_SECONDS = 10, 68


def body(its: Run[Stage]) -> Text:
    stage = its.ground
    with noting(stage):
        tick = wait_for_second(its, 34)
        with its.load(readers(stage)):
            until = its.now + 26
            with its.fault(Text("no worker runs", "워커가 하나도 없다"), stage.stopped(*WORKER)):
                with its.load(planner(stage, [round(tick) + seconds for seconds in (*MISSED, *SERVED)])):
                    its.wait(8)
                its.wait(until + AWAY_SECONDS - its.now)
                meanwhile = lateness(stage)
            its.wait(until + END_SECONDS - its.now)
        shown = lateness(stage)
    return told(its, len(meanwhile), shown)


def told(its: Run[Stage], meanwhile: int, shown: dict[str, list[float]]) -> Text:
    """Claim what was found, and say it."""
    titles = scheduled(its)
    missed, served = titles[: len(MISSED)], titles[len(MISSED) :]
    once = sum(len(shown.get(title, ())) == 1 for title in titles)
    latest = max((late for title in served for late in shown.get(title, ())), default=0.0)
    longest = max((late for title in missed for late in shown.get(title, ())), default=0.0)
    its.claim(SCHEDULED, len(titles), at_least=len(MISSED) + len(SERVED))
    its.claim(Text("appeared while no worker ran", "워커가 없는 동안 나타난 것"), meanwhile, at_most=0)
    its.claim(ONCE, once, at_least=len(titles))
    its.claim(EARLIEST, min((late for each in shown.values() for late in each), default=-1.0), "s", at_least=0)
    its.claim(LATEST, latest, "s", at_most=PROMISED_SECONDS)
    its.claim(Text("pages that failed", "실패한 페이지"), len(its.answers.failed), at_most=0)
    its.number(
        Text("the latest of those that no worker was there for", "워커가 없을 때 예정된 것 중 가장 늦은 것"),
        longest,
        "s",
    )
    return Text(
        f"{meanwhile} of {len(missed)} posts appeared while no worker ran, and {once} of {len(titles)} exactly once in "
        f"the end: with a worker at most {latest:.0f} s late, and {longest:.0f} s where there had been none.",
        f"워커가 없는 동안 글 {len(missed)}개 가운데 {meanwhile}개가 나타났고, 결국 {len(titles)}개 가운데 {once}개가 "
        f"정확히 한 번 나타났습니다. 워커가 있으면 많아야 {latest:.0f}초, 없었던 것은 {longest:.0f}초 늦었습니다.",
    )


EXPERIMENT = Experiment(
    name="mywordpress/scheduled-one-worker",
    title=Text("Scheduled posts, and one worker", "예약한 글과 워커 하나"),
    hypothesis=Text(
        "A worker looks each minute for what is due. While there is none, nothing appears and nothing is lost; once it "
        "is back, all that has become due appears, once.",
        "워커는 1분마다 예정된 것을 찾는다. 워커가 없으면 아무것도 나타나지 않고 아무것도 잃지 않으며, 돌아오면 그동안 "
        "예정되었던 것이 한 번씩 나타난다.",
    ),
    ground=journal_with_workers(1),
    body=body,
)

"""Posts are scheduled, and three workers could publish each of them."""

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

WORKERS = 3
# Seconds after the first tick; there is another one a minute later.
DUE = (*range(-8, 0), *range(4, 52, 4))
BEFORE_SECONDS, END_SECONDS = 20, 66


def body(its: Run[Stage]) -> Text:
    stage = its.ground
    with noting(stage):
        tick = wait_for_second(its, 60 - BEFORE_SECONDS)
        with its.load(readers(stage)):
            with its.load(planner(stage, [round(tick) + seconds for seconds in DUE])):
                its.wait(9)
            its.wait(BEFORE_SECONDS + END_SECONDS - its.now)
        shown = lateness(stage)
    titles = scheduled(its)
    once = sum(len(shown.get(title, ())) == 1 for title in titles)
    times = [late for each in shown.values() for late in each]
    earliest, latest = min(times, default=-1.0), max(times, default=0.0)
    its.claim(SCHEDULED, len(titles), at_least=len(DUE))
    its.claim(ONCE, once, at_least=len(titles))
    its.claim(EARLIEST, earliest, "s", at_least=0)
    its.claim(LATEST, latest, "s", at_most=PROMISED_SECONDS)
    its.claim(Text("pages that failed", "실패한 페이지"), len(its.answers.failed), at_most=0)
    return Text(
        f"With {WORKERS} workers {once} of {len(titles)} posts appeared exactly once, from {earliest:.1f} to "
        f"{latest:.1f} s after their time.",
        f"워커 {WORKERS}개로 글 {len(titles)}개 가운데 {once}개가 정확히 한 번, 예정 시각에서 {earliest:.1f}초부터 "
        f"{latest:.1f}초 뒤에 나타났습니다.",
    )


EXPERIMENT = Experiment(
    name="mywordpress/scheduled-three-workers",
    title=Text("Scheduled posts, and three workers", "예약한 글과 워커 셋"),
    hypothesis=Text(
        "All daemons know the same ticks and agree who sends each, and a post is published by one statement that "
        "finds it unpublished: however many workers there are, it appears once, within a minute of its time.",
        "데몬은 모두 같은 시각을 알고 누가 보낼지 정하며, 글은 아직 공개되지 않은 것만 바꾸는 문장으로 공개된다. "
        "워커가 몇이든 예정 시각부터 1분 안에 한 번 나타난다.",
    ),
    ground=journal_with_workers(WORKERS),
    body=body,
)

"""Messages come faster than one worker works: the queue grows, or workers are added by how deep it is."""

import time
from collections.abc import Callable
from pathlib import Path

from lab.experiments.beanstalk.workers import PER_WORKER, Ground, Tier
from lab.running.experiment import Experiment
from lab.running.record import Plot, Series
from lab.running.run import Run
from lab.texts import Text

SECONDS, STEP_SECONDS = 16, 0.5
RATE = 2.5 * PER_WORKER
SIZES = (1, 2, 4)
# One more worker for so many messages that wait.
DEPTH_PER_WORKER, MOST = 15, 4
SCALED = "by depth"


def body(its: Run[Path]) -> Text:
    depths = {f"workers: {size}": depth_over_time(its, str(size), size, lambda tier, waiting: None) for size in SIZES}
    depths[SCALED] = depth_over_time(its, SCALED, 1, scale)
    title = Text("Messages that wait, by the number of workers", "워커 수에 따른 대기 메시지")
    its.plots.append(Plot("lines", title, "", [Series(name, values) for name, values in depths.items()], STEP_SECONDS))
    one, two, four, scaled = (values[-1] for values in depths.values())
    its.claim(Text("waiting at the end, 1 worker", "마지막에 대기 중, 워커 1"), one, at_least=RATE * SECONDS * 0.4)
    its.claim(Text("waiting at the end, 2 workers", "마지막에 대기 중, 워커 2"), two, at_least=20, at_most=one * 0.7)
    its.claim(Text("waiting at the end, 4 workers", "마지막에 대기 중, 워커 4"), four, at_most=15)
    its.claim(
        Text("waiting at the end, by depth", "마지막에 대기 중, 깊이에 따라"), scaled, at_most=max(depths[SCALED]) * 0.8
    )
    return Text(
        f"After {SECONDS} s of {RATE:g} messages a second {one} waited for one worker, {two} for two, {four} for "
        f"four. Where workers were added by depth, at most {max(depths[SCALED])} waited, and {scaled} in the end.",
        f"초당 메시지 {RATE:g}개를 {SECONDS}초 보낸 뒤 워커 하나에는 {one}개, 둘에는 {two}개, 넷에는 {four}개가 "
        f"기다렸습니다. 깊이에 따라 워커를 늘리면 많아야 {max(depths[SCALED])}개, 마지막에는 {scaled}개가 "
        "기다렸습니다.",
    )


def depth_over_time(its: Run[Path], name: str, size: int, tend: Callable[[Tier, int], None]) -> list[int]:
    """How many messages wait, twice a second, while they come in at a fixed rate."""
    its.tell(f"workers: {name}")
    folder = its.ground / name.replace(" ", "-")
    folder.mkdir()
    tier = Tier(folder)
    depths: list[int] = []
    sent = 0
    try:
        tier.add(size)
        began = time.monotonic()
        while (passed := time.monotonic() - began) < SECONDS:
            for _ in range(int(passed * RATE) - sent):
                tier.queue.send("job")
                sent += 1
            if passed >= len(depths) * STEP_SECONDS:
                depths.append(sent - tier.done)
                tend(tier, depths[-1])
            time.sleep(0.02)
    finally:
        tier.stop()
    return depths


def scale(tier: Tier, waiting: int) -> None:
    """Add a worker where too many messages wait for those that there are."""
    if waiting > DEPTH_PER_WORKER * tier.size and tier.size < MOST:
        tier.add()


EXPERIMENT = Experiment(
    name="beanstalk/queue-depth",
    title=Text("A queue grows, with one, two and four workers", "큐가 길어진다, 워커 하나, 둘, 넷"),
    hypothesis=Text(
        "A queue takes whatever comes, and grows for as long as its workers do less than that. How deep it is "
        "tells how many workers there should be.",
        "큐는 오는 것을 다 받고, 워커가 그보다 덜 하는 동안 길어진다. 워커가 몇이어야 하는지는 큐의 깊이가 말해 준다.",
    ),
    ground=Ground(),
    body=body,
)

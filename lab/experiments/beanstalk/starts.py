"""A journal of a hundred posts from nothing to its first page: cold, from an image, from image and snapshot."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lab import backends, faststart
from lab.launches import PHASES
from lab.running.experiment import Experiment
from lab.running.record import Plot, Series
from lab.running.run import Run
from lab.texts import Text

WAYS = (faststart.COLD, faststart.READY, faststart.SNAPSHOT)
NEWEST_FIRST = Text("Seconds from nothing to the first page", "아무것도 없는 때부터 첫 페이지까지 걸린 시간")


class Ground:
    """A bundle, empty databases, and a snapshot of the site."""

    described: Mapping[str, str] = {"INSTANCES": "1", "TIER": "web", "APP": "mywordpress"}

    @contextmanager
    def standing(self) -> Iterator[faststart.Ground]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="start-")))
            names = ["source", *(f"start{number}" for number in range(len(WAYS)))]
            urls = stack.enter_context(backends.mariadb(*names))
            databases = iter(urls or [f"sqlite:///{folder}/{name}.sqlite3" for name in names])
            ground = faststart.Ground(folder, faststart.bundled(folder), databases)
            faststart.take(ground)
            yield ground


def body(its: Run[faststart.Ground]) -> Text:
    found = {}
    for way in WAYS:
        its.tell(way)
        found[way] = faststart.start(its.ground, way)
    series = [Series(phase, [found[way][phase] for way in WAYS]) for phase in PHASES]
    its.plots.append(Plot("bars", NEWEST_FIRST, "s", series, rows=WAYS))
    cold, image, snapshot = (sum(found[way].values()) for way in WAYS)
    its.claim(
        Text("from an image, of the time from nothing", "이미지에서, 처음부터에 견주어"), image / cold, at_most=0.9
    )
    its.claim(
        Text("from a snapshot, of the time from the image", "스냅샷에서, 이미지에 견주어"),
        snapshot / image,
        at_most=0.9,
    )
    return Text(
        f"From nothing it took {cold:.0f} s, from an image {image:.0f} s, and with a snapshot of its data "
        f"{snapshot:.0f} s.",
        f"처음부터 {cold:.0f}초, 이미지에서 {image:.0f}초, 데이터 스냅샷까지 있으면 {snapshot:.0f}초 걸렸습니다.",
    )


EXPERIMENT = Experiment(
    name="beanstalk/starts",
    title=Text("An instance starts cold, from an image, from a snapshot", "처음부터, 이미지에서, 스냅샷에서 시작한다"),
    hypothesis=Text(
        "What is installed beforehand need not be installed when an instance is wanted, and content that is "
        "restored need not be made again.",
        "미리 설치한 것은 인스턴스가 필요할 때 다시 설치하지 않아도 되고, 복원한 내용은 다시 만들지 않아도 된다.",
    ),
    ground=Ground(),
    body=body,
)
